import type { Messages } from "../en.ts";

export const result: Messages["result"] = {
  title: "Ergebnis",
};
