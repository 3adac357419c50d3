import type { Messages } from "../en.ts";

export const chat: Messages["chat"] = {
  title: "Chat",
};
