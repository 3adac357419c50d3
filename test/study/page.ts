/** docs/quality.md and its pictures, written from the figures alone: what can be detected, what was found, what was not run. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { pretty } from "../bench/harness/landed.ts";
import { ARMS, COPPICE } from "./arms.ts";
import { lastOf, Results } from "./compared.ts";
import type { Group } from "./compared.ts";
import { canariesText, checksText, elsewhereText, madeText, smallerText } from "./page-besides.ts";
import { calibrationText } from "./page-calibration.ts";
import { inChatText } from "./page-chat.ts";
import { folded, kept, seedsText } from "./page-figures.ts";
import { curvePictures, mapPictures, minutesPictures } from "./page-pictures.ts";
import type { Picture } from "./page-pictures.ts";
import {
  byTaskTables,
  decidingText,
  detectableTable,
  inShort,
  pooledTable,
  recipeTables,
  setsTable,
} from "./page-recipes.ts";
import { STUDIES, TUNED_ALONE, wantedOf } from "./plan.ts";
import type { Study } from "./plan.ts";
import type { StudyResult } from "./results.ts";
import { canariesIn, isAboutTrimming, SETS } from "./sets.ts";
import { LEAST_QUESTIONS, NO_LOSS, overlap } from "./statistics.ts";

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
    METHOD,
    "## Sets",
    setsTable(results),
    "## Recipes",
    folded(
      `What the ${ARMS.length} recipes do`,
      ARMS.map(({ name, about }) => `- **${name}**: ${about}.`).join("\n"),
    ),
    ...recipeTables(results),
    "## Pooled",
    pooledTable(results),
    ...byTaskTables(results),
    "## What decides",
    decidingText(results),
    ...(pictures.length === 0 ? [] : ["## Pictures"]),
    ...pictures.map(({ name, label }) => `![${label}](quality/${name}.svg)`),
    "## Which blocks go",
    overlapText(results),
    ...calibrationText(results),
    ...inChatText(all),
    ...smallerText(results),
    ...elsewhereText(all),
    ...checksText(all),
    ...madeText(new Results(all)),
    ...canariesText(all.filter(({ set }) => canariesIn(set))),
    ELSEWHERE,
    "## Measured, and not",
    spentText(new Results(all)),
    ...STUDIES.map((study) => progressText(study, new Results(all))),
    origins(all),
  ];
  return { text: `${sections.filter((section) => section !== "").join("\n\n")}\n`, pictures };
}

const INTRODUCTION = `# Quality

What a model loses when half of its blocks go, measured against the whole model trained on as many rows. This page is written by \`npm run study -- --page\` from
the figures in test/study/results.`;

const METHOD = `## How it is measured

- The **control** is the tuned whole model, trained at a decaying rate on as many rows as the trimmed one got after tuning. It has no teacher, and its
  last epoch counts, as the half's does. All recipes of a set and a seed begin with the same tuned model, except those with tuning of their own.
- Differences are paired by question, with the same seeds on both sides, so they are not always the difference of two rows. With several seeds, a question counts with its mean over seeds; the interval is a 95%
  bootstrap over questions, so it covers the choice of questions, not of seeds. "Over other tasks", whole tasks are drawn instead.
- Pooled, a question that several sets have counts once, with the mean over their models: all 300 of clauses are also among legalbench's.
- "Better", "worse" and "no difference shown" are what the interval supports, and the last of them is no proof of being equal. Of many recipes, one in forty looks better by chance, and as many look worse. Of NLL, less is better. "No loss" is said only of pooled
  questions, of at least ${LEAST_QUESTIONS}, where the lower end of the interval is above −${100 * NO_LOSS} points.
- A set counts for accuracy only where the interval of the tuned whole model, with each seed, lies above the best constant answer.
- **The default** is the product's recipe. Its frozen weights are stored in int8 and multiplied in int8 where the table of sets says \`w8a8\` ([decision 0024](decisions/0024-int8-training.md)), which is faster; the
  product itself takes f32 unless another type is chosen. Recipes f32 and w8a8 differ from the default in that alone.
- A recipe replaces the default when its NLL on validation rows is better on two sets, each question counted once ([decision 0049](decisions/0049-recipes-on-two-sets.md)); test rows are only reported.
- **ECE** is the expected calibration error: how far the probabilities of chosen answers are from the share that is right, on average over ten bins, and over seeds. Few questions make it look larger than it is.
- Each recipe's minutes include the tuning that it shares with others. They are minutes of a processor: compare them within a table only, and roughly, as its results may come from several machines, which are listed at the end; what a graphics card does is not in them.
- To keep the study within days, each epoch draws some of a large set's training rows at random: ${epochsText()}. Recipes and controls train
  on as many. With the same 700 rows of legalbench in every epoch, half of the model had 77.7% of the test questions right with seed 1 (its control 78.6%) and 65.2% with seed 2 (72.6%). Other rows
  each epoch were chosen on seed 2, with its test figures beside those of validation rows, and the results on fixed rows were removed ([decision 0051](decisions/0051-other-rows-each-epoch.md)): so the figures
  of that seed are not independent of the choice. legalbench-all-rows has the same questions, and all rows in each epoch, as the product has unless its time is limited; where it is measured, it is pooled in place of legalbench.`;

const ELSEWHERE = `## Measured elsewhere

- How fast the results run, and what memory they take, against llama.cpp with the whole model: [benchmarks](benchmarks.md#trimmed).
- A job within half its time (\`--minutes\`): [decision 0050](decisions/0050-time-budgets.md).
- Recovery prompts, mixed bits, answers rewritten by the tuned model and merging: decisions [0043](decisions/0043-recovery-prompts.md), [0044](decisions/0044-mixed-bits.md) and [0045](decisions/0045-self-data-and-merging.md).
- How good written questions are: [quality of questions](quality-of-questions.md).`;

function epochsText(): string {
  return SETS.flatMap(({ name, epochRows }) => (epochRows ? [`${epochRows} of ${name}`] : [])).join(", ");
}

/** How far seeds agree on what stays, and the default's runs of two fields. */
function overlapText(results: Results): string {
  const cut = results.groups.filter(({ results: [first] }) => first!.drops.length > 0);
  const rows = cut.flatMap((group) => {
    const pairs = group.results.flatMap((a, index) =>
      group.results.slice(index + 1).map((b) => overlap(lastOf(a).keptIndices, lastOf(b).keptIndices)),
    );
    if (pairs.length === 0) return [];
    const name = `${group.arm}, ${group.set}, ${group.model}, ${seedsText(group.results)}`;
    return [[name, percentText(mean(pairs)), kept(group.keep)]];
  });
  const usual = cut.filter(({ arm }) => arm === COPPICE);
  const fields = usual.flatMap((first, index) =>
    usual.slice(index + 1).flatMap((second) => {
      if (first.model !== second.model || first.keep !== second.keep) return [];
      const name = `${first.arm}, ${first.set} and ${second.set}, ${first.model}`;
      return [[name, percentText(betweenGroups(first, second)), kept(first.keep)]];
    }),
  );
  if (rows.length === 0) return "No recipe is measured with two seeds yet.";
  return `${markdownTable(["", "blocks that both keep", "by chance"], [...rows, ...fields])}

On average over pairs of runs: of two seeds, and of two fields. A field decides what goes only as far as two of its seeds agree more than two fields do.`;
}

const betweenGroups = (first: Group, second: Group): number =>
  mean(
    first.results.flatMap((a) =>
      second.results.map((b) => overlap(lastOf(a).keptIndices, lastOf(b).keptIndices)),
    ),
  );

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
  const armsText = (arms: readonly string[]) => {
    const others = study.arms.filter((name) => !arms.includes(name));
    if (others.length === 0) return "nothing";
    return arms.length > others.length ? `nothing but ${others.join(", ")}` : `all but ${arms.join(", ")}`;
  };
  const lines = [...byPlace].map(([place, arms]) => `- ${place}: ${armsText(arms)}`);
  return `${head}\n\n${folded("What of it was run", lines.join("\n"))}`;
}

function spentText(results: Results): string {
  const all = [...results.tuned, ...results.arms];
  const seconds = all.reduce((sum, { spent }) => sum + spent.processorSeconds, 0);
  return all.length === 0 ? "" : `All of it took ${(seconds / 3600).toFixed(1)} hours of a processor.`;
}

function origins(all: readonly StudyResult[]): string {
  const lines = all.map(
    ({ origin: { machine, threads, date, commit } }) =>
      `- ${date}, version ${commit}, ${threads === 1 ? "1 thread" : `${threads} threads`}: ${machine}`,
  );
  return lines.length === 0 ? "" : folded("Measured on", [...new Set(lines)].sort().join("\n"));
}
