/** What docs/quality.md says of recipes: in short, on each set, pooled, and what the questions can show at all. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { ARMS, CONTROL, COPPICE, INFLUENCE_ONCE } from "./arms.ts";
import { estimateOf, lastOf } from "./compared.ts";
import type { Group, PooledSet, Results } from "./compared.ts";
import {
  between,
  figure,
  kept,
  minutes,
  nats,
  plain,
  points,
  seedsText,
  share,
  signed,
  verdict,
} from "./page-figures.ts";
import { SAMPLE } from "./plan.ts";
import type { ArmResult, StudyModel, Tuning } from "./results.ts";
import {
  averaged,
  detectable,
  isNoLoss,
  NO_LOSS,
  pairedBootstrap,
  powerToShow,
  questionsToShow,
  spreadOf,
  wordOf,
} from "./statistics.ts";

/** Half depth beside the whole model and blocks dropped all at once, and what pooled questions say of each depth; not of the sample. */
export function inShort(results: Results): string[] {
  const halves = results.groups.filter(
    (group) =>
      group.arm === COPPICE && group.keep === 0.5 && group.model !== SAMPLE && results.counts(group) === true,
  );
  if (halves.length === 0) return [];
  const rows = halves.map(({ set, model, results: own }) => {
    const seeds = own.map(({ seed }) => seed);
    const tuned = (subject: "base" | "tuned") =>
      meanRight(seeds, results.tunedOf({ set, model }), ({ models }) =>
        models.find((one) => one.subject === subject),
      );
    const recipe = (arm: string) =>
      meanRight(seeds, results.groupOf({ set, model, arm, keep: 0.5 })?.results ?? [], lastOf);
    return [
      `${set}, ${model}, ${seedsText(own)}`,
      ...[tuned("base"), tuned("tuned"), recipe(CONTROL), recipe(COPPICE), recipe(INFLUENCE_ONCE)],
    ];
  });
  const heads = ["", "original", "tuned", "whole, trained as long", "**half**", "half, dropped all at once"];
  const models = [...new Set(halves.map(({ model }) => model))];
  return [
    "## In short",
    'The share of test questions answered correctly; "half" is the model with half of its blocks.',
    markdownTable(heads, rows),
    ...models.map((model) => pooledText(results, model)),
  ];
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

/** What each depth loses against its control, pooled, and whether "no loss" is shown. */
function pooledText(results: Results, model: string): string {
  const depths = keepsOf(results).flatMap((keep) => {
    const sets = results.pooled(COPPICE, keep, model);
    return sets.length === 0 ? [] : [{ keep, sets, estimate: estimateOver(sets) }];
  });
  if (depths.length === 0) return "";
  const lines = depths.map(({ keep, sets, estimate }) => {
    const asked = `${sets.map((one) => `${one.group.set} with ${seedsText(one.bySeed)}`).join(", ")}: ${estimate.n} questions`;
    const word = sets.length > 1 ? pooledWord(estimate) : wordOf(estimate);
    const bySet = sets.map(({ group, bySeed }) => {
      return `${group.set} ${bySeed.map(({ gains }) => points(mean(gains))).join(", ")}`;
    });
    return `- ${kept(keep)} of the blocks (${asked}): ${between(estimate)} points, **${word}**. By seed: ${bySet.join("; ")}.${oneSeedText(sets)}`;
  });
  return `${model} against the whole model trained as long, each question once:\n\n${lines.join("\n")}\n\n${noLossText(depths.filter(({ sets }) => sets.length > 1))}`;
}

/** Which sets of a pool rest on one seed. */
function oneSeedText(sets: readonly PooledSet[]): string {
  const names = sets.filter(({ bySeed }) => bySeed.length === 1).map(({ group }) => group.set);
  return sets.length < 2 || names.length === 0 ? "" : ` **${names.join(", ")}: one seed.**`;
}

const estimateOver = (sets: readonly PooledSet[]): Estimate =>
  pairedBootstrap(sets.map(({ paired }) => paired));

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
const pooledWord = (estimate: Estimate) =>
  isNoLoss(estimate) && wordOf(estimate) === "no difference shown" ? "no loss" : wordOf(estimate);

export function detectableTable(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))];
  const rows = models.flatMap((model) => {
    const pool = results.pooled(COPPICE, 0.5, model);
    const each = pool.map((one) => ({ name: nameOfSet(one), sets: [one] }));
    const whole = pool.length > 1 ? [{ name: "all of them", sets: pool }] : [];
    return [...each, ...whole].map(({ name, sets }) => {
      const paired = sets.map((one) => one.paired);
      const [questions, spread] = [paired.flat().length, spreadOf(paired)];
      return [
        `${name}, ${model}`,
        String(questions),
        percentText(mean(sets.flatMap(differing))),
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
studies would show "no loss", a lower end above −${100 * NO_LOSS} points, and 80% of them with as many questions as the last column says. Legalbench's are of 32 tasks: all of this is about other questions of the same tasks.`;
}

const nameOfSet = ({ group: { set }, isPart }: PooledSet): string =>
  `${set}${isPart ? ", the questions not counted before" : ""}`;

/** Of each question, the share of seeds with which just one of the two answers it correctly, the default or its control. */
const differing = ({ bySeed }: PooledSet): number[] =>
  averaged(bySeed.map(({ gains }) => gains.map(Math.abs)));

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
  return places.map((place) => {
    const [set, model, keep] = JSON.parse(place) as [string, string, number];
    const groups = ARMS.flatMap(({ name }) =>
      results.groups.filter(
        (one) => one.arm === name && one.set === set && one.model === model && one.keep === keep,
      ),
    );
    const heads = [
      ...["recipe", "seeds", "right", "NLL", "NLL, validation", "ECE", "right, against the control, points"],
      ...[
        "NLL, against the control",
        "right, against the default",
        "NLL, against the default",
        "NLL, validation, against the default",
        "rows",
        "processor min",
      ],
    ];
    const rows = groups.map((group) => recipeRow(results, group));
    const commands = new Set(
      groups.flatMap(({ results: own }) => own.map(({ origin }) => `\`${origin.command}\``)),
    );
    return `### ${set}, ${model}, ${kept(keep)} of the blocks\n\n${markdownTable(heads, rows)}\n\nBy ${[...commands].join(", ")}.`;
  });
}

function recipeRow(results: Results, group: Group): string[] {
  const accuracy = results.perQuestion(group, "accuracy");
  const nll = results.perQuestion(group, "nll");
  const errors = group.results.flatMap((result) => lastOf(result).test.calibration?.value ?? []);
  const validation = group.results.flatMap((result) => validationNll(result) ?? []);
  const usual = results.groupOf({ ...group, arm: COPPICE });
  const [first] = group.results as [ArmResult];
  const against = (other: Group | null, isDefault: boolean): [string, string] => {
    if (!other || other.arm === group.arm || (isDefault && group.arm === CONTROL)) return ["–", "–"];
    const [gains, losses] = [
      results.against(group.results, other.results, "accuracy"),
      results.against(group.results, other.results, "nll"),
    ];
    const counts = results.counts(group);
    const right = gains && gains.length > 0 ? estimateOf(gains) : null;
    return [
      right ? `${between(right)} ${counts === false ? "does not count" : verdict(right)}` : "–",
      losses ? nats(estimateOf(losses)) : "–",
    ];
  };
  return [
    nameOf(results, group),
    group.results.map(({ seed }) => seed).join(", "),
    accuracy && accuracy.length > 0 ? share(estimateOf(accuracy)) : "–",
    nll ? plain(estimateOf(nll)) : "–",
    validation.length > 0 ? mean(validation).toFixed(3) : "–",
    errors.length > 0 ? percentText(mean(errors)) : "–",
    ...against(results.controlOf(group), false),
    ...against(usual, true),
    usual && group.arm !== COPPICE && group.arm !== CONTROL ? validationText(results, group, usual) : "–",
    String(Math.round(first.rowsAfterTuning)),
    minutes(results.spentOn(group).processorSeconds),
  ];
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
  const text = nats(estimateOf(averaged(bySeed.map(({ gains }) => gains))));
  return bySeed.length === shared.length ? text : `${text} (${seedsText(bySeed)})`;
}

/** Nats a question, or a token of completions. */
export function validationNll(result: ArmResult): number | null {
  const { valid } = lastOf(result);
  return valid && (valid.answerNll ?? (valid.perplexity === null ? null : Math.log(valid.perplexity)));
}

/** A recipe's name, and whether it ended with the very model that the default ended with: then its row says nothing of it. */
function nameOf(results: Results, group: Group): string {
  const usual = results.groupOf({ ...group, arm: COPPICE })?.results ?? [];
  const nllsOf = (result: ArmResult | undefined) => JSON.stringify(result && lastOf(result).test.nlls);
  const alike =
    group.arm === COPPICE
      ? []
      : group.results.filter((one) => nllsOf(one) === nllsOf(usual.find(({ seed }) => seed === one.seed)));
  const devices = [...new Set(group.results.map(({ device }) => device))].filter(
    (device) => device !== "cpu",
  );
  const name = devices.length === 0 ? group.arm : `${group.arm}, on ${devices.join(", ")}`;
  if (alike.length === 0) return name;
  return `${name} (${alike.length === group.results.length ? "" : `with ${seedsText(alike)} `}the default's model)`;
}

export function pooledTable(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))];
  const rows = models.flatMap((model) =>
    keepsOf(results).flatMap((keep) =>
      ARMS.filter(({ name }) => name !== CONTROL).flatMap(({ name }) => {
        const sets = results.pooled(name, keep, model);
        if (sets.length < 2) return [];
        const estimate = estimateOver(sets);
        return [
          [
            `${name}, ${kept(keep)}, ${model}`,
            sets.map(({ group }) => group.set).join(", "),
            String(estimate.n),
            `${between(estimate)} ${pooledWord(estimate) === "no loss" ? "**no loss**" : verdict(estimate)}`,
          ],
        ];
      }),
    ),
  );
  if (rows.length === 0)
    return "Nothing to pool yet: no recipe and its control are measured on two sets that count.";
  return markdownTable(["", "sets", "questions, each once", "against the control, points"], rows);
}

/** What decides whether a recipe replaces the default (decision 0049): its loss on the validation rows of each set. */
export function decidingText(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))].filter((model) => model !== SAMPLE);
  const compared = models.flatMap((model) =>
    keepsOf(results).flatMap((keep) =>
      ARMS.filter(({ name }) => name !== COPPICE && name !== CONTROL).flatMap(({ name }) => {
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
