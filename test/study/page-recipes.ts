/** What docs/quality.md says about recipes: in short, on each set, pooled, and what the questions can show at all. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { ARMS, CONTROL, COPPICE, INFLUENCE_ONCE, isControl } from "./arms.ts";
import { estimateOf, estimateOverSeeds, isShorter, lastOf, temperatureOf } from "./compared.ts";
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
  verdictBesideShorter,
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
      given(rowsOf),
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
    models.map((model) => answerText(results, model)).join("\n\n"),
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
  return `Half of ${model}, compared with the whole model trained on as many rows (the control): ${on.join(", ")}${together}. What it gains in speed and memory is in [benchmarks](benchmarks.md#trimmed).`;
}

const rowsOf = ({ results }: Group): string =>
  [...new Set(results.map(({ rowsAfterTuning }) => Math.round(rowsAfterTuning)))].join(", ");

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
      `- ${group.set}, ${group.model}, ${group.arm} (${rowsOf(group)} / ${rowsOf(control)} rows): ${between(estimate)} points, ${verdict(estimate)}.${aloneText(bySeed)}`,
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
    return `${model} with ${kept(keep)} of its blocks, compared with the control:\n\n${[...lines, ...togetherLine(pool)].join("\n")}`;
  });
  const several = depths.filter(({ pool }) => pool.sets.length > 1);
  return [...parts, spreadText(results, model), noLossText(several)]
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

/** The interval over other questions of the same sets. */
const estimateOver = ({ questions }: Pool): Estimate =>
  pairedBootstrap([...grouped(questions, ({ sets }) => sets).values()]);

/** The interval over other tasks, and how many tasks were measured; null where a question's task is unknown, or there are too few tasks. */
function overTasks(pool: Pool): { count: number; estimate: Estimate } | null {
  const tasks = gainsByTask(pool);
  return tasks && { count: tasks.size, estimate: clusteredBootstrap([...tasks.values()]) };
}

/** Null where a question's task is unknown, or there are too few tasks. */
function gainsByTask({ questions }: Pool): Map<string, number[]> | null {
  if (questions.some(({ task }) => task === null)) return null;
  const tasks = grouped(questions, ({ task }) => task!);
  return tasks.size < LEAST_CLUSTERS ? null : tasks;
}

/** Gains, grouped by a property of their questions. */
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
        `Of ${rows.length} intervals, about ${Math.max(1, Math.round(rows.length / 20))} would exclude zero by chance alone, and with so few questions the figure of a task is rough.`,
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
      ? "No other depth has been measured on several sets."
      : shown.length === 0
        ? "No measured depth shows it."
        : `It is shown at ${kept(Math.min(...shown))}.`;
  return `"No loss" is not shown at ${kept(last.keep)}: the lower end of the interval is ${missing.toFixed(1)} points too low. ${others}`;
}

const keepsOf = ({ arms }: Results): number[] =>
  [...new Set(arms.map(({ keep }) => keep))].sort((a, b) => b - a);

/** What the questions of several sets support; only these can show "no loss". */
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
    return "Not known yet: the default at half depth and its control have not both been measured on a set that counts.";
  const heads = [
    ...["", "questions", "answered differently", "detectable loss"],
    ...['power to show "no loss"', 'questions needed for "no loss"'],
  ];
  return `${markdownTable(heads, rows)}

"Answered differently" is the share of questions that only one of two models answers correctly: the default at half depth or its control, on average over the seeds. The detectable loss is the smallest true loss that this
many questions would reveal in 80% of studies, given the spread of the differences per question, each averaged over the available seeds; a smaller loss can go unseen. The last two columns assume
that both models are equally good: the share of studies that would then show "no loss" (a lower end above −${100 * NO_LOSS} points), and the number of questions with which 80% of studies would. All of this is about other questions of the same tasks.${tasksText(results, models)}${otherwiseText(results, models)}`;
}

/** How much wider the interval over other tasks is than the one over other questions. */
function tasksText(results: Results, models: readonly string[]): string {
  const lines = models.flatMap((model) => {
    const pool = results.pooled(COPPICE, 0.5, model);
    const tasks = pool.sets.length > 1 ? overTasks(pool) : null;
    if (!tasks) return [];
    const width = ({ low, high }: Estimate) => high - low;
    const times = width(tasks.estimate) / width(estimateOver(pool));
    return [
      ` For tasks other than these ${tasks.count}, the interval of ${model} is ${times.toFixed(1)} times as wide, since the questions of a task tend to be lost or kept together.`,
    ];
  });
  return lines.join("");
}

/** How often only one of half depth and the tuned model is right; a person's run compares these two. */
function otherwiseText(results: Results, models: readonly string[]): string {
  const shares = models.flatMap((model) =>
    results.pooled(COPPICE, 0.5, model).sets.flatMap(({ group }) => {
      const bySeed = results.bySeed(group.results, results.tunedOf(group), "accuracy");
      if (bySeed.length === 0) return [];
      return [`${percentText(mean(bySeed.flatMap(({ gains }) => gains.map(Math.abs))))} of ${group.set}`];
    }),
  );
  return shares.length === 0
    ? ""
    : ` Compared with the tuned model, which is trained on fewer rows, half depth answers differently on ${both(shares)}.`;
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
  if (rows.length === 0) return "No model has been tuned yet.";
  const heads = [
    "",
    "training / validation / test rows",
    "best constant answer",
    "original",
    "tuned",
    "learning rate of tuning, frozen weights",
    "counts for accuracy",
  ];
  const moved = [...new Map(results.tuned.map(({ set, data }) => [set, data.validLines.length]))]
    .filter(([, lines]) => lines > 0)
    .map(
      ([set, lines]) =>
        `${lines} training rows of ${set} are used for validation instead (their line numbers are in its results), and choices are made by NLL.`,
    );
  return [markdownTable(heads, rows), ...moved].join("\n\n");
}

export function recipeTables(results: Results): string[] {
  const places = [
    ...new Set(results.groups.map(({ set, model, keep }) => JSON.stringify([set, model, keep]))),
  ];
  if (places.length === 0) return ["No recipe has been measured yet."];
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
    const loss = own.some((group) => results.perQuestion(group, "calibrated")) ? "calibrated" : "nll";
    const details = [
      markdownTable(
        detailHeads(loss),
        own.map((group) => detailRow(results, group, loss)),
      ),
      `Measured by ${[...commands].join(", ")}.`,
    ];
    const text = [
      markdownTable(
        recipeHeads(loss),
        own.map((group) => recipeRow(results, group, loss)),
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
        ? "Comparison with the default, validation rows, calibration, commands"
        : "Validation rows, calibration, commands";
    return [heading, ...text.filter((part) => part !== ""), folded(more, ...details)];
  });
}

/** The loss that a table of recipes is about; where it is calibrated, the plain one is a detail. */
type Loss = Exclude<Measure, "accuracy">;
const NAMES: Readonly<Record<Loss, string>> = { nll: "NLL", calibrated: "NLL, calibrated" };

const recipeHeads = (loss: Loss): string[] => [
  ...["recipe", "seeds", "right", "right, against the control, points"],
  ...[NAMES[loss], `${NAMES[loss]}, against the control`, "rows", "processor min"],
];
const detailHeads = (loss: Loss): string[] => [
  ...["recipe", "ECE", "right, against the default, points", `${NAMES[loss]}, against the default`],
  ...["validation", "validation, against the default"].map((of) => `${NAMES[loss]}, ${of}`),
  ...(loss === "nll" ? [] : ["temperature", "NLL", "NLL, against the control", "NLL, against the default"]),
];

function recipeRow(results: Results, group: Group, loss: Loss): string[] {
  const accuracy = results.perQuestion(group, "accuracy");
  const control = results.controlOf(group);
  return [
    nameOf(results, group),
    group.results.map(({ seed }) => seed).join(", "),
    accuracy ? share(estimateOf(accuracy)) : "–",
    differenceText(results, group, control, "accuracy"),
    lossText(results, group, loss),
    differenceText(results, group, control, loss),
    rowsOf(group),
    minutes(results.spentOn(group).processorSeconds),
  ];
}

function lossText(results: Results, group: Group, loss: Loss): string {
  const losses = results.perQuestion(group, loss);
  return losses ? plain(estimateOf(losses)) : "–";
}

/** The mean over the seeds. */
function temperatureText({ results }: Group): string {
  const temperatures = results.flatMap((result) => temperatureOf(result) ?? []);
  return temperatures.length === results.length ? mean(temperatures).toFixed(2) : "–";
}

function detailRow(results: Results, group: Group, loss: Loss): string[] {
  const errors = group.results.flatMap((result) => lastOf(result).test.calibration?.value ?? []);
  const isJudged = group.arm !== COPPICE && !isControl(group.arm);
  const usual = isJudged ? results.groupOf({ ...group, arm: COPPICE }) : null;
  return [
    nameOf(results, group),
    errors.length > 0 ? percentText(mean(errors)) : "–",
    differenceText(results, group, usual, "accuracy"),
    differenceText(results, group, usual, loss),
    validationText(results, group, loss),
    usual ? validationGainText(results, group, usual, loss) : "–",
    ...(loss === "nll"
      ? []
      : [
          temperatureText(group),
          lossText(results, group, "nll"),
          differenceText(results, group, results.controlOf(group), "nll"),
          differenceText(results, group, usual, "nll"),
        ]),
  ];
}

/** How much higher a measure is with one recipe than with another; names the seeds where only some of the recipe's can be compared. */
function differenceText(results: Results, group: Group, other: Group | null, measure: Measure): string {
  const bySeed = other ? results.bySeed(group.results, other.results, measure) : [];
  if (bySeed.length === 0) return "–";
  const estimate = estimateOverSeeds(bySeed);
  const said = isControl(other!.arm) && isShorter(other!, group) ? verdictBesideShorter : verdict;
  const text =
    measure === "accuracy"
      ? `${between(estimate)} ${rightVerdict(results, group, estimate, said)}`
      : nats(estimate, said);
  return bySeed.length === group.results.length ? text : `${text} (${seedsText(bySeed)})`;
}

/** A recipe's loss on validation rows: the mean over its seeds. */
function validationText(results: Results, group: Group, loss: Loss): string {
  if (loss === "nll") {
    const means = group.results.flatMap((result) => validationNll(result) ?? []);
    return means.length > 0 ? mean(means).toFixed(3) : "–";
  }
  const losses = results.perQuestion(group, loss, "valid");
  return losses ? mean(losses).toFixed(3) : "–";
}

/** How much higher a recipe's loss on validation rows is than the default's with the same seeds; no interval where results lack the rows' outcomes. */
function validationGainText(results: Results, group: Group, usual: Group, loss: Loss): string {
  const bySeed = results.bySeed(group.results, usual.results, loss, "valid");
  if (loss === "calibrated" && bySeed.length === 0) return "–";
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

/** Nats per question, or per token of completions. */
export function validationNll(result: ArmResult): number | null {
  const { valid } = lastOf(result);
  return valid && (valid.answerNll ?? (valid.perplexity === null ? null : Math.log(valid.perplexity)));
}

/** The results that ended with exactly the model that the default ended with. */
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

/** A recipe's name, the device that trained it if not the processor, and the seeds with which it ended with the default's model. */
function nameOf(results: Results, group: Group): string {
  const alike = alikeSeeds(results, group);
  const devices = [...new Set(group.results.map(({ device }) => device))].filter(
    (device) => device !== "cpu",
  );
  const name = devices.length === 0 ? group.arm : `${group.arm}, on ${devices.join(", ")}`;
  return alike.length === 0 ? name : `${name} (same model as the default with ${seedsText(alike)})`;
}

/** Recipes that ended with exactly the default's model with each of their seeds, so that they have no figures of their own. */
function alikeText(results: Results, groups: readonly Group[]): string {
  const names = groups.map((group) => {
    const { processorSeconds } = results.spentOn(group);
    return `${group.arm} (${seedsText(group.results)}, ${rowsOf(group)} rows, ${minutes(processorSeconds)} min)`;
  });
  return `These recipes ended with exactly the default's model, so all their figures are the default's with these seeds: ${names.join(", ")}.`;
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
    return "Nothing to pool yet: no recipe has been measured together with its control on two sets that count.";
  const heads = [
    ...["", "sets", "rows, recipe / control", "questions, each once", "against the control, points"],
    "for other tasks",
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
    return "Nothing to compare yet: no recipe and the default have the outcomes of the same validation rows.";
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
  return `${markdownTable(["", "set", "validation questions, each once", "NLL against the default, calibrated where questions have two choices"], rows)}

Better on two sets: ${better.length === 0 ? "none" : better.map(({ name }) => name).join("; ")}. Results of earlier versions lack the outcomes of validation rows and are not counted here.`;
}
