import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runCommandLine } from "../../../main/cli/program.ts";
import { launchChild } from "../../../main/engines/process/launch.ts";
import type { Launch } from "../../../main/engines/process/launch.ts";
import { homeIn, makeHome } from "../../../main/home/home.ts";
import { logFile } from "../../../main/log/log.ts";
import { lastEntries } from "../../../main/log/read.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { writeTinyModel } from "./tiny-model.ts";

/** Engines that say a hundred and fifty times that they are out of memory. */
const launchTalkative: Launch = (entry, options) => {
  const engine = launchChild(entry, options);
  return {
    ...engine,
    processId: engine.processId,
    onLog: (listener) => {
      listener("out of memory\n".repeat(150));
      engine.onLog(listener);
    },
  };
};

test("the log of a command is closed at its end, with the number of omitted entries", async () => {
  const home = homeIn(join(temporaryFolder(), "home"));
  makeHome(home);
  const model = await writeTinyModel(join(temporaryFolder(), "tiny"), 2);
  const output = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const code = await runCommandLine(["inspect", model, "--home", home.folder], { launch: launchTalkative });
  output.mockRestore();
  expect(code).toBe(0);
  expect(lastEntries(logFile(home.logs, "command"), 1)).toMatchObject([
    { event: "left-out", kind: "engine-out-of-memory", events: 30 },
  ]);
});
