/** Packages for Linux: deb, rpm and AppImage. */
import { buildApplication } from "../application.ts";
import { icons } from "./icons.ts";
import type { System } from "./system.ts";

export const linux: System = {
  platform: "linux",
  targets: { deb: "deb", rpm: "rpm", appimage: "AppImage" },
  build: buildApplication,
  configuration: ({ name }) => ({
    linux: { executableName: name, icon: icons.folder, category: "Science", syncDesktopName: true },
  }),
  executable: ({ name }) => name,
  tools: () => Promise.resolve({}),
};
