import type { Messages } from "../en.ts";

export const target: Messages["target"] = {
  title: "Wie tief darf es sein?",
};
