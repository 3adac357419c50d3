import type { Messages } from "../en.ts";

export const data: Messages["data"] = {
  title: "Was soll es lernen?",
};
