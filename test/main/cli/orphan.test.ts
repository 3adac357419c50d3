import { describe, expect, onTestFinished, test } from "vitest";
import { holderOf, lockFolder } from "../../../main/home/folder-lock.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice, start } from "./command.ts";
import { tinyTrim } from "./tiny-trim.ts";
import { doneOf, onlyRun, weightsOf } from "./trimmed.ts";

/** A trim in mid-training, its trainer's process id, and its run. */
async function training(home: string, trim: readonly string[]) {
  const program = start(home, trim);
  await program.event(({ event }) => event === "step");
  const run = onlyRun(home);
  const trainer = holderOf(run.folder, "trainer")!;
  onTestFinished(() => {
    try {
      process.kill(trainer, "SIGKILL");
    } catch {
      // it has ended, as it should
    }
  });
  return { program, run, trainer };
}

describe("A trainer whose program was killed", () => {
  test("exits at once, in the middle of its job", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const { program, run } = await training(home, trim);
    expect(lockFolder(run.folder, "trainer", 0)).toBeNull();
    program.process.kill("SIGKILL");
    await program.ended;
    const lock = lockFolder(run.folder, "trainer", 3000);
    expect(lock).not.toBeNull();
    lock!.release();
  });

  test("and that cannot exit is waited for by the next program, which then gives the same weights", async () => {
    const { home, trim, folder } = await tinyTrim(temporaryFolder());
    const undisturbed = doneOf(await coppice(`${folder}/other`, trim));
    const { program, run, trainer } = await training(home, trim);
    process.kill(trainer, "SIGSTOP");
    program.process.kill("SIGKILL");
    const next = start(home, ["resume", run.id, "--json"]);
    await next.event(({ said }) => said === "earlier-trainer");
    process.kill(trainer, "SIGCONT");
    expect(weightsOf(doneOf(await next.ended))).toEqual(weightsOf(undisturbed));
  });
});
