/** docs/quality.md and its pictures, written from the figures alone: what can be detected, what was found, what was not run. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { pretty } from "../bench/harness/landed.ts";
import { ARMS, CONTROL, COPPICE, INFLUENCE_ONCE } from "./arms.ts";
import { estimateOf, lastOf, Results } from "./compared.ts";
import type { Group } from "./compared.ts";
import {
  canariesText,
  checksText,
  elsewhereText,
  inChatText,
  madeText,
  smallerText,
} from "./page-besides.ts";
import { between, figure, kept, minutes, plain, share, signed, verdict } from "./page-figures.ts";
import { dropsChart, MOST_CURVES, sharesChart } from "./pictures.ts";
import type { Curve, DropMap, SharesChart } from "./pictures.ts";
import { SAMPLE, STUDIES, TUNED_ALONE, wantedOf } from "./plan.ts";
import type { Study } from "./plan.ts";
import type { ArmResult, StudyModel, StudyResult, Tuning } from "./results.ts";
import { canariesIn, isAboutTrimming, SETS } from "./sets.ts";
import {
  detectable,
  isNoLoss,
  NO_LOSS,
  overlap,
  pairedBootstrap,
  questionsToShow,
  spreadOf,
  wordOf,
} from "./statistics.ts";

export interface Picture {
  readonly name: string;
  readonly svg: string;
}

/** Writes the page and its pictures into a docs folder. */
export async function writePage(docs: string, results: readonly StudyResult[]): Promise<void> {
  const { text, pictures } = renderPage(results);
  mkdirSync(join(docs, "quality"), { recursive: true });
  for (const { name, svg } of pictures) writeFileSync(join(docs, "quality", `${name}.svg`), `${svg}\n`);
  const path = join(docs, "quality.md");
  writeFileSync(path, await pretty(text, path));
}

export function renderPage(all: readonly StudyResult[]): { text: string; pictures: Picture[] } {
  const results = new Results(all.filter(({ set }) => isAboutTrimming(set)));
  const pictures = [...curvePictures(results), ...minutesPictures(results), ...mapPictures(results)];
  const sections = [
    INTRODUCTION,
    ...inShort(results),
    "## What the questions can show",
    detectableTable(results),
    "## Sets",
    setsTable(results),
    "## Recipes",
    ARMS.map(({ name, about }) => `- **${name}**: ${about}.`).join("\n"),
    ...recipeTables(results),
    "## Pooled",
    pooledTable(results),
    ...(pictures.length === 0 ? [] : ["## Pictures"]),
    ...pictures.map(({ name, label }) => `![${label}](quality/${name}.svg)`),
    "## Which blocks go",
    overlapText(results),
    ...inChatText(all),
    ...smallerText(results),
    ...elsewhereText(all),
    ...checksText(all),
    ...madeText(new Results(all)),
    ...canariesText(all.filter(({ set }) => canariesIn(set))),
    "## Measured, and not",
    ...STUDIES.map((study) => progressText(study, new Results(all))),
    origins(new Results(all)),
  ];
  return { text: `${sections.filter((section) => section !== "").join("\n\n")}\n`, pictures };
}

const INTRODUCTION = `# Quality

What trimming costs, measured against the whole model trained on as many rows. This page is written by \`npm run study -- --page\` from
the figures in test/study/results; the command that measured a table stands below it. All recipes of a set and a seed begin with the
same tuned model, except those with tuning of their own.

- The **control** is the tuned whole model, trained at a decaying rate on as many rows as the trimmed one got after tuning.
- Differences are paired by question. With several seeds, a question counts with its mean over seeds; the interval is a 95%
  bootstrap over questions, so it speaks of other questions, not of other seeds.
- "Better", "worse" and "no difference shown" are what the interval supports. "No loss" is said only of pooled questions, where the
  lower end of the interval is above −${100 * NO_LOSS} points.
- **ECE** is the expected calibration error: how far the probabilities of chosen answers are from the share that is right, on average.
- Minutes include tuning, with each recipe that shares it. They were measured on a machine that other programs used too. Processor
  minutes, the time that the processor spent on this program alone, can be compared; wall minutes cannot.
- So that a day is enough, an epoch has some of a large set's training rows, others each time: ${epochsText()}. Recipes and controls train
  on as many.`;

function epochsText(): string {
  return SETS.flatMap(({ name, epochRows }) => (epochRows ? [`${epochRows} of ${name}`] : [])).join(", ");
}

/** Half depth beside the whole model and blocks dropped all at once, and what pooled questions say of each depth; not of the sample. */
function inShort(results: Results): string[] {
  const halves = results.groups.filter(
    ({ arm, keep, model }) => arm === COPPICE && keep === 0.5 && model !== SAMPLE,
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
      `${set}, ${model}, seed ${seeds.join(", ")}`,
      ...[tuned("base"), tuned("tuned"), recipe(CONTROL), recipe(COPPICE), recipe(INFLUENCE_ONCE)],
    ];
  });
  const heads = ["", "original", "tuned", "tuned as long as the half", "**half**", "dropped all at once"];
  const models = [...new Set(halves.map(({ model }) => model))];
  return [
    "## In short",
    "Test questions answered rightly, with half of the blocks.",
    markdownTable(heads, rows),
    ...models.map((model) => pooledSentence(results, model)),
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
  return found.length === seeds.length ? text : `${text} (seed ${found.map(({ seed }) => seed).join(", ")})`;
}

function pooledSentence(results: Results, model: string): string {
  const said = keepsOf(results).flatMap((keep) => {
    const { sets, paired } = results.pooled(COPPICE, keep, model);
    if (sets.length === 0) return [];
    const estimate = pairedBootstrap(paired);
    const asked = `${sets.join(", ")}: ${paired.flat().length} questions`;
    const word = sets.length > 1 ? pooledWord(estimate) : wordOf(estimate);
    return [`- ${kept(keep)} of the blocks (${asked}): ${between(estimate)} points, **${word}**`];
  });
  return said.length === 0
    ? ""
    : `${model} against the whole model tuned as long, each question once:\n\n${said.join("\n")}`;
}

const keepsOf = ({ arms }: Results): number[] =>
  [...new Set(arms.map(({ keep }) => keep))].sort((a, b) => b - a);

/** What questions of several sets support. */
const pooledWord = (estimate: Estimate) =>
  isNoLoss(estimate) && wordOf(estimate) === "no difference shown" ? "no loss" : wordOf(estimate);

function detectableTable(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))];
  const rows = models.flatMap((model) => {
    const pool = results.pooled(COPPICE, 0.5, model);
    const each = pool.sets.map((set, index) => ({ name: set, paired: [pool.paired[index]!] }));
    const whole = pool.sets.length > 1 ? [{ name: "all of them", paired: pool.paired }] : [];
    return [...each, ...whole].map(({ name, paired }) => {
      const [questions, spread] = [paired.flat().length, spreadOf(paired)];
      const differing = paired.flat().filter((difference) => difference !== 0).length / questions;
      return [
        `${name}, ${model}`,
        String(questions),
        percentText(differing),
        `${(100 * detectable(questions, spread)).toFixed(1)} points`,
        String(questionsToShow(NO_LOSS, spread)),
      ];
    });
  });
  if (rows.length === 0)
    return "Not known yet: neither the default at half depth nor its control is measured on a set that counts.";
  const heads = [
    "",
    "questions",
    "answered differently",
    "detectable loss",
    `to show no loss of ${100 * NO_LOSS} points`,
  ];
  return `${markdownTable(heads, rows)}

The detectable loss is the smallest one that a study of so many questions finds in four of five cases, given how often the default at
half depth and its control answer differently. A smaller loss can exist unseen. The last column is how many questions would be needed to show "no loss".`;
}

const SCHEDULES: Record<Tuning["schedule"], string> = {
  constant: "constant, then to zero",
  cosine: "to zero",
  "cosine-to-half": "to half the peak",
};

function setsTable(results: Results): string {
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

function recipeTables(results: Results): string[] {
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
      ...["recipe", "right", "NLL", "ECE", "against the control, points", "", "NLL against it"],
      ...["rows", "processor min", "wall min", "seeds"],
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
  const [against, nllAgainst] = [
    results.againstControl(group, "accuracy"),
    results.againstControl(group, "nll"),
  ];
  const difference = against && against.length > 0 ? estimateOf(against) : null;
  const worse = nllAgainst && estimateOf(nllAgainst);
  const errors = group.results.flatMap((result) => lastOf(result).test.calibration?.value ?? []);
  const [first] = group.results as [ArmResult];
  const spent = results.spentOn(group);
  return [
    group.arm,
    accuracy && accuracy.length > 0 ? share(estimateOf(accuracy)) : "–",
    nll ? plain(estimateOf(nll)) : "–",
    errors.length > 0 ? percentText(mean(errors)) : "–",
    difference ? between(difference) : "–",
    difference ? verdict(difference) : "–",
    worse ? `${signed(worse.value)} (${signed(worse.low)} to ${signed(worse.high)})` : "–",
    String(Math.round(first.rowsAfterTuning)),
    minutes(spent.processorSeconds),
    minutes(spent.wallSeconds),
    group.results.map(({ seed }) => seed).join(", "),
  ];
}

function pooledTable(results: Results): string {
  const models = [...new Set(results.arms.map(({ model }) => model))];
  const rows = models.flatMap((model) =>
    keepsOf(results).flatMap((keep) =>
      ARMS.filter(({ name }) => name !== CONTROL).flatMap(({ name }) => {
        const { sets, paired } = results.pooled(name, keep, model);
        if (sets.length < 2) return [];
        const estimate = pairedBootstrap(paired);
        return [
          [
            `${name}, ${kept(keep)}, ${model}`,
            sets.join(", "),
            String(paired.flat().length),
            between(estimate),
            pooledWord(estimate) === "no loss" ? "**no loss**" : verdict(estimate),
          ],
        ];
      }),
    ),
  );
  if (rows.length === 0)
    return "Nothing to pool yet: no recipe and its control are measured on two sets that count.";
  return markdownTable(["", "sets", "questions, each once", "against the control, points", ""], rows);
}

interface Drawn extends Picture {
  readonly label: string;
}

/** Accuracy against depth, of recipes that have at least two depths. */
function curvePictures(results: Results): Drawn[] {
  return placesOf(results).flatMap(({ set, model }) => {
    const curves = ARMS.flatMap(({ name }): Curve[] => {
      const points = results.groups
        .filter((group) => group.arm === name && group.set === set && group.model === model)
        .flatMap((group) => pointOf(results, group, 100 * group.keep))
        .sort((a, b) => a.x - b.x);
      return points.length < 2 ? [] : [{ name, points }];
    });
    if (curves.length === 0) return [];
    const label = `Accuracy against depth: ${set}, ${model}`;
    const keeps = [...new Set(curves.flatMap(({ points: all }) => all.map(({ x }) => x)))];
    const xTexts = keeps.map((at) => ({ at, text: `${at}%` }));
    return drawn(`${set}-${model}-depth`, label, { xName: "blocks that stay", xTexts, curves });
  });
}

/** Accuracy at half depth against the processor's minutes, tuning included. */
function minutesPictures(results: Results): Drawn[] {
  return placesOf(results).flatMap(({ set, model }) => {
    const groups = results.groups.filter(
      (group) => group.set === set && group.model === model && group.keep === 0.5,
    );
    const curves = ARMS.flatMap(({ name }): Curve[] => {
      const group = groups.find(({ arm }) => arm === name);
      if (!group) return [];
      const { processorSeconds } = results.spentOn(group);
      return [{ name, points: pointOf(results, group, processorSeconds / 60) }].filter(
        ({ points }) => points.length > 0,
      );
    });
    if (curves.length < 2) return [];
    const label = `Accuracy at half depth against processor minutes: ${set}, ${model}`;
    const most = Math.max(...curves.flatMap(({ points }) => points.map(({ x }) => x)));
    const xTexts = [0, 0.5, 1].map((part) => ({ at: part * most, text: (part * most).toFixed(0) }));
    const xName = "processor minutes, tuning included";
    return drawn(`${set}-${model}-minutes`, label, { xName, xTexts, curves });
  });
}

/** As many pictures as the curves need: the default and its control are in each, for comparison. */
function drawn(name: string, label: string, { curves, ...axis }: Omit<SharesChart, "label">): Drawn[] {
  const isReference = (curve: Curve) => curve.name === COPPICE || curve.name === CONTROL;
  const references = curves.filter(isReference);
  const others = curves.filter((curve) => !isReference(curve));
  const each = MOST_CURVES - references.length;
  return Array.from({ length: Math.max(1, Math.ceil(others.length / each)) }, (_, index) => {
    const own = [...references, ...others.slice(index * each, (index + 1) * each)];
    const number = index === 0 ? "" : `-${index + 1}`;
    return { name: `${name}${number}`, label, svg: sharesChart({ label, ...axis, curves: own }) };
  });
}

function pointOf(results: Results, group: Group, x: number) {
  const values = results.perQuestion(group, "accuracy");
  if (!values || values.length === 0) return [];
  const { value, low, high } = estimateOf(values);
  return [{ x, y: value, low, high }];
}

function placesOf(results: Results): { set: string; model: string }[] {
  const places = new Map(results.arms.map(({ set, model }) => [`${set} ${model}`, { set, model }]));
  return [...places.values()];
}

/** Maps of drops at half depth by whole blocks, of each model: recipes, sets and seeds below each other. */
function mapPictures(results: Results): Drawn[] {
  return [...new Set(results.arms.map(({ model }) => model))].flatMap((model) => {
    const maps = results.arms
      .filter(
        (one) => one.model === model && one.keep === 0.5 && one.unit === "block" && one.drops.length > 0,
      )
      .map(mapOf);
    if (maps.length === 0) return [];
    const label = `Which blocks went when, and which stayed: ${model}`;
    return [{ name: `${model}-drops`, label, svg: dropsChart(label, maps) }];
  });
}

function mapOf(result: ArmResult): DropMap {
  const { set, arm, seed, drops } = result;
  const units = lastOf(result).units + drops.flat().length;
  const rounds = Array.from({ length: units }, (_, unit) => {
    const round = drops.findIndex((dropped) => dropped.includes(unit));
    return round < 0 ? null : round + 1;
  });
  return { name: `${set}, ${arm}, seed ${seed}`, rounds };
}

/** How far seeds agree on what stays. */
function overlapText(results: Results): string {
  const told = results.groups.flatMap(({ set, model, arm, keep, results: runs }) => {
    const [first] = runs as [ArmResult];
    if (runs.length < 2 || first.drops.length === 0) return [];
    const pairs = runs.flatMap((a, index) =>
      runs.slice(index + 1).map((b) => overlap(lastOf(a).keptIndices, lastOf(b).keptIndices)),
    );
    const agreed = pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
    return [
      `- ${set}, ${model}, ${arm}, ${kept(keep)}: two seeds keep ${percentText(agreed)} of the same units; by chance it would be ${kept(keep)}.`,
    ];
  });
  return told.length === 0 ? "No recipe is measured with two seeds yet." : told.join("\n");
}

function progressText(study: Study, results: Results): string {
  const wanted = wantedOf(study);
  const missing = wanted.filter((one) => {
    const isOfIt = ({ set, model, seed }: StudyResult) =>
      set === one.set && model === one.model && seed === one.seed;
    if (one.arm === TUNED_ALONE) return !results.tuned.some(isOfIt);
    return !results.arms.some(
      (result) => isOfIt(result) && result.arm === one.arm && result.keep === one.keep,
    );
  });
  const head = `**${study.name}** (${study.about.toLowerCase()}): ${wanted.length - missing.length} of ${wanted.length} results, by \`npm run study -- ${study.name}\`.`;
  if (missing.length === 0) return head;
  const byPlace = new Map<string, string[]>();
  for (const { set, model, seed, arm, keep } of missing) {
    const place = `${set}, ${model}, ${kept(keep)}, seed ${seed}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), arm]);
  }
  return `${head} Not run:\n\n${[...byPlace].map(([place, arms]) => `- ${place}: ${arms.join(", ")}`).join("\n")}`;
}

function origins(results: Results): string {
  const all = [...results.tuned, ...results.arms].map(
    ({ origin: { machine, threads, date, commit } }) =>
      `- ${date}, version ${commit}, ${threads} threads: ${machine}`,
  );
  return all.length === 0 ? "" : `Measured on:\n\n${[...new Set(all)].sort().join("\n")}`;
}
