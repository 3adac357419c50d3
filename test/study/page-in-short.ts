/** What docs/quality.md says in short: what half depth loses on each set, and what each depth shows. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/words/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { CONTROL, COPPICE, INFLUENCE_ONCE, isControl } from "./arms.ts";
import { estimateOverSeeds, isShorter, lastOf, sizeOf } from "./compared.ts";
import type { Group, Pool, Results } from "./compared.ts";
import {
  between,
  both,
  interval,
  kept,
  megabytes,
  minutes,
  nats,
  points,
  rowsText,
  seedsText,
  verdict,
} from "./page-figures.ts";
import { detectableInShort, estimateOver, overTasks, pooledVerdict } from "./page-pooled.ts";
import { SAMPLE } from "./plan.ts";
import type { StudyModel } from "./results.ts";
import { isNoLoss, NO_LOSS, wordOf } from "./statistics.ts";

/** Whether trimming works, for whom and at what depth: half depth next to the whole model, and what each depth shows. Leaves out the sample. */
export function inShort(results: Results): string[] {
  const cut = results.groups.filter(({ keep, model }) => keep === 0.5 && model !== SAMPLE);
  const halves = cut.filter((group) => group.arm === COPPICE && results.counts(group) === true);
  if (halves.length === 0) return [];
  const rows = halves.map((half) => {
    const { set, model, results: own } = half;
    const seeds = own.map(({ seed }) => seed);
    const tuned = (subject: "base" | "tuned") =>
      meanRight(seeds, results.tunedOf({ set, model }), ({ models }) =>
        models.find((one) => one.subject === subject),
      );
    const recipe = (arm: string) =>
      meanRight(seeds, results.groupOf({ set, model, arm, keep: 0.5 })?.results ?? [], lastOf);
    const given = (of: (group: Group) => string) =>
      [results.controlOf(half), half].map((one) => (one ? of(one) : "–")).join(" / ");
    return [
      `${set}, ${model}, ${seedsText(own)}`,
      ...[tuned("base"), tuned("tuned"), recipe(CONTROL), recipe(COPPICE), recipe(INFLUENCE_ONCE)],
      given(rowsText),
      given((one) => minutes(results.spentOn(one).processorSeconds)),
    ];
  });
  const heads = [
    ...["", "original", "tuned", "control", "**half**", "half, blocks dropped all at once"],
    ...["rows after tuning, control / half", "processor min, control / half"],
  ];
  const models = [...new Set(halves.map(({ model }) => model))];
  return [
    "## In short",
    detectableInShort(results, models),
    models.map((model) => answerText(results, model)).join("\n\n"),
    "How much faster half of a model answers is in [benchmarks](benchmarks.md#gain).",
    'Share of test questions answered correctly; "half" is the model with half of its blocks:',
    markdownTable(heads, rows),
    ...models.map((model) => depthsText(results, model)),
    longerText(results, cut),
    textsText(results, cut),
    knownText(results, models),
  ];
}

/** The answer in a sentence: what half depth loses, and on which sets. */
function answerText(results: Results, model: string): string {
  const pool = results.pooled(COPPICE, 0.5, model);
  const words = pool.sets.map(({ group, bySeed }) => ({
    set: group.set,
    word: wordOf(estimateOverSeeds(bySeed)),
  }));
  const on = (["worse", "no difference shown", "better"] as const).flatMap((word) => {
    const sets = words.filter((one) => one.word === word).map(({ set }) => set);
    return sets.length === 0 ? [] : [`${word} on ${both(sets)}`];
  });
  if (on.length === 0) return `No control for half of ${model} has been measured yet.`;
  const together =
    pool.sets.length < 2 ? "" : `; on all questions together, ${pooledVerdict(estimateOver(pool))}`;
  return `Half of ${model}, compared with the whole model trained on as many rows (the control): ${on.join(", ")}${together}.${sizesText(results, model)}`;
}

/** What half depth saves in chat. Half of the blocks are less than half of the bytes, since the vocabulary stays. */
function sizesText(results: Results, model: string): string {
  const [half, whole] = [COPPICE, CONTROL].map((arm) => sizeOf(results, { model, arm, keep: 0.5 }) ?? 0);
  return half && whole
    ? ` Its weights in chat take ${megabytes(half)} MB instead of ${megabytes(whole)} MB.`
    : "";
}

/** What the figures cover, so that nobody reads more into them. */
function knownText(results: Results, models: readonly string[]): string {
  const bare = results.groups.filter(
    (group) => group.arm === COPPICE && models.includes(group.model) && !results.controlOf(group),
  );
  const without = bare.map(({ set, model, keep }) => `${kept(keep)} of ${model} on ${set}`);
  return [
    `All of this was measured with ${both(models)}; what other models lose is not known.`,
    without.length > 0 && `These have no control to compare them with: ${without.join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** What half depth loses where it and its control are trained for longer: recipes with a control of their own. */
function longerText(results: Results, cut: readonly Group[]): string {
  const lines = cut.flatMap((group) => {
    const control = results.controlOf(group);
    if (!control || control.arm === CONTROL || results.counts(group) !== true) return [];
    const bySeed = results.bySeed(group.results, control.results, "accuracy");
    if (bySeed.length === 0) return [];
    const estimate = estimateOverSeeds(bySeed);
    return [
      `- ${group.set}, ${group.model}, ${group.arm} (${rowsText(group)} / ${rowsText(control)} rows): ${between(estimate)} points, ${verdict(estimate)}.${aloneText(bySeed)}`,
    ];
  });
  return lines.length === 0
    ? ""
    : `Half depth, trained for longer than by the default, compared with a control on as many rows:\n\n${lines.join("\n")}`;
}

const aloneText = (bySeed: readonly unknown[]): string => (bySeed.length === 1 ? " **One seed.**" : "");

/** What half depth loses on sets whose rows are answers in words, without choices. */
function textsText(results: Results, cut: readonly Group[]): string {
  const lines = cut.flatMap((half) => {
    const { set, model } = half;
    if (half.arm !== COPPICE || results.counts(half) !== null) return [];
    const perplexity = (models: readonly (StudyModel | undefined)[]) =>
      mean(models.flatMap((one) => one?.test.perplexity ?? [])).toFixed(1);
    const whole = (subject: "base" | "tuned") =>
      perplexity(results.tunedOf(half).map(({ models }) => models.find((one) => one.subject === subject)));
    const control = results.controlOf(half);
    const bySeed = control ? results.bySeed(half.results, control.results, "nll") : [];
    const difference =
      bySeed.length === 0 ? "" : `; NLL against the control ${nats(estimateOverSeeds(bySeed))}`;
    return [
      `- ${set}, ${model}: perplexity of the original ${whole("base")}, tuned ${whole("tuned")}, ${control ? `control ${perplexity(control.results.map(lastOf))}, ` : ""}half **${perplexity(half.results.map(lastOf))}**${difference}.${aloneText(half.results)}`,
    ];
  });
  return lines.length === 0 ? "" : `Where answers are written instead of chosen:\n\n${lines.join("\n")}`;
}

/** The mean accuracy over seeds, with the seeds named where some are missing. */
function meanRight<T extends { readonly seed: number }>(
  seeds: readonly number[],
  all: readonly T[],
  modelOf: (result: T) => StudyModel | undefined,
): string {
  const found = all.flatMap((result) => {
    const accuracy = seeds.includes(result.seed) && modelOf(result)?.test.accuracy;
    return accuracy ? [{ seed: result.seed, right: accuracy.value }] : [];
  });
  if (found.length === 0) return "–";
  const text = percentText(mean(found.map(({ right }) => right)));
  return found.length === seeds.length ? text : `${text} (${seedsText(found)})`;
}

/** What each depth loses against its control, on each set and pooled, and whether "no loss" is shown. */
function depthsText(results: Results, model: string): string {
  const depths = results.keeps.flatMap((keep) => {
    const pool = results.pooled(COPPICE, keep, model);
    return pool.sets.length === 0 ? [] : [{ keep, pool, estimate: estimateOver(pool) }];
  });
  if (depths.length === 0) return "";
  const parts = depths.map(({ keep, pool }) => {
    const lines = pool.sets.map(({ group, bySeed }) => {
      const estimate = estimateOverSeeds(bySeed);
      const seeds = bySeed.map(({ seed, gains }) => `${points(mean(gains))} (seed ${seed})`);
      const alone = aloneText(bySeed) || ` By seed: ${seeds.join(", ")}.`;
      return `- ${group.set}, ${estimate.n} questions: ${between(estimate)} points, ${verdict(estimate)}.${alone}`;
    });
    return `${model} with ${kept(keep)} of its blocks, compared with the control:\n\n${[...lines, ...togetherLine(pool)].join("\n")}`;
  });
  const several = depths.filter(({ pool }) => pool.sets.length > 1);
  return [...parts, spreadText(results, model), noLossText(several), triedText(results, model)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** All sets together, with the intervals over other questions and over other tasks; empty for a single set. */
function togetherLine(pool: Pool): string[] {
  if (pool.sets.length < 2) return [];
  const estimate = estimateOver(pool);
  const tasks = overTasks(pool);
  const other = tasks
    ? ` For tasks other than these ${tasks.count}: ${interval(tasks.estimate)}, ${verdict(tasks.estimate)}.`
    : "";
  return [
    `- Together, each of ${estimate.n} questions counted once: ${between(estimate)} points, ${pooledVerdict(estimate)}.${other}`,
  ];
}

/** How far apart the seeds of a set are, which the intervals do not cover: of the recipe and set where they are farthest apart. */
function spreadText(results: Results, model: string): string {
  const spreads = results.groups.flatMap((group) => {
    const control = group.model === model && results.counts(group) === true && results.controlOf(group);
    const bySeed = control ? results.bySeed(group.results, control.results, "accuracy") : [];
    const means = bySeed.map(({ gains }) => mean(gains));
    const spread = Math.max(...means) - Math.min(...means);
    return means.length < 2 ? [] : [{ spread, name: `${group.arm} on ${group.set}` }];
  });
  const [largest] = spreads.sort((a, b) => b.spread - a.spread);
  return largest
    ? `The intervals cover only the choice of questions put to these models. Training with another seed gives a different model as well: here, seeds on the same set are up to ${(100 * largest.spread).toFixed(1)} points apart (${largest.name}), and there are too few of them to say how far others would be.`
    : "";
}

/** What other recipes give at half depth, compared with the default by right answers. */
function triedText(results: Results, model: string): string {
  const tried = results.groups.flatMap((group) => {
    if (group.model !== model || group.keep !== 0.5 || group.arm === COPPICE || isControl(group.arm))
      return [];
    const usual = results.counts(group) === true && results.groupOf({ ...group, arm: COPPICE });
    const bySeed = usual ? results.bySeed(group.results, usual.results, "accuracy") : [];
    if (!usual || bySeed.length === 0) return [];
    const more = isShorter(usual, group) ? ", on more rows" : "";
    return [{ ...group, word: wordOf(estimateOverSeeds(bySeed)), place: `${group.set}${more}` }];
  });
  const lines = (["better", "no difference shown", "worse"] as const).flatMap((word) => {
    const alike = tried.filter((one) => one.word === word);
    const names = [...new Set(alike.map(({ arm }) => arm))].map((arm) => {
      const places = alike.filter((one) => one.arm === arm).map(({ place }) => place);
      return `${arm} (${places.join("; ")})`;
    });
    return names.length === 0 ? [] : [`- ${word}: ${names.join(", ")}`];
  });
  if (lines.length === 0) return "";
  return `Other [recipes](#recipes) that were tried at 50%, compared with the default by right answers; what decides is [NLL on validation rows](#which-recipe-becomes-the-default):\n\n${lines.join("\n")}`;
}

/** How far from "no loss" the smallest depth is, and which depth shows it. `depths`: from deep to shallow. */
function noLossText(depths: readonly { keep: number; estimate: Estimate }[]): string {
  const last = depths.at(-1);
  if (!last || isNoLoss(last.estimate)) return "";
  const missing = 100 * (-NO_LOSS - last.estimate.low);
  const shown = depths.filter(({ estimate }) => isNoLoss(estimate)).map(({ keep }) => keep);
  const others =
    depths.length === 1
      ? "No other depth has been measured on several sets."
      : shown.length === 0
        ? "No measured depth shows it."
        : `It is shown at ${kept(Math.min(...shown))}.`;
  return `"No loss" is not shown at ${kept(last.keep)}: the lower end of the interval is ${missing.toFixed(1)} points too low. ${others}`;
}
