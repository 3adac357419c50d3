/** Commands on the home of an open window: the application takes them over, and the terminal follows. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { coppice, start } from "../main/cli/command.ts";
import { tinyTrim } from "../main/cli/tiny-trim.ts";
import { doneOf, figuresOf, weightsOf } from "../main/cli/trimmed.ts";
import { openCoppice } from "./coppice.ts";

test("the application runs a trim that the command follows to its table, with the same bits as on its own", async () => {
  const { home, folder, page } = await openCoppice();
  const { trim } = await tinyTrim(folder);
  const output = join(folder, "out");
  const ended = await coppice(home, [...trim, "--out", output]);
  expect([ended.code, ended.errors]).toEqual([0, ""]);
  const done = doneOf(ended);
  expect(done.output).toBe(output);
  const runs = await page.evaluate(() => window.coppice.runs.list(undefined));
  expect(runs).toMatchObject({ ok: true, value: [{ id: done.runId, state: "done" }] });

  const alone = doneOf(await coppice(join(folder, "other"), trim));
  expect(figuresOf(done)).toEqual(figuresOf(alone));
  expect(weightsOf(done)).toEqual(weightsOf(alone));
});

test("Ctrl-C stops only the following; resume hands a run that the window paused back to the window", async () => {
  const { home, folder, page } = await openCoppice();
  const { trim } = await tinyTrim(folder, { epochs: 40 });
  const words = trim.filter((word) => word !== "--json");
  const first = start(home, words);
  await first.said(/Fine-tuning/);
  first.process.kill("SIGINT");
  const { code, errors } = await first.ended;
  expect(code).toBe(130);
  const [, id] = /^The application continues the run\. Run "coppice runs ([^"]+)" to see its state\.\n$/.exec(
    errors,
  )!;

  await page.evaluate((id) => window.coppice.runs.pause({ id }), id!);
  const runs = () => page.evaluate(() => window.coppice.runs.list(undefined));
  await expect.poll(runs).toMatchObject({ ok: true, value: [{ id, state: "paused" }] });
  const resumed = start(home, ["resume", id!]);
  await resumed.said(/continues from/);
  await resumed.said(/open application runs this job/);
  await page.evaluate((id) => window.coppice.runs.cancel({ id }), id!);
  expect((await resumed.ended).errors).toBe("The run was cancelled in the application.\n");
});

test("a missing model is refused in the terminal as it is without the window", async () => {
  const { home } = await openCoppice();
  const { code, errors } = await coppice(home, ["trim", "--model", "sample", "--data", "/nothing/here"]);
  expect(code).toBe(1);
  expect(errors).toContain("/nothing/here");
});
