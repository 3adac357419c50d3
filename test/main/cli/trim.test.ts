import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RunEvent } from "../../../preload/contract/runs/run.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice as coppiceProcess, start, type Ended } from "./command.ts";
import { coppice } from "./in-process.ts";
import { tinyRecipe, tinyTrim } from "./tiny-trim.ts";
import { doneOf, figuresOf, weightsOf } from "./trimmed.ts";

/** A trim that nothing disturbed, which the tests look at from all sides. */
let whole: Awaited<ReturnType<typeof tinyTrim>> & { output: string; ended: Ended };

beforeAll(async () => {
  const tiny = await tinyTrim(mkdtempSync(join(tmpdir(), "coppice-trim-")));
  const output = join(tiny.folder, "out");
  const ended = await coppice(tiny.home, [...tiny.trim, "--out", output, "--name", "Hire clauses"]);
  whole = { ...tiny, output, ended };
});

afterAll(() => rmSync(whole.folder, { recursive: true, force: true }));

describe("coppice trim", () => {
  test("refuses to heal a depth that no round ends with, before anything is trained", async () => {
    const { home, trim, folder } = whole;
    const settings = join(folder, "heals.json");
    writeFileSync(settings, JSON.stringify({ ...tinyRecipe(), heal: { epochs: 1, depths: [3] } }));
    const own = trim.indexOf("--settings") + 1;
    const { code, errors } = await coppice(home, trim.with(own, settings));
    expect(code).not.toBe(0);
    expect(errors).toContain("the rounds end with 2, 1");
  });

  test("turns a model and data into a trimmed, measured model, and lists and shows its runs", async () => {
    const { home, output, ended } = whole;
    expect(ended.errors).toBe("");
    expect(ended.code).toBe(0);
    const done = doneOf(ended);
    for (const event of ended.events.slice(1, -1)) expect(() => RunEvent.parse(event)).not.toThrow();
    expect(done.runId).toMatch(/^hire-clauses-/);
    expect(done.output).toBe(output);
    expect(done.units).toMatchObject({ kind: "block", total: 3, kept: 1 });
    expect(done.metrics.depths.map(({ units }) => units)).toEqual([2, 1, 1]);
    expect(done.metrics.base.accuracy).toMatchObject({ n: 8 });

    const inspected = await coppice(home, ["inspect", done.runId, "--json"]);
    expect(inspected.events).toMatchObject([{ event: "done", model: { layers: 1, path: output } }]);
    const shown = await coppice(home, ["runs", done.runId]);
    expect(shown.output).toMatch(/^trimmed +1 /m);
    expect(shown.output).toMatch(/Baselines: the most frequent answer/);
    const again = await coppice(home, ["resume", done.runId]);
    expect([again.code, again.errors]).toEqual([
      1,
      `The run ${done.runId} cannot be used: it is already done.\n`,
    ]);
  });

  test("makes the largest healed depth the model where its few questions show that none is without loss", async () => {
    const { home, folder, trim } = whole;
    const output = join(folder, "without-loss");
    const settings = join(folder, "floor.json");
    writeFileSync(settings, JSON.stringify({ ...tinyRecipe(), floor: 0.95 }));
    const words = trim.with(trim.indexOf("--settings") + 1, settings).filter((word) => word !== "--json");
    const ended = await coppice(home, [...words, "--target", "without-loss", "--out", output]);
    expect(ended.output).toMatch(
      /No depth will be recommended: to show 95% of the fine-tuned accuracy takes at least 73 validation questions/,
    );
    expect(ended.output).toMatch(/at least 1 of 3 blocks/);
    expect(ended.output).toMatch(
      /No depth is recommended: .* It takes about \d+\. |Recommended: the fine-tuned/,
    );
    expect(ended.output).toContain("The run's model is the largest depth that was healed, 2 blocks.");
    const inspected = await coppice(home, ["inspect", output, "--json"]);
    expect(inspected.events).toMatchObject([{ model: { layers: 2 } }]);
    const [run] = (await coppice(home, ["runs", "--json"])).events;
    const { id } = (run as unknown as { runs: { id: string; output: string }[] }).runs.find(
      (one) => one.output === output,
    )!;
    const exported = join(folder, "exported");
    expect((await coppice(home, ["export", id, "--out", exported])).errors).toBe("");
    const again = await coppice(home, ["inspect", exported, "--json"]);
    expect(again.events).toMatchObject([{ model: { layers: 2 } }]);
  });

  test("is improved by corrections of a file, and says what it learnt, won and lost", async () => {
    const { home, folder } = whole;
    const { runId } = doneOf(whole.ended);
    const file = join(folder, "corrections.jsonl");
    const row = (prompt: string) => `${JSON.stringify({ prompt, completion: "Maybe" })}\n`;
    writeFileSync(file, row("Who greases the press?") + row("The rope is hired for 32 days. Yes?"));
    const ended = await coppice(home, ["improve", runId, "--corrections", file, "--threads", "1"]);
    expect(ended.code).toBe(0);
    expect(ended.output).toMatch(/1 of them is kept, but not trained on/);
    expect(ended.output).toMatch(/^.*One correction teaches the model little more/m);
    expect(ended.output).toMatch(/Improves Hire clauses\n.*1 correction and 4 rows that the model knows/);
    expect(ended.output).toMatch(/^before .*\nimproved /m);
    expect(ended.output).toMatch(
      /It now answers [01] of 1 as corrected.*Of the 8 test questions it won \d and lost \d/,
    );
    const { events } = await coppice(home, ["data", "--json"]);
    expect(events[0]!.dataSets).toContainEqual(
      expect.objectContaining({ name: "Corrections of Hire clauses", corrections: true, kept: true }),
    );
  });

  test("stores weights and keeps tokens as requested, whatever the recipe says, and reports it", async () => {
    const { home, trim, folder } = await tinyTrim(temporaryFolder());
    const recipe = join(folder, "settings.json");
    const tiny = JSON.parse(readFileSync(recipe, "utf8")) as object;
    writeFileSync(
      recipe,
      JSON.stringify({ ...tiny, base: { storage: "q4", streamed: true }, vocabulary: { share: 1 } }),
    );
    const chat = ["--precision", "int4", "--with", "mixed-bits=0.5"];
    const other = ["--train-in", "f16", "--vocabulary", "field", ...chat];
    const ended = await coppice(home, [...trim, ...other]);
    const { runId } = doneOf(ended);
    const [listed] = (await coppice(home, ["runs", runId, "--json"])).events;
    expect(listed).toMatchObject({ run: { plan: { tune: { maxEpochs: 1 } } } });
    const measured = ended.events.filter(({ event }) => event === "evaluation");
    expect(measured.length).toBeGreaterThan(2);
    for (const event of measured) expect(event).toMatchObject({ depth: { evaluation: { storage: "f16" } } });
    const shown = await coppice(home, ["runs", runId]);
    expect(shown.output).toMatch(/Trained and measured with 16-bit weights/);
    expect(shown.output).toMatch(/1 of 3 blocks and 257 of 288 tokens left/); // rows without a token are left out
    expect(shown.output).toMatch(/rojections? keep|was left out/); // whichever its validation rows say
    expect(doneOf(ended).metrics.methods["mixed-bits"]).toMatchObject({ result: { of: 4 } });
    expect(doneOf(ended).metrics.trimmed.rounding).toMatchObject({ precision: "int4" });
    const inspected = await coppice(home, ["inspect", runId, "--json"]);
    expect(inspected.events).toMatchObject([{ model: { vocabularySize: 257 } }]);
  });

  test("killed as a whole while it heals goes on to the same weights and figures as undisturbed", async () => {
    const home = temporaryFolder();
    const { trim } = whole;
    const first = start(home, trim);
    await first.event(({ phase }) => phase === "heal");
    first.process.kill("SIGKILL");
    await first.ended;
    const { events } = await coppice(home, ["runs", "--json"]);
    const [run] = events[0]!.runs as { id: string; state: string; pauseReason: string }[];
    expect(run).toMatchObject({ state: "paused", pauseReason: "interrupted" });
    const ended = await coppice(home, ["resume", run!.id, "--json"]);
    expect([ended.code, ended.errors]).toEqual([0, ""]);
    const [resumed, undisturbed] = [doneOf(ended), doneOf(whole.ended)];
    expect(figuresOf(resumed)).toEqual(figuresOf(undisturbed));
    expect(weightsOf(resumed)).toEqual(weightsOf(undisturbed));
  });

  test("pauses at Ctrl-C, says how to continue, and continues with resume", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const first = start(home, trim);
    await first.event(({ event }) => event === "step");
    first.process.kill("SIGINT");
    const paused = await first.ended;
    expect(paused.code).toBe(130);
    const [, id] = /^Paused at [\d.]+%\. .*"coppice resume ([^"]+)" to continue\.\n$/.exec(paused.errors)!;
    const listed = await coppice(home, ["runs", "--json"]);
    expect(listed.events[0]!.runs).toMatchObject([{ id, state: "paused", pauseReason: "asked" }]);
    expect(doneOf(await coppice(home, ["resume", id!, "--json"])).runId).toBe(id);
    const deleted = await coppice(home, ["runs", id!, "--delete"]);
    expect([deleted.code, deleted.output]).toEqual([0, expect.stringMatching(/^Deleted, .* freed\.$/m)]);
    expect(readdirSync(join(home, "runs"))).toEqual([]);
    expect((await coppice(home, ["runs"])).output).toContain("There are no runs yet.");
  });

  test("while running, lets others list runs but not write, and names the writer", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const first = start(home, trim);
    await first.event(({ event }) => event === "phase");
    first.process.kill("SIGSTOP"); // it must still be running when the others come, however quick it is
    const listed = await coppice(home, ["runs", "--json"]);
    expect(listed.events[0]!.runs).toMatchObject([{ state: "running" }]);
    const second = await coppice(home, trim);
    expect(second.code).toBe(1);
    expect(second.errors).toMatch(
      new RegExp(`^Another Coppice \\(process ${first.process.pid}\\) is using `),
    );
    first.process.kill("SIGCONT");
    expect((await first.ended).code).toBe(0);
  });

  test("does not resume with another model under the same name", async () => {
    const { home, trim, model } = await tinyTrim(temporaryFolder());
    const first = start(home, trim);
    await first.event(({ event }) => event === "step");
    first.process.kill("SIGKILL");
    await first.ended;
    const file = join(model, "model.safetensors");
    const bytes = readFileSync(file);
    bytes.writeFloatLE(0.5, bytes.length - 4);
    writeFileSync(file, bytes);
    const [run] = (await coppice(home, ["runs", "--json"])).events[0]!.runs as { id: string }[];
    const { code, errors } = await coppice(home, ["resume", run!.id]);
    expect([code, errors]).toEqual([1, expect.stringMatching(/has changed since the run began/)]);
  });

  test("writes a few plain lines to a pipe, and the table last", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const { code, output } = await coppice(
      home,
      trim.filter((word) => word !== "--json"),
    );
    expect(code).toBe(0);
    expect(output).not.toContain("\u001b");
    const lines = output.split("\n").filter((line) => /^ *\d+% /.test(line));
    expect(lines.length).toBeLessThan(40); // of about 100 events
    expect(output).toMatch(/original .*\n.*fine-tuned .*\n(.*\n)*trimmed /);
    const folder = /^The model is in "(.*)"$/m.exec(output)![1]!;
    expect(existsSync(join(folder, "config.json"))).toBe(true);
  });
});

describe("A trimmed model", () => {
  test("can be exported at another depth, measured, queried and chatted with", async () => {
    const { home, folder } = whole;
    const { runId } = doneOf(whole.ended);
    const output = join(folder, "deeper");
    const exported = await coppice(home, ["export", runId, "--depth", "2", "--out", output, "--json"]);
    expect(exported.errors).toBe("");
    expect(exported.events.at(-1)).toMatchObject({ event: "done", units: 2, output });

    const measured = await coppice(home, [
      "evaluate",
      "--model",
      output,
      "--test",
      join(folder, "data"),
      "--json",
    ]);
    expect(measured.errors).toBe("");
    expect(measured.events.at(-1)).toMatchObject({ event: "done", metrics: { accuracy: { n: 8 } } });

    const sampling = ["--max-tokens", "4", "--json"];
    const answer = await coppice(home, ["generate", "--model", runId, "--prompt", "The ladder", ...sampling]);
    expect(answer.errors).toBe("");
    expect(answer.events.at(-1)).toMatchObject({ event: "done", tokens: expect.any(Number) });

    const talk = await coppiceProcess(home, ["chat", "--model", runId, ...sampling], {
      input: "Hello\nAnd again\n",
    });
    expect(talk.errors).toBe("");
    expect(talk.events.filter(({ event }) => event === "answer")).toHaveLength(2);
    expect(talk.events.at(-1)).toEqual({ event: "done", turns: 2 });
  });

  test("has only the depths that the run reached", async () => {
    const { runId } = doneOf(whole.ended);
    const output = join(whole.folder, "x");
    const { code, errors } = await coppice(whole.home, ["export", runId, "--depth", "7", "--out", output]);
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^The depth "7" cannot be used: the run has tuned \(3\), /),
    ]);
  });
});
