import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Control } from "../../../../main/trimming/job-control.ts";
import type { JobContext } from "../../../../main/trimming/job-control.ts";
import { holdRun } from "../../../../main/trimming/journal/run-lock.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { startWriter } from "../../home/writer-child.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

function listening(): JobContext<RunEvent> & { readonly control: Control; readonly told: RunEvent[] } {
  const told: RunEvent[] = [];
  return { control: new Control(), told, report: (event) => told.push(event) };
}

describe("a run's folder", () => {
  test("has one trainer; another one waits, says so, and finally fails naming the first", async () => {
    const folder = temporaryFolder();
    const first = startWriter("train", folder);
    expect(await first.next()).toEqual({ holding: first.processId });
    const second = listening();
    await expect(holdRun(folder, second, 300)).rejects.toMatchObject({
      failure: { code: "run-in-use", path: folder, processId: first.processId },
    });
    expect(second.told).toEqual([{ event: "log", said: "earlier-trainer" }]);
  });

  test("is free as soon as its trainer is killed, also for one that is already waiting", async () => {
    const folder = temporaryFolder();
    const first = startWriter("train", folder);
    await first.next();
    const waiting = holdRun(folder, listening());
    await first.kill();
    (await waiting).release();
    expect(readdirSync(folder)).toEqual(["trainer.lock"]);
  });

  test("is no longer waited for once the job is cancelled", async () => {
    const folder = temporaryFolder();
    await startWriter("train", folder).next();
    const second = listening();
    const waiting = holdRun(folder, second);
    second.control.apply("cancel");
    await expect(waiting).rejects.toMatchObject({ failure: { code: "cancelled" } });
  });
});
