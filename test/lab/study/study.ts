/** Measures what a study has no figures for yet, until all is measured or the time is over. */
import { ARMS } from "./arms.ts";
import type { Arm } from "./arms.ts";
import { TUNED_ALONE } from "./plan.ts";
import type { Wanted } from "./plan.ts";
import { crossCheck } from "./cross-check.ts";
import { fileOf, hasResult, readResults, writeResult } from "./results.ts";
import type { About, CheckResult, Tuning } from "./results.ts";
import type { StudySet } from "./sets.ts";
import { dataOf, exportIn, forget, hasTuned, weightsOf } from "./study-folders.ts";
import type { Subjects } from "./study-folders.ts";
import { runArm, runTuned } from "./study-run.ts";
import type { StudyOptions } from "./study-run.ts";

export interface StudyPlaces {
  readonly sets: readonly StudySet[];
  readonly arms?: readonly Arm[];
  /** Paths of the models by their names. */
  readonly models: Readonly<Record<string, string>>;
  /** The folder of the figures. */
  readonly results: string;
  /** Whether an arm's weights are kept after its figures are stored. */
  readonly keepsWeights: boolean;
}

/** Returns the results that are still missing. Throws what runs throw. */
export async function runStudy(
  options: StudyOptions,
  wanted: readonly Wanted[],
  { sets, arms = ARMS, models, results, keepsWeights }: StudyPlaces,
): Promise<Wanted[]> {
  const missing = wanted.filter((one) => !hasResult(results, isTuned(one) ? sharedBy(one) : one));
  for (const [done, one] of missing.entries()) {
    const subjects = subjectsOf(one, { sets, models });
    if (!(await prepared(subjects, one)) || !(isTuned(one) || (await measured(subjects, one))))
      return missing.slice(done);
  }
  return [];

  /** Makes the tuned model or its figures if what is wanted needs them; returns whether the rest can follow. */
  async function prepared(subjects: Subjects, { arm }: Wanted): Promise<boolean> {
    const about = { set: subjects.set.name, model: subjects.model.name, seed: subjects.seed };
    const tunesItself = arms.find(({ name }) => name === arm)?.tunesItself ?? false;
    if (hasResult(results, about) && (tunesItself || (await hasTuned(options, subjects)))) return true;
    options.say(fileOf(about));
    const tuned = await runTuned(options, subjects, tuningBefore(results, about));
    // Made again in another folder it is the same model: its first figures stay.
    if (tuned && !hasResult(results, about)) await writeResult(results, tuned);
    return tuned !== null;
  }

  async function measured(subjects: Subjects, one: Wanted): Promise<boolean> {
    const arm = arms.find(({ name }) => name === one.arm)!;
    options.say(fileOf(one));
    const before = tuningBefore(results, sharedBy(one));
    const result = await runArm(options, subjects, arm, one.keep, { before });
    if (!result) return false;
    await writeResult(results, result);
    if (!keepsWeights) forget(options, subjects, one);
    return true;
  }
}

function tuningBefore(folder: string, about: About): Tuning | null {
  const before = readResults(folder).find(
    (result) => result.kind === "tuned" && fileOf(result) === fileOf(about),
  );
  return before?.kind === "tuned" ? before.tuning : null;
}

const isTuned = ({ arm }: Wanted) => arm === TUNED_ALONE;

/** The key of a result's tuned model. */
const sharedBy = ({ set, model, seed }: Pick<Wanted, "set" | "model" | "seed">) => ({ set, model, seed });

export function subjectsOf(
  { set, model, seed }: Wanted,
  { sets, models }: Pick<StudyPlaces, "sets" | "models">,
): Subjects {
  const path = models[model];
  if (path === undefined) throw new Error(`Name the file of ${model}: --model ${model}=FILE`);
  return { set: sets.find(({ name }) => name === set)!, model: { name: model, path }, seed };
}

/**
 * Exports measured results whose weights were kept, and has lm-evaluation-harness score them, skipping those already scored. Throws a
 * sentence where a result or its weights are missing, and whatever `crossCheck` throws.
 */
export async function checkStudy(
  options: StudyOptions,
  wanted: readonly Wanted[],
  { arms = ARMS, results, ...places }: StudyPlaces,
  check = crossCheck,
): Promise<void> {
  for (const one of wanted) {
    const { set, model, seed, arm, keep } = one;
    const about = { kind: "check", set, model, seed, arm, keep } as const;
    if (hasResult(results, about)) continue;
    const subjects = subjectsOf(one, places);
    const weights = weightsOf(options, subjects, one);
    if (!hasResult(results, one) || weights === null)
      throw new Error(`${fileOf(one)} has no weights to check: measure it with --keep-weights.`);
    options.say(fileOf(about));
    const before = tuningBefore(results, sharedBy(one));
    const ended = await runArm(
      options,
      subjects,
      arms.find(({ name }) => name === arm)!,
      keep,
      {
        exports: true,
        before,
      },
    );
    if (!ended) return;
    const checked = await check(exportIn(weights), dataOf(options, subjects), options.threads);
    const result: CheckResult = { ...about, origin: options.origin, ...checked };
    await writeResult(results, result);
  }
}
