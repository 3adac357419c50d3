import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { homeIn, makeHome } from "../../../../main/home/home.ts";
import { BatchEngine } from "../../../../main/services/answers/batch-engine.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { textMemoryBytes } from "../../../../native-models/estimates/chat.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { Answer } from "../../../../preload/contract/chat/chat.ts";

const home = homeIn(mkdtempSync(join(tmpdir(), "coppice-batch-")));
const reading = new Reading();
let engine: BatchEngine;
beforeAll(async () => {
  makeHome(home);
  engine = await BatchEngine.open(home, await reading.inspect(sample.model), { threads: 1 });
});
afterAll(async () => {
  await engine.stop();
  await reading.stop();
  rmSync(home.folder, { recursive: true });
});

const SCHEMA = {
  type: "object",
  properties: { term: { type: "string", maxLength: 20 }, kind: { enum: ["fact", "rule"] } },
  required: ["term", "kind"],
};
const prompt = (id: string, text: string) => ({ id, prompt: text, special: false });

async function ask(prompts: Parameters<BatchEngine["answer"]>[0], more: object = {}) {
  const answers: Answer[] = [];
  const onAnswer = (answer: Answer) => answers.push(answer);
  const done = await engine.answer(prompts, { sampling: { maxTokens: 60 }, onAnswer, ...more });
  return { answers: new Map(answers.map((answer) => [answer.id, answer])), done };
}
const textOf = (answer: Answer | undefined) => (answer && "text" in answer ? answer.text : null);

test("answers each prompt as it would alone, with and without a schema", async () => {
  const shapes = [
    { kind: "json-schema", schema: SCHEMA } as const,
    { kind: "choices", choices: ["yes", "no"] } as const,
  ];
  const prompts = [
    { ...prompt("a", "The lease begins"), shape: 0 },
    { ...prompt("b", "The tenant pays"), shape: 1 },
    prompt("c", "The deposit is"),
    { ...prompt("d", "The deposit"), shape: 0 },
  ];
  const { answers, done } = await ask(prompts, { shapes });
  expect([...answers.keys()].sort()).toEqual(["a", "b", "c", "d"]);
  expect(done.answers).toBe(4);
  for (const id of ["a", "d"])
    expect(JSON.parse(textOf(answers.get(id))!)).toMatchObject({
      kind: expect.stringMatching(/^(fact|rule)$/),
    });
  expect(textOf(answers.get("b"))).toMatch(/^(yes|no)$/);
  for (const one of prompts) {
    const alone = await ask([one], { shapes });
    expect(textOf(alone.answers.get(one.id))).toBe(textOf(answers.get(one.id)));
  }
});

test("says which answers were cut off by length, and which prompts are too long", async () => {
  const { answers } = await ask([prompt("short", "The"), prompt("long", "word ".repeat(20_000))], {
    sampling: { maxTokens: 3 },
  });
  expect(answers.get("short")).toMatchObject({ reason: "length", tokens: 3 });
  expect(answers.get("long")).toMatchObject({ failure: { code: "context-full" } });
});

test("answers as many prompts as there are, and names one that is too large, however short or long they are", async () => {
  const many = Array.from({ length: 16_000 }, (_, index) => prompt(`label ${index}`, ""));
  const { answers } = await ask([...many, prompt("huge", "word ".repeat(300_000)), prompt("usual", "The")], {
    sampling: { maxTokens: 1 },
  });
  expect(answers.size).toBe(16_002);
  expect(answers.get("huge")).toMatchObject({ failure: { code: "message-too-large" } });
  expect(answers.get("usual")).toMatchObject({ tokens: 1 });
});

test("writes one answer at a time where there is no memory for more", async () => {
  const report = await reading.inspect(sample.model);
  let free = 64e9;
  const small = await BatchEngine.open(home, report, {
    threads: 1,
    free: { memoryBytes: () => free, diskBytes: () => null },
  });
  free = 0;
  const answers: string[] = [];
  await small.answer(
    ["a", "b", "c"].map((id) => prompt(id, "The deposit is")),
    { sampling: { maxTokens: 4 }, onAnswer: ({ id }) => answers.push(id) },
  );
  await small.stop();
  expect(answers).toEqual(["a", "b", "c"]);
});

test("counts the tokens of other scripts than Latin, of which a character may take several", async () => {
  const report = await reading.inspect(sample.model);
  const long = "漢".repeat(150);
  let free = 64e9;
  const small = await BatchEngine.open(home, report, {
    threads: 1,
    free: { memoryBytes: () => free, diskBytes: () => null },
  });
  free = 4 * textMemoryBytes(report, long.length / 2 + 1); // for two rows, if a token had two characters
  const answers: string[] = [];
  await small.answer([prompt("long", long), prompt("short", "a")], {
    sampling: { maxTokens: 1 },
    onAnswer: ({ id }) => answers.push(id),
  });
  await small.stop();
  expect(answers).toEqual(["long", "short"]); // one after the other: with two rows, the short one ends first
});

test("refuses a schema before it writes anything", async () => {
  const shapes = [{ kind: "json-schema", schema: { not: { type: "null" } } } as const];
  const answers: Answer[] = [];
  const asked = engine.answer([{ ...prompt("a", "The"), shape: 0 }], {
    shapes,
    sampling: {},
    onAnswer: (answer) => answers.push(answer),
  });
  expect(await asked.catch(failureOf)).toMatchObject({
    code: "unsupported-schema",
    keyword: "not",
    place: "#",
  });
  expect(answers).toEqual([]);
});

test("stops when it is asked to; what was answered stays", async () => {
  const stop = new AbortController();
  const answers: Answer[] = [];
  const asked = engine.answer(
    Array.from({ length: 50 }, (_, index) => prompt(String(index), `Clause ${index}`)),
    {
      sampling: { maxTokens: 20 },
      onAnswer: (answer) => {
        answers.push(answer);
        stop.abort();
      },
      signal: stop.signal,
    },
  );
  expect(await asked.catch(failureOf)).toEqual({ code: "cancelled" });
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.length).toBeLessThan(50);
});

test("is not opened if it is stopped meanwhile", async () => {
  const stop = new AbortController();
  const opening = BatchEngine.open(home, await reading.inspect(sample.model), {
    threads: 1,
    signal: stop.signal,
  });
  stop.abort();
  expect(await opening.catch(failureOf)).toEqual({ code: "cancelled" });
  // Or before: nothing is started.
  const launch = () => expect.unreachable();
  const options = { threads: 1, signal: stop.signal, engine: { launch } };
  const late = BatchEngine.open(home, await reading.inspect(sample.model), options);
  expect(await late.catch(failureOf)).toEqual({ code: "cancelled" });
});

test("prompts of any number are sent in messages that engines take", async () => {
  const prompts = Array.from({ length: 12 }, (_, index) => prompt(String(index), "x".repeat(100_000)));
  const { answers, done } = await ask(prompts);
  expect(answers.size).toBe(12);
  expect(done.answers).toBe(0); // all are too long for the sample
});
