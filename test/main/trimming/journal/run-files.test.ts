import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { removeResumableFiles, removeWorkingFiles } from "../../../../main/trimming/journal/run-files.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { stoppedRunIn } from "./stopped-run.ts";

describe("the files of a run", () => {
  test("that its trainer makes again go, and those that it is resumed from stay", async () => {
    const folder = stoppedRunIn(temporaryFolder());
    await removeWorkingFiles(folder);
    const teacher = ["teacher-tokens.bin", "teacher.bin"];
    expect(readdirSync(folder).sort()).toEqual(["methods", "objects", ...teacher]);
    for (const id of ["rewriting", "recovery-prompt"])
      expect(readdirSync(join(folder, "methods", id))).toEqual(["journal.json"]);
  });

  test("that it is resumed from go, without a journal too", async () => {
    const folder = stoppedRunIn(temporaryFolder());
    await removeWorkingFiles(folder);
    await removeResumableFiles(folder);
    expect(readdirSync(folder)).toEqual(["objects"]);
  });

  test("are not looked for in a run that has no folder yet", async () => {
    const folder = join(temporaryFolder(), "run");
    await removeWorkingFiles(folder);
    await removeResumableFiles(folder);
    expect(existsSync(folder)).toBe(false);
  });
});
