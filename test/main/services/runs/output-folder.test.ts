import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refuseTakenFolder } from "../../../../main/services/runs/output-folder.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const refuse = (output: string) => refuseTakenFolder({ outputs: () => [] }, output);

test("a folder for a run's model is tried, and nothing is left there", () => {
  const folder = temporaryFolder();
  refuse(join(folder, "models", "mine"));
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder for a run's model that cannot be made is refused", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const output = join(folder, "file", "model");
  expect(failureFrom(() => refuse(output))).toEqual({
    code: "unwritable",
    path: output,
    reason: "folder-is-file",
  });
});

test.runIf(process.platform === "linux")("also where the system grants access and takes no folders", () => {
  expect(failureFrom(() => refuse("/proc/coppice/model"))).toMatchObject({ code: "unwritable" });
});
