import type { Listed } from "./context.ts";

/** coppice get, which a package that was built without downloads does not have. */
export const getCommand: Readonly<Record<string, Listed>> = {
  get: {
    summary: "download a model",
    add: async (...given) => (await import("./commands/get.ts")).addGet(...given),
  },
};
