/** What docs/quality.md says about all sets together: what their questions can show, and what recipes lose on them, by task too. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/words/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { ARMS, COPPICE, isControl } from "./arms.ts";
import { estimateOf } from "./compared.ts";
import type { DecidingSet, Pool, PooledQuestion, Results } from "./compared.ts";
import { between, both, folded, interval, kept, nats, rowsText, seedsText, verdict } from "./page-figures.ts";
import { SAMPLE } from "./plan.ts";
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

/** The questions of a set, or of all sets together: how many there are, and how the default at half depth and its control differ on them. */
interface Asked {
  readonly name: string;
  readonly questions: number;
  readonly spread: number;
  /** The share that only one of the two models answers correctly. */
  readonly changed: number;
}

function askedOf(results: Results, model: string): Asked[] {
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
  return [...each, ...(pool.sets.length > 1 ? [together] : [])].map(({ name, paired, changed }) => ({
    name,
    questions: paired.flat().length,
    spread: spreadOf(paired),
    changed: mean(changed),
  }));
}

const detectableText = ({ questions, spread }: Asked): string =>
  `${(100 * detectable(questions, spread)).toFixed(1)} points`;

/** The smallest losses that the questions put to a model would reveal, in a sentence; empty where nothing is compared with a control. */
export function detectableInShort(results: Results, models: readonly string[]): string {
  const parts = models.flatMap((model) => {
    const sets = askedOf(results, model).map((asked) => `${detectableText(asked)} on ${asked.name}`);
    return sets.length === 0 ? [] : [`with ${model}, ${both(sets)}`];
  });
  return parts.length === 0
    ? ""
    : `A loss must be at least this large for these questions to reveal it in 80% of studies ([how this is computed](#what-the-questions-can-show)): ${parts.join("; ")}.`;
}

export function detectableTable(results: Results): string {
  const { models } = results;
  const rows = models.flatMap((model) =>
    askedOf(results, model).map((asked) => [
      `${asked.name}, ${model}`,
      String(asked.questions),
      percentText(asked.changed),
      detectableText(asked),
      percentText(powerToShow(NO_LOSS, asked.questions, asked.spread), 0),
      String(questionsToShow(NO_LOSS, asked.spread)),
    ]),
  );
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
      const name = models.length > 1 ? `${group.set} (${model})` : group.set;
      return [`${percentText(mean(bySeed.flatMap(({ gains }) => gains.map(Math.abs))))} of ${name}`];
    }),
  );
  return shares.length === 0
    ? ""
    : ` Compared with the tuned model, which is trained on fewer rows, half depth answers differently on ${both(shares)}.`;
}

export function pooledTable(results: Results): string {
  const { models } = results;
  const rows = models.flatMap((model) =>
    results.keeps.flatMap((keep) =>
      ARMS.filter(({ name }) => !isControl(name)).flatMap(({ name }) => {
        const pool = results.pooled(name, keep, model);
        if (pool.sets.length < 2) return [];
        const estimate = estimateOver(pool);
        const tasks = overTasks(pool);
        return [
          [
            `${name}, ${kept(keep)}, ${model}`,
            pool.sets.map(({ group, bySeed }) => `${group.set}, ${seedsText(bySeed)}`).join("; "),
            pool.sets.map(({ group, control }) => `${rowsText(group)} / ${rowsText(control)}`).join("; "),
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

/** On which kinds of questions half depth loses or gains, for a reader who has such questions. */
export function byTaskTables(results: Results): string[] {
  const { models } = results;
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

/** What decides whether a recipe replaces the default (decision 0049): its loss on the validation rows of each set. */
export function decidingText(results: Results): string {
  const models = results.models.filter((model) => model !== SAMPLE);
  const compared = models.flatMap((model) =>
    results.keeps.flatMap((keep) =>
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

const nameOfSet = ({ group: { set }, isPart }: DecidingSet): string =>
  `${set}${isPart ? ", the questions not counted before" : ""}`;

/** The interval over other questions of the same sets. */
export const estimateOver = ({ questions }: Pool): Estimate =>
  pairedBootstrap([...grouped(questions, ({ sets }) => sets).values()]);

/** The interval over other tasks, and how many tasks were measured; null where a question's task is unknown, or there are too few tasks. */
export function overTasks(pool: Pool): { count: number; estimate: Estimate } | null {
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

/** What the questions of several sets support; only these can show "no loss". */
export const pooledVerdict = (estimate: Estimate): string =>
  isNoLoss(estimate) && wordOf(estimate) === "no difference shown" ? "**no loss**" : verdict(estimate);
