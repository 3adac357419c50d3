/** What models that were trimmed for one field know of the others: kept results, put the test rows of the other sets. */
import { existsSync } from "node:fs";
import { readSplits } from "../../main/engine/documents/split-files.ts";
import { evaluationRows, scoreRows } from "../../main/engine/recipes/evaluate.ts";
import { Batcher } from "../../native-models/training/batch.ts";
import { Stack } from "../../native-models/training/stack.ts";
import { openKeptRun } from "./kept-run.ts";
import { SAMPLE } from "./plan.ts";
import type { Wanted } from "./plan.ts";
import { fileOf, hasResult, writeResult } from "./results.ts";
import type { ElsewhereResult, Measured } from "./results.ts";
import { isAboutTrimming, readSet } from "./sets.ts";
import type { StudySet } from "./sets.ts";
import { subjectsOf } from "./study.ts";
import type { StudyPlaces } from "./study.ts";
import { dataOf, measuredOf, readIn, sourceOf, weightsOf } from "./study-run.ts";
import type { StudyOptions } from "./study-run.ts";

/**
 * Puts the last model of each wanted result, whose weights must have been kept, the test rows of each other set whose files are
 * there, unless it has been, until the time is over. Throws a sentence where there are no weights.
 */
export async function askElsewhere(
  options: StudyOptions,
  wanted: readonly Wanted[],
  places: Pick<StudyPlaces, "sets" | "models" | "results">,
): Promise<void> {
  for (const one of wanted) {
    const others = places.sets.filter(
      (other) =>
        ![one.set, SAMPLE].includes(other.name) &&
        isAboutTrimming(other.name) &&
        existsSync(sourceOf(options, other)),
    );
    for (const other of others) {
      const about = { ...one, kind: "elsewhere", asked: other.name } as const;
      if (hasResult(places.results, about)) continue;
      if (options.control.cancelled) return;
      options.say(fileOf(about));
      const test = await askedOf(options, one, other, places);
      const result: ElsewhereResult = { ...about, origin: options.origin, test };
      await writeResult(places.results, result);
    }
  }
}

async function askedOf(
  options: StudyOptions,
  one: Wanted,
  other: StudySet,
  places: Pick<StudyPlaces, "sets" | "models">,
): Promise<Measured> {
  const subjects = subjectsOf(one, places);
  const run = weightsOf(options, subjects, one);
  if (run === null) throw new Error(`${fileOf(one)} has no weights to ask: measure it with --keep-weights.`);
  const { folder } = await readSet(other, sourceOf(options, other), readIn(options, other));
  const { base, plan, depth } = await openKeptRun(
    { model: subjects.model.path, run, rows: dataOf(options, subjects) },
    { threads: options.threads, settings: options.settings },
  );
  const stack = Stack.open(depth, { threads: options.threads, trainable: { kind: "none" }, storage: "f32" });
  try {
    const { test, style } = readSplits(folder);
    const rows = evaluationRows(base.tokenizer, test, style, plan.maxTokens);
    const nll = await scoreRows(rows.rows, new Batcher(), (batch) => stack.nll(batch));
    return measuredOf(rows.evaluation(nll, "f32"), false);
  } finally {
    await stack.close();
    base.close();
  }
}
