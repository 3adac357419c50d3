import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Answers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { freeDiskBytes, freeMemoryBytes, physicalCores } from "../services/computer.ts";

export function applicationAnswers({
  services,
  desktop,
}: Application): Answers<(typeof contract)["application"]> {
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
    choose: ({ what }) => desktop.choose(what),
    chooseSave: ({ suggestedName, extension }) => desktop.chooseSave(suggestedName, extension),
    show: ({ path }) => desktop.show(path),
    showChromiumLicences: () => desktop.show(join(dirname(process.execPath), "LICENSES.chromium.html")),
    copyText: ({ text }) => desktop.copyText(text),
  };
}
