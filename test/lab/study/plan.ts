/** What is to be measured, most important first; docs/quality.md lists what has not been run. */
import { ARMS, CONTROL, COPPICE, INFLUENCE_ONCE } from "./arms.ts";
import { isAboutTrimming, SETS } from "./sets.ts";

export interface Study {
  readonly name: string;
  readonly about: string;
  readonly arms: readonly string[];
  readonly sets: readonly string[];
  readonly models: readonly string[];
  /** Shares of the blocks that stay. */
  readonly keeps: readonly number[];
  readonly seeds: readonly number[];
}

/** Stands for a recipe: only the tuned model is measured. */
export const TUNED_ALONE = "tuned";

/** A result to be measured. */
export interface Wanted {
  readonly set: string;
  readonly model: string;
  readonly seed: number;
  readonly arm: string;
  readonly keep: number;
}

/** The built-in model and set: all recipes take minutes, which is enough to find a mistake in one. */
export const SAMPLE = "sample";
export const SMALL = "smollm2-135m";
/** The recipes of larger studies; the last ones did best in the screen. */
const MAIN = [COPPICE, CONTROL, INFLUENCE_ONCE, "trimllm", "sublayers", "taylor", "tokens"];

export const STUDIES: readonly Study[] = [
  {
    name: SAMPLE,
    about: "All recipes on the built-in sample, a model of 3.6 million weights, with three seeds",
    arms: ARMS.map(({ name }) => name),
    sets: [SAMPLE],
    models: [SAMPLE],
    keeps: [0.5, 0.25],
    seeds: [1, 2, 3],
  },
  {
    name: "screen",
    about: "All recipes on one set at half depth, with one seed",
    arms: ARMS.map(({ name }) => name),
    sets: ["clauses"],
    models: [SMALL],
    keeps: [0.5],
    seeds: [1],
  },
  {
    name: "depths",
    about: "Depths of one set, with three seeds",
    arms: MAIN,
    sets: ["clauses"],
    models: [SMALL],
    keeps: [0.5, 0.4, 0.6, 0.3],
    seeds: [1, 2, 3],
  },
  {
    name: "fields",
    about: "Half depth in other fields, with two seeds",
    arms: MAIN,
    sets: SETS.map(({ name }) => name).filter(
      (name) => name !== "clauses" && name !== SAMPLE && isAboutTrimming(name),
    ),
    models: [SMALL],
    keeps: [0.5],
    seeds: [1, 2],
  },
  {
    name: "models",
    about: "Half depth of other models on one set",
    arms: [COPPICE, CONTROL],
    sets: ["clauses"],
    models: ["qwen2.5-coder-0.5b", "gemma-3-270m"],
    keeps: [0.5],
    seeds: [1],
  },
  {
    name: "made-questions",
    about: "Tuned on questions that a model made from texts, on those that people asked, and on both",
    arms: [TUNED_ALONE],
    sets: SETS.filter(({ made }) => made).map(({ name }) => name),
    models: [SMALL],
    keeps: [1],
    seeds: [1, 2],
  },
  {
    name: "canaries",
    about: "How well models know secrets that were planted in their training rows",
    arms: [COPPICE, CONTROL],
    sets: ["clauses-canaries"],
    models: [SMALL],
    keeps: [0.5],
    seeds: [1],
  },
  {
    name: "sample-canaries",
    about: "The same with the built-in sample, in minutes",
    arms: [COPPICE, CONTROL],
    sets: ["sample-canaries"],
    models: [SAMPLE],
    keeps: [0.5],
    seeds: [1],
  },
];

/** All models that some study is about. */
export const MODELS = [...new Set(STUDIES.flatMap(({ models }) => models))].map((name) => ({ name }));

/** The results of a study, in the order in which they are measured: all of a tuned model before the next one. */
export function wantedOf({ arms, sets, models, keeps, seeds }: Study): Wanted[] {
  return seeds.flatMap((seed) =>
    sets.flatMap((set) =>
      models.flatMap((model) =>
        keeps.flatMap((keep) => arms.map((arm) => ({ set, model, seed, arm, keep }))),
      ),
    ),
  );
}
