/** What docs/quality.md says of recipes: in short, on each set, pooled, and what the questions can show at all. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { ARMS, CONTROL, COPPICE, INFLUENCE_ONCE, isControl } from "./arms.ts";
import { estimateOf, estimateOverSeeds, lastOf } from "./compared.ts";
import type { DecidingSet, Group, Measure, Pool, PooledQuestion, Results } from "./compared.ts";
import {
  between,
  both,
  figure,
  folded,
  interval,
  kept,
  minutes,
  nats,
  plain,
  points,
  rightVerdict,
  seedsText,
  share,
  signed,
  verdict,
} from "./page-figures.ts";
import { SAMPLE } from "./plan.ts";
import type { ArmResult, StudyModel, Tuning } from "./results.ts";
import {
  averaged,
  clusteredBootstrap,
  detectable,
  isNoLoss,
  LEAST_CLUSTERS,
  NO_LOSS,
  pairedBootstrap,
  powerToShow,
  questionsToShow,
  spreadOf,
  wordOf,
} from "./statistics.ts";

/** Whether it works, for whom and at what depth: half depth beside the whole model, and what each depth shows; not of the sample. */
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
      given(rowsOf),
      given((one) => minutes(results.spentOn(one).processorSeconds)),
    ];
  });
  const heads = [
    ...["", "original", "tuned", "whole, trained as long", "**half**", "half, dropped all at once"],
    ...["rows after tuning, whole / half", "processor min, whole / half"],
  ];
  const models = [...new Set(halves.map(({ model }) => model))];
  return [
    "## In short",
    models.map((model) => answerText(results, model)).join("\n\n"),
    'The share of test questions answered correctly; "half" is the model with half of its blocks.',
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
  if (on.length === 0) return `Half of ${model} has no whole model trained as long beside it yet.`;
  const together =
    pool.sets.length < 2 ? "" : `; on all questions together ${pooledVerdict(estimateOver(pool))}`;
  return `Half of ${model}, against the whole model trained on as many rows: ${on.join(", ")}${together}. What it gains in speed and memory: [benchmarks](benchmarks.md#trimmed).`;
}

const rowsOf = ({ results }: Group): string =>
  [...new Set(results.map(({ rowsAfterTuning }) => Math.round(rowsAfterTuning)))].join(", ");

/** What the figures are about, so that nobody takes them for more. */
function knownText(results: Results, models: readonly string[]): string {
  const bare = results.groups.filter(
    (group) => group.arm === COPPICE && models.includes(group.model) && !results.controlOf(group),
  );
  const without = bare.map(({ set, model, keep }) => `${kept(keep)} of ${model} on ${set}`);
  return [
    `All of this is about ${both(models)}: what other models lose is not known.`,
    without.length > 0 && `No whole model was trained as long to compare these with: ${without.join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** What half depth loses where it and its control are trained for longer, by recipes that say so. */
function longerText(results: Results, cut: readonly Group[]): string {
  const lines = cut.flatMap((group) => {
    const control = results.controlOf(group);
    if (!control || control.arm === CONTROL || results.counts(group) !== true) return [];
    const bySeed = results.bySeed(group.results, control.results, "accuracy");
    if (bySeed.length === 0) return [];
    const estimate = estimateOverSeeds(bySeed);
    return [
      `- ${group.set}, ${group.model}, ${group.arm} (${rowsOf(group)} / ${rowsOf(control)} rows): ${between(estimate)} points, ${verdict(estimate)}.${aloneText(bySeed)}`,
    ];
  });
  return lines.length === 0
    ? ""
    : `Half of the blocks, trained for longer by other recipes than the default, against the whole model trained as long:\n\n${lines.join("\n")}`;
}

const aloneText = (bySeed: readonly unknown[]): string => (bySeed.length === 1 ? " **One seed.**" : "");

/** What half depth loses where rows are answers in words, without choices. */
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
    const difference = bySeed.length === 0 ? "" : `; NLL against that ${nats(estimateOverSeeds(bySeed))}`;
    return [
      `- ${set}, ${model}: perplexity ${whole("base")} as it was, ${whole("tuned")} tuned, ${control ? `${perplexity(control.results.map(lastOf))} whole and trained as long, ` : ""}**${perplexity(half.results.map(lastOf))}** with half of its blocks${difference}.${aloneText(half.results)}`,
    ];
  });
  return lines.length === 0 ? "" : `Where answers are written, not chosen:\n\n${lines.join("\n")}`;
}

/** The mean accuracy over seeds; which, where some are missing. */
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
  const depths = keepsOf(results).flatMap((keep) => {
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
    return `${model} with ${kept(keep)} of its blocks, against the whole model trained as long:\n\n${[...lines, ...togetherLine(pool)].join("\n")}`;
  });
  const several = depths.filter(({ pool }) => pool.sets.length > 1);
  return [...parts, spreadText(depths.flatMap(({ pool }) => pool.sets)), noLossText(several)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Sets together, of other questions and of other tasks; none of one set. */
function togetherLine(pool: Pool): string[] {
  if (pool.sets.length < 2) return [];
  const estimate = estimateOver(pool);
  const tasks = overTasks(pool);
  const other = tasks
    ? ` Of other tasks than these ${tasks.count}: ${interval(tasks.estimate)}, ${verdict(tasks.estimate)}.`
    : "";
  return [
    `- Together, each of ${estimate.n} questions once: ${between(estimate)} points, ${pooledVerdict(estimate)}.${other}`,
  ];
}

/** How far seeds of a set are apart, of which the intervals say nothing. */
function spreadText(sets: Pool["sets"]): string {
  const spreads = sets.flatMap(({ bySeed }) => {
    const means = bySeed.map(({ gains }) => mean(gains));
    return means.length < 2 ? [] : [Math.max(...means) - Math.min(...means)];
  });
  return spreads.length === 0
    ? ""
    : `The intervals are about other questions put to these models. Trained again with another seed, a model differs as well: seeds of a set are up to ${(100 * Math.max(...spreads)).toFixed(1)} points apart here, too few of them to say how far others go.`;
}

/** The interval over other questions of the same sets. */
const estimateOver = ({ questions }: Pool): Estimate =>
  pairedBootstrap([...grouped(questions, ({ sets }) => sets).values()]);

/** The interval over other tasks, and the number of those that there are; null where not all are known, or too few. */
function overTasks(pool: Pool): { count: number; estimate: Estimate } | null {
  const tasks = gainsByTask(pool);
  return tasks && { count: tasks.size, estimate: clusteredBootstrap([...tasks.values()]) };
}

/** Null where not all tasks are known, or too few. */
function gainsByTask({ questions }: Pool): Map<string, number[]> | null {
  if (questions.some(({ task }) => task === null)) return null;
  const tasks = grouped(questions, ({ task }) => task!);
  return tasks.size < LEAST_CLUSTERS ? null : tasks;
}

/** Gains by what their questions have in common. */
function grouped(
  questions: Pool["questions"],
  by: (question: PooledQuestion) => string,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const question of questions)
    groups.set(by(question), [...(groups.get(by(question)) ?? []), question.gain]);
  return groups;
}

/** On which kinds of questions half depth loses or gains, for a reader who has such questions. */
export function byTaskTables(results: Results): string[] {
  const models = [...new Set(results.arms.map(({ model }) => model))];
  return models.flatMap((model) => {
    const pool = results.pooled(COPPICE, 0.5, model);
    const tasks = gainsByTask(pool);
    if (!tasks) return [];
    const rows = [...tasks]
      .map(([task, gains]) => ({ task, estimate: estimateOf(gains) }))
      .sort((a, b) => a.estimate.value - b.estimate.value)
      .map(({ task, estimate }) => [task, String(estimate.n), between(estimate)]);
    const sets = both(pool.sets.map(({ group, bySeed }) => `${group.set}, ${seedsText(bySeed)}`));
    return [
      folded(
        `By task: half of ${model} against the control on ${sets}`,
        markdownTable(["task", "questions", "against the control, points"], rows),
        `Of ${rows.length} intervals, about ${Math.max(1, Math.round(rows.length / 20))} would leave out zero by chance alone, and with so few questions a task's figure is rough.`,
      ),
    ];
  });
}

/** How far from "no loss" the smallest depth is, and which depth shows it. `depths`: from deep to shallow. */
function noLossText(depths: readonly { keep: number; estimate: Estimate }[]): string {
  const last = depths.at(-1);
  if (!last || isNoLoss(last.estimate)) return "";
  const missing = 100 * (-NO_LOSS - last.estimate.low);
  const shown = depths.filter(({ estimate }) => isNoLoss(estimate)).map(({ keep }) => keep);
  const others =
    depths.length === 1
      ? "No other depth is measured on several sets."
      : shown.length === 0
        ? "No depth that was measured shows it."
        : `${kept(Math.min(...shown))} of the blocks show it.`;
  return `For "no loss" at ${kept(last.keep)}, the lower end of the interval is ${missing.toFixed(1)} points too low. ${others}`;
}

const keepsOf = ({ arms }: Results): number[] =>
  [...new Set(arms.map(({ keep }) => keep))].sort((a, b) => b - a);

/** What questions of several sets support. */
const pooledVerdict = (estimate: Estimate): string =>
  isNoLoss(estimate) && wordOf(estimate) === "no difference shown" ? "**no loss**" : verdict(estimate);

export function detectableTable(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))];
  const rows = models.flatMap((model) => {
    const pool = results.pooled(COPPICE, 0.5, model);
    const each = pool.sets.map(({ group: { set }, bySeed }) => ({
      name: set,
      paired: [averaged(bySeed.map(({ gains }) => gains))],
      changed: averaged(bySeed.map(({ gains }) => gains.map(Math.abs))),
    }));
    const together = {
      name: "all of them, each question once",
      paired: [...grouped(pool.questions, ({ sets }) => sets).values()],
      changed: pool.questions.map(({ changed }) => changed),
    };
    return [...each, ...(pool.sets.length > 1 ? [together] : [])].map(({ name, paired, changed }) => {
      const [questions, spread] = [paired.flat().length, spreadOf(paired)];
      return [
        `${name}, ${model}`,
        String(questions),
        percentText(mean(changed)),
        `${(100 * detectable(questions, spread)).toFixed(1)} points`,
        percentText(powerToShow(NO_LOSS, questions, spread), 0),
        String(questionsToShow(NO_LOSS, spread)),
      ];
    });
  });
  if (rows.length === 0)
    return "Not known yet: neither the default at half depth nor its control is measured on a set that counts.";
  const heads = [
    ...["", "questions", "answered differently", "detectable loss"],
    ...['would show "no loss"', 'questions for "no loss"'],
  ];
  return `${markdownTable(heads, rows)}

"Answered differently": by the default at half depth and its control, of these questions, on average over seeds. The detectable loss is the smallest true one that this many questions would reveal
in 80% of studies, given the spread of the differences of each question, averaged over the seeds there are; a smaller one can go unseen. If the two models were equally good, so many
studies would show "no loss", a lower end above −${100 * NO_LOSS} points, and 80% of them with as many questions as the last column says. All of this is about other questions of the same tasks.${tasksText(results, models)}${otherwiseText(results, models)}`;
}

/** How much less as many questions say of other tasks. */
function tasksText(results: Results, models: readonly string[]): string {
  const lines = models.flatMap((model) => {
    const pool = results.pooled(COPPICE, 0.5, model);
    const tasks = pool.sets.length > 1 ? overTasks(pool) : null;
    if (!tasks) return [];
    const width = ({ low, high }: Estimate) => high - low;
    const times = width(tasks.estimate) / width(estimateOver(pool));
    return [
      ` Of other tasks than the ${tasks.count} there are, ${model}'s interval is ${times.toFixed(1)} times as wide, since a task's questions are lost or kept together.`,
    ];
  });
  return lines.join("");
}

/** How often half depth answers otherwise than the tuned model, which a person's run compares it with. */
function otherwiseText(results: Results, models: readonly string[]): string {
  const shares = models.flatMap((model) =>
    results.pooled(COPPICE, 0.5, model).sets.flatMap(({ group }) => {
      const bySeed = results.bySeed(group.results, results.tunedOf(group), "accuracy");
      if (bySeed.length === 0) return [];
      return [`${percentText(mean(bySeed.flatMap(({ gains }) => gains.map(Math.abs))))} on ${group.set}`];
    }),
  );
  return shares.length === 0
    ? ""
    : ` Beside the tuned model, which is trained on fewer rows, half depth answers otherwise: ${both(shares)}.`;
}

const nameOfSet = ({ group: { set }, isPart }: DecidingSet): string =>
  `${set}${isPart ? ", the questions not counted before" : ""}`;

const SCHEDULES: Record<Tuning["schedule"], string> = {
  constant: "constant, then to zero",
  cosine: "to zero",
  "cosine-to-half": "to half the peak",
};

export function setsTable(results: Results): string {
  const rows = results.tuned.map(({ set, model, seed, tuning, data, models }) => {
    const of = (subject: string) => models.find((one) => one.subject === subject)!.test;
    const [base, tuned] = [of("base"), of("tuned")];
    const counts = results.counts({ set, model });
    return [
      `${set}, ${model}, seed ${seed}`,
      `${data.trainingRows} / ${data.validRows} / ${data.testRows}`,
      data.bestConstant === null ? "–" : percentText(data.bestConstant),
      figure(base),
      figure(tuned),
      `${SCHEDULES[tuning.schedule]}, ${tuning.base}`,
      counts === null ? "NLL only" : counts ? "yes" : "no: not above the best constant answer",
    ];
  });
  if (rows.length === 0) return "No model is tuned yet.";
  const heads = [
    "",
    "training / validation / test rows",
    "best constant answer",
    "original",
    "tuned",
    "rate of tuning, base",
    "counts for accuracy",
  ];
  const moved = [...new Map(results.tuned.map(({ set, data }) => [set, data.validLines.length]))]
    .filter(([, lines]) => lines > 0)
    .map(
      ([set, lines]) =>
        `${lines} training rows of ${set} validate instead (their lines are in its results), and NLL chooses.`,
    );
  return [markdownTable(heads, rows), ...moved].join("\n\n");
}

export function recipeTables(results: Results): string[] {
  const places = [
    ...new Set(results.groups.map(({ set, model, keep }) => JSON.stringify([set, model, keep]))),
  ];
  if (places.length === 0) return ["No recipe is measured yet."];
  return places.flatMap((place) => {
    const [set, model, keep] = JSON.parse(place) as [string, string, number];
    const groups = ARMS.flatMap(({ name }) =>
      results.groups.filter(
        (one) => one.arm === name && one.set === set && one.model === model && one.keep === keep,
      ),
    );
    const isAlike = (group: Group) => alikeSeeds(results, group).length === group.results.length;
    const [alike, own] = [groups.filter(isAlike), groups.filter((group) => !isAlike(group))];
    const commands = new Set(
      groups.flatMap(({ results: all }) => all.map(({ origin }) => `\`${origin.command}\``)),
    );
    const others = own.filter(({ arm }) => arm !== COPPICE);
    const details = [
      markdownTable(
        DETAIL_HEADS,
        own.map((group) => detailRow(results, group)),
      ),
      `By ${[...commands].join(", ")}.`,
    ];
    const text = [
      markdownTable(
        RECIPE_HEADS,
        own.map((group) => recipeRow(results, group)),
      ),
      alike.length === 0 ? "" : alikeText(results, alike),
    ];
    const heading = `### ${set}, ${model}, ${kept(keep)} of the blocks`;
    if (model === SAMPLE)
      return [
        heading,
        folded(
          `The default, its control and ${own.length + alike.length - 2} other recipes`,
          ...text,
          ...details,
        ),
      ];
    const more =
      others.length > 1
        ? "Against the default, on validation rows, calibration, commands"
        : "Validation rows, calibration, commands";
    return [heading, ...text.filter((part) => part !== ""), folded(more, ...details)];
  });
}

const RECIPE_HEADS = [
  ...["recipe", "seeds", "right", "right, against the control, points", "NLL", "NLL, against the control"],
  ...["rows", "processor min"],
];
const DETAIL_HEADS = [
  ...["recipe", "ECE", "right, against the default, points", "NLL, against the default"],
  ...["NLL, validation", "NLL, validation, against the default"],
];

function recipeRow(results: Results, group: Group): string[] {
  const accuracy = results.perQuestion(group, "accuracy");
  const nll = results.perQuestion(group, "nll");
  const control = results.controlOf(group);
  return [
    nameOf(results, group),
    group.results.map(({ seed }) => seed).join(", "),
    accuracy ? share(estimateOf(accuracy)) : "–",
    differenceText(results, group, control, "accuracy"),
    nll ? plain(estimateOf(nll)) : "–",
    differenceText(results, group, control, "nll"),
    rowsOf(group),
    minutes(results.spentOn(group).processorSeconds),
  ];
}

function detailRow(results: Results, group: Group): string[] {
  const errors = group.results.flatMap((result) => lastOf(result).test.calibration?.value ?? []);
  const validation = group.results.flatMap((result) => validationNll(result) ?? []);
  const isJudged = group.arm !== COPPICE && !isControl(group.arm);
  const usual = isJudged ? results.groupOf({ ...group, arm: COPPICE }) : null;
  return [
    nameOf(results, group),
    errors.length > 0 ? percentText(mean(errors)) : "–",
    differenceText(results, group, usual, "accuracy"),
    differenceText(results, group, usual, "nll"),
    validation.length > 0 ? mean(validation).toFixed(3) : "–",
    usual ? validationText(results, group, usual) : "–",
  ];
}

/** How much more a recipe has of a measure than another one, and with which seeds if it has others, too. */
function differenceText(results: Results, group: Group, other: Group | null, measure: Measure): string {
  const bySeed = other ? results.bySeed(group.results, other.results, measure) : [];
  if (bySeed.length === 0) return "–";
  const estimate = estimateOverSeeds(bySeed);
  const text =
    measure === "nll" ? nats(estimate) : `${between(estimate)} ${rightVerdict(results, group, estimate)}`;
  return bySeed.length === group.results.length ? text : `${text} (${seedsText(bySeed)})`;
}

/**
 * How much more loss a recipe has on validation rows than the default with the same seeds; without an interval where results lack the
 * outcomes of rows.
 */
function validationText(results: Results, group: Group, usual: Group): string {
  const bySeed = results.bySeed(group.results, usual.results, "nll", "valid");
  const shared = group.results.flatMap((result) => {
    const other = usual.results.find(({ seed }) => seed === result.seed);
    const [own, others] = [validationNll(result), other && validationNll(other)];
    return typeof own === "number" && typeof others === "number"
      ? [{ seed: result.seed, gain: own - others }]
      : [];
  });
  if (shared.length === 0) return "–";
  if (bySeed.length === 0) return signed(mean(shared.map(({ gain }) => gain)));
  const text = nats(estimateOverSeeds(bySeed));
  return bySeed.length === shared.length ? text : `${text} (${seedsText(bySeed)})`;
}

/** Nats a question, or a token of completions. */
export function validationNll(result: ArmResult): number | null {
  const { valid } = lastOf(result);
  return valid && (valid.answerNll ?? (valid.perplexity === null ? null : Math.log(valid.perplexity)));
}

/** Its results that ended with the very model that the default ended with. */
function alikeSeeds(results: Results, group: Group): ArmResult[] {
  if (group.arm === COPPICE) return [];
  const usual = results.groupOf({ ...group, arm: COPPICE })?.results ?? [];
  const lossesOf = (result: ArmResult | undefined) => {
    const { test, valid } = result ? lastOf(result) : {};
    return JSON.stringify([test?.nlls, valid?.answerNll]);
  };
  return group.results.filter(
    (one) => lossesOf(one) === lossesOf(usual.find(({ seed }) => seed === one.seed)),
  );
}

/** A recipe's name, what trained it, and with which seeds it ended with the default's model. */
function nameOf(results: Results, group: Group): string {
  const alike = alikeSeeds(results, group);
  const devices = [...new Set(group.results.map(({ device }) => device))].filter(
    (device) => device !== "cpu",
  );
  const name = devices.length === 0 ? group.arm : `${group.arm}, on ${devices.join(", ")}`;
  return alike.length === 0 ? name : `${name} (with ${seedsText(alike)} the default's model)`;
}

/** Recipes that ended with the default's very model with each of their seeds: they say nothing else. */
function alikeText(results: Results, groups: readonly Group[]): string {
  const names = groups.map((group) => {
    const { processorSeconds } = results.spentOn(group);
    return `${group.arm} (${seedsText(group.results)}, ${rowsOf(group)} rows, ${minutes(processorSeconds)} min)`;
  });
  return `These ended with the default's very model, so all of their figures are its own with these seeds: ${names.join(", ")}.`;
}

export function pooledTable(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))];
  const rows = models.flatMap((model) =>
    keepsOf(results).flatMap((keep) =>
      ARMS.filter(({ name }) => !isControl(name)).flatMap(({ name }) => {
        const pool = results.pooled(name, keep, model);
        if (pool.sets.length < 2) return [];
        const estimate = estimateOver(pool);
        const tasks = overTasks(pool);
        return [
          [
            `${name}, ${kept(keep)}, ${model}`,
            pool.sets.map(({ group, bySeed }) => `${group.set}, ${seedsText(bySeed)}`).join("; "),
            pool.sets.map(({ group, control }) => `${rowsOf(group)} / ${rowsOf(control)}`).join("; "),
            String(estimate.n),
            `${between(estimate)} ${pooledVerdict(estimate)}`,
            tasks ? `${interval(tasks.estimate)} ${verdict(tasks.estimate)}` : "–",
          ],
        ];
      }),
    ),
  );
  if (rows.length === 0)
    return "Nothing to pool yet: no recipe and its control are measured on two sets that count.";
  const heads = [
    ...["", "sets", "rows, its / the control's", "questions, each once", "against the control, points"],
    "over other tasks",
  ];
  return markdownTable(heads, rows);
}

/** What decides whether a recipe replaces the default (decision 0049): its loss on the validation rows of each set. */
export function decidingText(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))].filter((model) => model !== SAMPLE);
  const compared = models.flatMap((model) =>
    keepsOf(results).flatMap((keep) =>
      ARMS.filter(({ name }) => name !== COPPICE && !isControl(name)).flatMap(({ name }) => {
        const sets = results.validation(name, keep, model);
        return sets.length === 0 ? [] : [{ name: `${name}, ${kept(keep)}, ${model}`, sets }];
      }),
    ),
  );
  if (compared.length === 0)
    return "No recipe and the default are measured with the outcomes of validation rows yet.";
  const rows = compared.flatMap(({ name, sets }) =>
    sets.map((one) => [
      `${name}, ${seedsText(one.bySeed)}`,
      nameOfSet(one),
      String(one.paired.length),
      nats(estimateOf(one.paired)),
    ]),
  );
  const better = compared.filter(
    ({ sets }) => sets.filter(({ paired }) => estimateOf(paired).high < 0).length > 1,
  );
  return `${markdownTable(["", "set", "validation questions, each once", "NLL against the default"], rows)}

Better on two sets: ${better.length === 0 ? "none" : better.map(({ name }) => name).join("; ")}. Results of earlier versions have no outcomes of validation rows and are not counted here.`;
}
