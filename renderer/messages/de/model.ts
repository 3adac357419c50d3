import type { Messages } from "../en.ts";

export const model: Messages["model"] = {
  title: "Mit welchem Modell fangen Sie an?",
};
