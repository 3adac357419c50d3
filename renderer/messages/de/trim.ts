import type { Messages } from "../en.ts";

export const trim: Messages["trim"] = {
  title: "Kürzen",
};
