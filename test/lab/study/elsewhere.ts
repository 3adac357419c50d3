/** What models trimmed for one field know of others: kept models are scored on the test rows of the other sets. */
import { existsSync } from "node:fs";
import { readSplits } from "../../../main/documents/stored/split-files.ts";
import { evaluationRows } from "../../../main/trimming/evaluation/evaluate.ts";
import { CONTROL, isControl } from "./arms.ts";
import { openKeptRun } from "./kept-run.ts";
import { SAMPLE } from "./plan.ts";
import type { Wanted } from "./plan.ts";
import { fileOf, hasResult, writeResult } from "./results.ts";
import { measuredOf } from "./run-figures.ts";
import { scoreFrozen } from "./score-frozen.ts";
import { isAboutTrimming, readSet } from "./sets.ts";
import type { StudySet } from "./sets.ts";
import { dataOf, readIn, sourceOf, weightsOf } from "./study-folders.ts";
import type { StudyOptions } from "./study-run.ts";
import { subjectsOf } from "./study.ts";
import type { StudyPlaces } from "./study.ts";

/**
 * Scores the last model of each wanted result, whose weights must have been kept, on the test rows of each other set whose files
 * exist. Skips existing results, and stops when the time is over. Throws a sentence where there are no weights.
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
        existsSync(sourceOf(options, other)) &&
        !hasResult(places.results, aboutAsking(one, other)),
    );
    if (others.length > 0 && !(await askedAll(options, one, others, places))) return;
  }
}

const aboutAsking = (one: Wanted, other: StudySet) =>
  ({ ...one, kind: "elsewhere", asked: other.name }) as const;

/** Returns whether there was time for all. */
async function askedAll(
  options: StudyOptions,
  one: Wanted,
  others: readonly StudySet[],
  places: Pick<StudyPlaces, "sets" | "models" | "results">,
): Promise<boolean> {
  const subjects = subjectsOf(one, places);
  const run = weightsOf(options, subjects, one);
  if (run === null) throw new Error(`${fileOf(one)} has no weights to ask: measure it with --keep-weights.`);
  const { base, plan, depth } = await openKeptRun(
    { model: subjects.model.path, run, rows: dataOf(options, subjects) },
    { ...options.settings, threads: options.threads },
    isControl(one.arm) ? CONTROL : "healed",
  );
  try {
    for (const other of others) {
      if (options.control.cancelled) return false;
      const about = aboutAsking(one, other);
      options.say(fileOf(about));
      const { folder } = await readSet(other, sourceOf(options, other), readIn(options, other));
      const { test, style } = readSplits(folder);
      const rows = evaluationRows(base.tokenizer, test, style, plan.maxTokens);
      const nll = await scoreFrozen(depth, rows.rows, options.threads);
      const asked = {
        ...about,
        origin: options.origin,
        test: measuredOf(rows.evaluation(nll, "f32")),
      };
      await writeResult(places.results, asked);
    }
    return true;
  } finally {
    base.close();
  }
}
