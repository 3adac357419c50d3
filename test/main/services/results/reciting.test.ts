import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { beginningsOf, recitedIn, RECITED_WORDS } from "../../../../main/documents/stored/reciting.ts";
import { writeSplit } from "../../../../main/documents/stored/split-files.ts";
import { readRecited } from "../../../../main/home/run-folder.ts";
import { recite } from "../../../../main/services/results/reciting.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { Example } from "../../../../preload/contract/data/data.ts";
import { ModelReport } from "../../../../preload/contract/plans/model.ts";
import { planWithSeed } from "../plan.ts";
import { clauses } from "../runs/clauses.ts";
import { finishedRun } from "../runs/finished-run.ts";
import { servicesForTest } from "../services.ts";

const entry = fileURLToPath(new URL("reciting-engine.ts", import.meta.url));
const words = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}${i}`).join(" ");
const text = (name: string): Example => ({ prompt: "", completion: words(name, 90) });

/** A finished run whose model knows some texts by heart; `prompts` are what it was asked. */
async function finished({ train, test, known }: Record<"train" | "test", Example[]> & { known: string[] }) {
  const services = servicesForTest();
  const run = await finishedRun(services, clauses);
  const folder = services.runs.get(run).plan.data.path;
  await writeSplit(folder, "train", { examples: train, questions: [] });
  await writeSplit(folder, "valid", { examples: [], questions: [] });
  await writeSplit(folder, "test", { examples: test, questions: [] });
  const inspected: string[] = [];
  const report = ModelReport.parse(services.models.list()[0]!.summary);
  const reading = {
    beginnings: (data: string, rows: number) => Promise.resolve(beginningsOf(data, rows)),
    recited: (data: string, answers: Parameters<typeof recitedIn>[1]) =>
      Promise.resolve(recitedIn(data, answers)),
    hash: () => Promise.resolve(""),
    inspect: (path: string) => (inspected.push(path), Promise.resolve({ ...report, path })),
  };
  const engine = { entry, environment: { RECITED_TEXTS: JSON.stringify(known) } };
  const folderOfRun = join(services.home.runs, run);
  return { services, run, reading, engine, inspected, folderOfRun };
}

test("What a model recites of its training rows and of held-out ones is measured and kept by depth", async () => {
  const { services, run, reading, engine, inspected, folderOfRun } = await finished({
    train: [text("a"), text("b"), { prompt: "Too long?", completion: ` ${words("c", 40)}` }],
    test: [text("t"), text("u")],
    known: [words("a", 90)],
  });
  const answered: [number, number][] = [];
  const onAnswer = (done: number, of: number) => answered.push([done, of]);
  const { depth, measuredAt, ...recited } = await recite(services, reading, { run }, { engine, onAnswer });
  expect(recited).toEqual({
    words: RECITED_WORDS,
    // Of 90 words, 30 are given. A prompt that does not fit has no answer, so nothing of it is recited.
    trained: { rows: 3, continued: 1, longestContinued: 60, longest: 60 },
    heldOut: { rows: 2, continued: 0, longestContinued: 0, longest: 0 },
  });
  expect(answered).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  expect(inspected).toEqual([join(services.home.models, run)]);
  expect(depth).toBe("healed");
  expect(readRecited(folderOfRun)).toEqual({ healed: { ...recited, measuredAt } });
});

test("As many rows as are wanted are asked", async () => {
  const { services, run, reading, engine } = await finished({
    train: ["a", "b", "c", "d"].map(text),
    test: ["t", "u", "v"].map(text),
    known: [],
  });
  const { trained, heldOut } = await recite(services, reading, { run, rows: 2 }, { engine });
  expect([trained.rows, heldOut?.rows]).toEqual([2, 2]);
});

test("Stopped, nothing is kept", async () => {
  const { services, run, reading, engine, folderOfRun } = await finished({
    train: ["a", "b"].map(text),
    test: [],
    known: [],
  });
  const stopping = new AbortController();
  const options = { engine, signal: stopping.signal, onAnswer: () => stopping.abort() };
  expect(await recite(services, reading, { run }, options).catch(failureOf)).toMatchObject({
    code: "cancelled",
  });
  expect(readRecited(folderOfRun)).toEqual({});
});

test("Rows that are too short to recite, and runs that are not finished, are refused before a model is opened", async () => {
  const { services, run, reading, engine, inspected } = await finished({
    train: [{ prompt: "Yes?", completion: " Yes" }],
    test: [],
    known: [],
  });
  expect(await recite(services, reading, { run }, { engine }).catch(failureOf)).toMatchObject({
    code: "too-little-data",
    what: { code: "long-rows", words: RECITED_WORDS },
  });
  const { id } = services.runs.create(planWithSeed(1), { name: "New" });
  expect(await recite(services, reading, { run: id }, { engine }).catch(failureOf)).toMatchObject({
    code: "bad-choice",
    why: "reciting-unfinished",
  });
  expect(inspected).toEqual([]);
});
