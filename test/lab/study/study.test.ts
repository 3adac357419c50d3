/** A study that takes seconds: a tiny model, two recipes and a control, from data to the page. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../../build/root.ts";
import { readSplits } from "../../../main/documents/stored/split-files.ts";
import { runRecipe } from "../../../main/trimming/run/trim-run.ts";
import { trim } from "../../../main/trimming/schedule/trim.ts";
import { Control } from "../../../main/trimming/job-control.ts";
import { planTrim } from "../../../main/trimming/plan/planning.ts";
import type { PlanPatch } from "../../../preload/contract/plans/plan.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { collecting } from "../../main/trimming/run/tiny-run.ts";
import { Base, Method } from "../../../preload/contract/plans/plan.ts";
import { writeTinyData } from "../../main/cli/tiny-data.ts";
import { writeTinyModel } from "../../main/cli/tiny-model.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { CONTROL, COPPICE, LONGER_CONTROL } from "./arms.ts";
import { askElsewhere } from "./elsewhere.ts";
import { renderPage } from "./page.ts";
import type { Wanted } from "./plan.ts";
import { correctOf, readResults } from "./results.ts";
import type { ArmResult, TunedResult } from "./results.ts";
import { linesOf, readSet, splitOf, writeLines } from "./sets.ts";
import type { StudySet } from "./sets.ts";
import { checkStudy, runStudy } from "./study.ts";
import { checkWeights } from "./study-run.ts";
import type { StudyOptions } from "./study-run.ts";

const set: StudySet = {
  name: "clauses",
  valid: "valid.jsonl",
  test: "test.jsonl",
  validFromTraining: 6,
};
const settings = {
  maxTokens: 64,
  tune: { maxEpochs: 1 },
  trim: { rowsPerRound: 8, calibrationRows: 4 },
  heal: { epochs: 1 },
};
const wanted = [COPPICE, CONTROL, "influence-once", "tokens", "taylor"].map((arm): Wanted => {
  return { set: "clauses", model: "tiny", seed: 1, arm, keep: 0.5 };
});

/** Every second question has a task, the others have none. */
function nameTasks(path: string): void {
  const rows = linesOf(path).map((line, index) => {
    const row = JSON.parse(line) as object;
    return JSON.stringify(index % 2 === 0 ? { ...row, task: "hire" } : row);
  });
  writeLines(path, rows);
}

/** A copy that the test can add to. */
function copyOf(results: string): string {
  const copy = temporaryFolder();
  cpSync(results, copy, { recursive: true });
  return copy;
}

async function tinyStudy(folder: string) {
  const model = await writeTinyModel(join(folder, "model"), 4);
  const data = join(folder, "data");
  writeTinyData(join(data, "clauses"));
  nameTasks(join(data, "clauses", "test.jsonl"));
  const places = {
    sets: [set],
    models: { tiny: model },
    results: join(folder, "results"),
    keepsWeights: false,
  };
  const options = (control: Control, say: (line: string) => void = () => {}): StudyOptions => ({
    folder: join(folder, "weights"),
    data,
    threads: 1,
    settings,
    control,
    say,
    origin: { command: "a test", commit: "0", date: "2026-01-01", machine: "any", threads: 1 },
  });
  return { model, data, places, options };
}

/** The product's own run with the same settings, outside any study. */
async function ownRun(tune: PlanPatch["tune"] = {}) {
  const { model: path, data } = await tinyStudy(temporaryFolder());
  const own = temporaryFolder();
  const { folder: dataFolder } = await readSet(set, join(data, "clauses"), join(own, "data"));
  const model = await openModel(path);
  const { blocks, maxPositions, hiddenSize } = model.config;
  const plan = planTrim(
    { model: { path, layers: blocks.length, maxPositions, hiddenSize }, sha256: "", dataFolder },
    {
      threads: 1,
      seed: 1,
      ...settings,
      tune: { ...settings.tune, ...tune },
    },
  );
  const input = { runFolder: join(own, "run"), plan, model, encoder: model.tokenizer };
  const result = await runRecipe(trim, { ...input, keepsActivations: true }, collecting());
  model.close();
  return result;
}

describe("A study", () => {
  let folder: string;
  let found: { tuned: TunedResult; arms: ArmResult[] };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "coppice-study-"));
    const { places, options } = await tinyStudy(folder);
    expect(await runStudy(options(new Control()), wanted, places)).toEqual([]);
    found = read(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("begins all recipes with one tuned model, and measures them by question", () => {
    const { tuned, arms } = found;
    expect(arms.map(({ arm }) => arm).sort()).toEqual(wanted.map(({ arm }) => arm).sort());
    for (const { models } of arms) {
      expect(correctOf(models.at(-1)!.test.correct!)).toHaveLength(tuned.data.questions.length);
      expect(models.at(-1)!.test.nlls).toHaveLength(tuned.data.testRows);
      expect(correctOf(models.at(-1)!.valid!.correct!)).toHaveLength(tuned.data.validQuestions!.length);
      expect(models.at(-1)!.valid!.nlls).toHaveLength(tuned.data.validRows);
    }
    expect(tuned.data.tasks).toEqual(["hire", null, "hire", null, "hire", null, "hire", null]);
    expect(new Set(arms.map(({ rowsAfterTuning }) => rowsAfterTuning)).size).toBe(1);
    expect(arms.every(({ spent }) => spent.processorSeconds > 0 && spent.wallSeconds > 0)).toBe(true);
  });

  test("gives the very figures of a run that tunes by itself", async () => {
    const { depths } = await ownRun();
    const healed = found.arms.find(({ arm }) => arm === COPPICE)!.models.at(-1)!;
    expect(depths.at(-1)!.measured.test.nlls).toEqual(healed.test.nlls);
    expect(depths.at(-1)!.snapshot.kept.flatMap((section, unit) => (section ? [unit] : []))).toEqual(
      healed.keptIndices,
    );
  });

  test("in pieces, each ended after a moment, has the same figures", async () => {
    const other = temporaryFolder();
    const { places, options } = await tinyStudy(other);
    let pieces = 0;
    for (let missing: Wanted[] = wanted; missing.length > 0; pieces++) {
      const control = new Control();
      let lines = 0;
      // Each piece reports the earlier ones again and ends a little later.
      const say = () => void (++lines > 6 + pieces && control.apply("cancel"));
      missing = await runStudy(options(control, say), wanted, places);
    }
    expect(pieces).toBeGreaterThan(3);
    const timeless = ({ arms }: ReturnType<typeof read>) =>
      arms.map(({ arm, drops, models, rowsAfterTuning }) => ({
        arm,
        drops,
        rowsAfterTuning,
        models: models.map((model) => ({
          ...model,
          chat: model.chat && { ...model.chat, tokensPerSecond: 0 },
        })),
      }));
    expect(timeless(read(other))).toEqual(timeless(found));
  });

  test("has the processor compute what its device cannot", async () => {
    const other = temporaryFolder();
    const { places, options } = await tinyStudy(other);
    const said: string[] = [];
    const onCard = {
      ...options(new Control(), (line) => said.push(line)),
      settings: { ...settings, device: "cuda" as const },
    };
    const tokens = wanted.filter(({ arm }) => arm === "tokens");
    expect(await runStudy(onCard, tokens, places)).toEqual([]);
    expect(said).toContainEqual(expect.stringMatching(/Teaching tokens.* The processor computes it\.$/));
    expect(read(other).arms.map(({ device }) => device)).toEqual(["cpu"]);
  });

  test("makes no tuned model in another folder for a recipe that tunes itself, where its figures are there", async () => {
    const { options } = await tinyStudy(temporaryFolder());
    const { places } = await tinyStudy(folder);
    const said: string[] = [];
    const ownTuning = [{ ...wanted[0]!, arm: "f32" }];
    const elsewhere = options(new Control(), (line) => said.push(line));
    expect(await runStudy(elsewhere, ownTuning, { ...places, results: copyOf(places.results) })).toEqual([]);
    expect(said).toContain("clauses-tiny-s1-f32-50.json");
    expect(said).not.toContain("clauses-tiny-s1-tuned.json");
  });

  test("takes no weights of a run by another plan for its own", async () => {
    const other = temporaryFolder();
    const { places, options } = await tinyStudy(other);
    const first = wanted.filter(({ arm }) => arm === CONTROL);
    await runStudy(options(new Control()), first, { ...places, keepsWeights: true });
    const longer = { ...options(new Control()), settings: { ...settings, tune: { maxEpochs: 2 } } };
    await expect(
      runStudy(longer, first, { ...places, results: join(other, "other results") }),
    ).rejects.toThrow("holds a run with another plan or other rows: remove it, or choose another --folder.");
  });

  test("adds nothing to results that began with another tuning", async () => {
    const { places, options } = await tinyStudy(temporaryFolder());
    const others = {
      ...options(new Control()),
      settings: { ...settings, base: { storage: "f16" as const } },
    };
    const more = wanted.map((one) => ({ ...one, arm: "influence" }));
    await expect(runStudy(others, more, { ...places, results: join(folder, "results") })).rejects.toThrow(
      "The results of clauses, tiny, seed 1 began with another tuning (cosine-to-half, f32): remove them, or choose another seed.",
    );
  });

  test("adds nothing to a tuned model of another kind of weights, though its weights are there", async () => {
    const { places, options } = await tinyStudy(temporaryFolder());
    const first = wanted.filter(({ arm }) => arm === CONTROL);
    await runStudy(options(new Control()), first, places);
    const inHalf = {
      ...options(new Control()),
      settings: { ...settings, base: { storage: "f16" as const } },
    };
    await expect(
      runStudy(
        inHalf,
        wanted.filter(({ arm }) => arm === COPPICE),
        places,
      ),
    ).rejects.toThrow(
      "The results of clauses, tiny, seed 1 began with another tuning (cosine-to-half, f32): remove them, or choose another seed.",
    );
  });

  test("refuses a computer that would store the frozen weights differently", async () => {
    const plan = { method: Method.parse({ kind: "lora" }), device: "cpu" } as const;
    const checked = (exact: boolean) =>
      checkWeights(
        { ...plan, base: Base.parse({ storage: "w8a8" }) },
        { multiplies: () => Promise.resolve(exact) },
      );
    await checked(true);
    await expect(checked(false)).rejects.toThrow(
      "On this computer's cpu, frozen weights would be stored as q8 instead of w8a8: choose --storage q8, or another computer.",
    );
  });

  test("is on the page with what was compared", () => {
    expect(renderPage([found.tuned, ...found.arms])).toMatch(/\| influence-once, 50%, clauses, 1 \|/);
  });
});

describe("A check by another program", () => {
  const one: Wanted = { set: "clauses", model: "tiny", seed: 1, arm: COPPICE, keep: 0.5 };

  test("gets the very model that was measured, exported", async () => {
    const folder = temporaryFolder();
    const { places, options } = await tinyStudy(folder);
    const kept = { ...places, keepsWeights: true };
    const run = options(new Control());
    await runStudy(run, [one], kept);
    const before = read(folder).arms;
    await checkStudy(run, [one], kept, async (path, data) => {
      const model = await openModel(path);
      expect(model.sections).toHaveLength(before[0]!.models.at(-1)!.units);
      model.close();
      const { test } = readSplits(data);
      const marks = "1".repeat(test.questions.length);
      return { versions: { harness: "1" }, here: marks, there: marks, largestDifference: 0 };
    });
    expect(read(folder).arms).toEqual(before);
    expect(readResults(places.results).filter(({ kind }) => kind === "check")).toHaveLength(1);
  });

  test("is refused for what has no weights", async () => {
    const { places, options } = await tinyStudy(temporaryFolder());
    await expect(checkStudy(options(new Control()), [one], places)).rejects.toThrow(
      "clauses-tiny-s1-coppice-50.json has no weights to check: measure it with --keep-weights.",
    );
  });
});

describe("The questions of another set", () => {
  const one: Wanted = { set: "clauses", model: "tiny", seed: 1, arm: COPPICE, keep: 0.5 };

  test("are put to the very model that was measured, once", async () => {
    const folder = temporaryFolder();
    const { data, places, options } = await tinyStudy(folder);
    writeTinyData(join(data, "others"));
    const kept = { ...places, keepsWeights: true, sets: [set, { ...set, name: "others" }] };
    const run = options(new Control());
    await runStudy(run, [one], kept);
    await askElsewhere(run, [one], kept);
    const all = readResults(places.results);
    const [asked, ...more] = all.filter((result) => result.kind === "elsewhere");
    expect(more).toEqual([]);
    const { test } = read(folder).arms[0]!.models.at(-1)!;
    expect(asked).toMatchObject({ set: "clauses", asked: "others", test: { accuracy: test.accuracy } });
    expect(asked!.test.answerNll).toBeCloseTo(test.answerNll!, 5);
    expect(renderPage(all)).toMatch(/asked other sets .*: others \d/);
    const asking: string[] = [];
    await askElsewhere({ ...run, say: (line) => asking.push(line) }, [one], kept);
    expect(asking).toEqual([]);
  });

  test("are put to a control, too", async () => {
    const { data, places, options } = await tinyStudy(temporaryFolder());
    writeTinyData(join(data, "others"));
    const kept = { ...places, keepsWeights: true, sets: [set, { ...set, name: "others" }] };
    const control = { ...one, arm: CONTROL };
    await runStudy(options(new Control()), [control], kept);
    await askElsewhere(options(new Control()), [control], kept);
    const all = readResults(places.results);
    const { test } = all.find((result) => result.kind === "arm")!.models.at(-1)!;
    const asked = all.find((result) => result.kind === "elsewhere")!;
    expect(asked.test.answerNll).toBeCloseTo(test.answerNll!, 5);
  });

  test("are not put to what has no weights", async () => {
    const { data, places, options } = await tinyStudy(temporaryFolder());
    writeTinyData(join(data, "others"));
    const sets = [set, { ...set, name: "others" }];
    await expect(askElsewhere(options(new Control()), [one], { ...places, sets })).rejects.toThrow(
      "clauses-tiny-s1-coppice-50.json has no weights to ask: measure it with --keep-weights.",
    );
  });
});

function read(folder: string) {
  const results = readResults(join(folder, "results"));
  return {
    tuned: results.find((result) => result.kind === "tuned")!,
    arms: results.filter((result) => result.kind === "arm"),
  };
}

test("Figures by changed settings are refused among those of the repository", () => {
  const given = ["sample", "--folder", temporaryFolder(), "--settings", "any.json", "--arms", "none"];
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "build", "run.js"), join(root, "test", "lab", "study", "index.ts"), ...given],
    { encoding: "utf8" },
  );
  expect(stderr).toContain("name another folder with --results.");
  expect(status).toBe(2);
});

describe("A set with few validation rows", () => {
  test("takes the same training rows for each seed, which then train nothing", async () => {
    const folder = temporaryFolder();
    writeTinyData(join(folder, "clauses"));
    const train = readFileSync(join(folder, "clauses", "train.jsonl"), "utf8")
      .trim()
      .split("\n");
    const {
      report,
      validLines,
      folder: rows,
    } = await readSet(set, join(folder, "clauses"), join(folder, "read"));
    expect(validLines).toEqual(splitOf(set, train.length).valid);
    expect(new Set(validLines).size).toBe(6);
    expect(report.splits.train!.examples).toBe(train.length - 6);
    const trained = readFileSync(join(rows, "train.json"), "utf8");
    for (const line of validLines) {
      const { prompt } = JSON.parse(train[line]!) as { prompt: string };
      expect(trained).not.toContain(JSON.stringify(prompt));
    }
  });

  test("trains on all others, and validates by the same with each seed", () => {
    const { valid, train } = splitOf(set, 40);
    expect(valid.length).toBe(6);
    expect([...valid, ...train].sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
  });
});

describe("Recipes that train for longer", () => {
  const longer = ["longer", LONGER_CONTROL];
  const wantedLonger = wanted.slice(0, longer.length).map((one, index) => ({ ...one, arm: longer[index]! }));

  test("get as many rows as each other and their control, whole or in pieces", async () => {
    const [whole, pieces] = [temporaryFolder(), temporaryFolder()];
    const { places, options } = await tinyStudy(whole);
    await runStudy(options(new Control()), wantedLonger, places);
    const { arms } = read(whole);
    expect(new Set(arms.map(({ rowsAfterTuning }) => rowsAfterTuning)).size).toBe(1);
    expect(arms.map(({ models }) => models.map(({ units }) => units))).toEqual([[2], [4]]);

    const inPieces = await tinyStudy(pieces);
    for (let missing: Wanted[] = wantedLonger, lines = 6; missing.length > 0; lines++) {
      const control = new Control();
      let said = 0;
      const say = () => void (++said > lines && control.apply("cancel"));
      missing = await runStudy(inPieces.options(control, say), wantedLonger, inPieces.places);
    }
    const figures = (of: string) =>
      read(of).arms.map(({ models }) => models.map(({ test: { nlls } }) => nlls));
    expect(figures(pieces)).toEqual(figures(whole));
  });
});

describe("A set with more training rows than there is time for", () => {
  test("gives each epoch so many of its own, and the control as many as the half", async () => {
    const folder = temporaryFolder();
    const { places, options } = await tinyStudy(folder);
    const withUsualHealing = { ...settings, heal: {} };
    const of = wanted.filter(({ arm }) => arm === COPPICE || arm === CONTROL);
    const large = { ...places, sets: [{ ...set, epochRows: 4 }] };
    await runStudy({ ...options(new Control()), settings: withUsualHealing }, of, large);
    const { tuned, arms } = read(folder);
    expect(tuned.data.trainingRows).toBeGreaterThan(2 * 4);
    const [inRounds, inHealing] = [2 * 8, 2 * 4];
    for (const { rowsAfterTuning } of arms) expect(rowsAfterTuning).toBeCloseTo(inRounds + inHealing);
    expect(arms).toHaveLength(2);
  });
});
