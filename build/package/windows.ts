/** Packages for Windows: an installer and a zip. */
import { buildApplication } from "../application.ts";
import { Missing } from "../electron/missing.ts";
import { icons } from "./icons.ts";
import type { System } from "./system.ts";

export const windows: System = {
  platform: "windows",
  targets: { nsis: "nsis", zip: "zip" },
  build() {
    if (process.platform === "win32") return buildApplication();
    throw new Missing("Packages for Windows are made on Windows.");
  },
  configuration: () => ({ win: { icon: icons.ico } }),
  executable: ({ productName }) => `${productName}.exe`,
  tools: () => Promise.resolve({}),
};
