import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { fileKindNames } from "../services/settings/notices.ts";
import { freeDiskBytes, freeMemoryBytes, physicalCores } from "../computer.ts";

export function applicationHandlers({
  services,
  paths,
  desktop,
}: Application): Handlers<(typeof contract)["application"]> {
  return {
    state: () => ({
      ...desktop.state(),
      home: services.home.folder,
      platform: process.platform,
      physicalCores: physicalCores(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freeMemoryBytes(),
      freeDiskBytes: freeDiskBytes(services.home.folder),
    }),
    choose: async ({ what }) => {
      const names = fileKindNames(services.settings.get().language, desktop.state().languages);
      const chosen = await desktop.choose(what, names);
      if (what === "folder") chosen.forEach((folder) => paths.permitWriting(folder));
      else paths.permit(chosen);
      return chosen;
    },
    showChromiumLicences: () => desktop.show(join(dirname(process.execPath), "LICENSES.chromium.html")),
    show: ({ path }) => {
      paths.checkReading(path);
      desktop.show(path);
    },
    copyText: ({ text }) => desktop.copyText(text),
  };
}
