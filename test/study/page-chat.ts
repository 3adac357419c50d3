/** What multiple choice hides: models as they will run, what rounding costs them, and what they write. */
import { mean } from "../../native-models/evaluation/statistics.ts";
import type { Accuracy } from "../../preload/contract/runs/measures.ts";
import { percentText } from "../../preload/contract/words/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { COPPICE, isControl } from "./arms.ts";
import { chatsOf, estimateOf, isShorter, lastOf, Results } from "./compared.ts";
import type { Group } from "./compared.ts";
import { between, folded, kept, seedsText, share, verdict, verdictBesideShorter } from "./page-figures.ts";
import { correctOf } from "./results.ts";
import type { ArmResult, StudyModel, StudyResult } from "./results.ts";
import { isAboutTrimming } from "./sets.ts";
import { wordOf } from "./statistics.ts";

export function inChatText(all: readonly StudyResult[]): string[] {
  const results = new Results(all);
  const places = [...new Set(results.tuned.map(({ set, model }) => JSON.stringify([set, model])))];
  const tables = places.flatMap((place) => {
    const [set, model] = JSON.parse(place) as [string, string];
    const groups = results.groups.filter((group) => group.set === set && group.model === model);
    const rows = [
      ...results
        .tunedOf({ set, model })
        .flatMap(({ seed, models }) =>
          models.flatMap((one) => rowOf(one.subject === "base" ? "original" : `tuned, seed ${seed}`, one)),
        ),
      ...groups.flatMap(({ arm, keep, results: own }) =>
        own.flatMap((one) => rowOf(`${arm}, ${kept(keep)}, seed ${one.seed}`, lastOf(one))),
      ),
    ];
    // the original is the same with each seed
    const distinct = rows.filter(([name], row) => rows.findIndex(([other]) => other === name) === row);
    if (distinct.length === 0) return [];
    const compared = groups.flatMap((group) => generatedLine(results, group)).join("\n");
    const parts = [tableOf(distinct), compared].filter((part) => part !== "");
    const heading = `### ${set}, ${model}`;
    return distinct.length > MOST_ROWS
      ? [heading, folded(`${distinct.length} models`, ...parts)]
      : [heading, ...parts];
  });
  if (tables.length === 0) return [];
  return [
    "## What multiple choice hides",
    `Models as they will run, in the precision of chat, on some of the test rows. "Unrounded" is the share of the same questions that the model answers correctly with its weights as trained, so the next column shows what
rounding costs. Answers are generated greedily for rows whose answers are in words. ROUGE-L compares them with the rows' own answers. Repetition is the share of token 4-grams that occurred before in the answer (in brackets: in the rows' own
answers). Length is relative to the rows' own answers. Ends is the share of answers that stop by themselves before they are much longer than the row's own. The speed of models in chat is in [benchmarks.md](benchmarks.md#trimmed).${precisionText(results)}`,
    ...unmeasuredText(results),
    ...tables,
  ];
}

/** Which precision has no figures here. */
function precisionText(results: Results): string {
  const precisions = new Set(results.groups.flatMap(chatsOf).map(({ precision }) => precision));
  return precisions.has("int4")
    ? ""
    : " All of these models are small enough for int8; what int4 costs is measured in [decision 0044](decisions/0044-mixed-bits.md).";
}

/** The default and its control where they are missing from the tables: earlier versions did not measure them as they will run. */
function unmeasuredText(results: Results): string[] {
  const names = results.groups
    .filter(({ set, arm }) => isAboutTrimming(set) && (arm === COPPICE || isControl(arm)))
    .flatMap(({ set, model, arm, keep, results: own }) => {
      const missing = own.filter((one) => !lastOf(one).chat);
      return missing.length === 0
        ? []
        : [`${arm} at ${kept(keep)} on ${set}, ${model}, ${seedsText(missing)}`];
    });
  return names.length === 0
    ? []
    : [
        `Not measured as they will run, because their results are those of earlier versions: ${names.join("; ")}.`,
      ];
}

/** Longer tables are folded. */
const MOST_ROWS = 15;

const HEADS = [
  ...["", "right, unrounded", "right in chat", "perplexity in chat", "exact match", "ROUGE-L", "repetition"],
  ...["length", "ends", "MB"],
];

/** Leaves out columns that no model fills. */
function tableOf(rows: readonly string[][]): string {
  const isFilled = (column: number) => rows.some((cells) => cells[column] !== "–");
  const filled = (cells: readonly string[]) => cells.filter((_, column) => isFilled(column));
  return markdownTable(filled(HEADS), rows.map(filled));
}

function rowOf(name: string, { chat, test }: StudyModel): string[][] {
  if (!chat) return [];
  const { precision, accuracy, perplexity, exactMatch, generated, sizeBytes, rows } = chat;
  const ofRows = (figure: Accuracy | null) => (figure ? `${share(figure)} of ${figure.n}` : "–");
  const marks = test.correct ? correctOf(test.correct) : [];
  const unrounded = (rows?.questions ?? []).flatMap((place) => marks[place] ?? []).map(Number);
  return [
    [
      `${name} (${precision})`,
      unrounded.length > 0 ? percentText(mean(unrounded)) : "–",
      ofRows(accuracy),
      perplexity === null ? "–" : perplexity.toFixed(2),
      ofRows(exactMatch),
      ...(generated
        ? [
            share(generated.rougeL),
            `${percentText(generated.repetition.value)} (${percentText(generated.referenceRepetition)})`,
            `${generated.length.toFixed(2)} ×`,
            generated.stops ? percentText(generated.stops.value) : "–",
          ]
        : ["–", "–", "–", "–"]),
      (sizeBytes / 1e6).toFixed(0),
    ],
  ];
}

/** How a recipe's written answers compare with its control's, with a warning where multiple choice hides a loss. */
function generatedLine(results: Results, group: Group): string[] {
  const control = results.controlOf(group);
  const pairs = group.results.flatMap((one) => {
    const other = control?.results.find(({ seed }) => seed === one.seed);
    const [own, its] = [rougeOf(one), other && rougeOf(other)];
    return own && its && own.length === its.length ? [{ seed: one.seed, own, its }] : [];
  });
  if (isControl(group.arm) || pairs.length === 0) return [];
  // by row, over the seeds with which both wrote an answer
  const gains = pairs[0]!.own.map((_, row) =>
    pairs.flatMap(({ own, its }) => {
      const [value, other] = [own[row] ?? null, its[row] ?? null];
      return value === null || other === null ? [] : [value - other];
    }),
  );
  const answered = gains.filter(({ length }) => length > 0);
  if (answered.length === 0) return [];
  const estimate = estimateOf(answered.map((ofSeeds) => mean(ofSeeds)));
  const said = control && isShorter(control, group) ? verdictBesideShorter : verdict;
  const choices = results.counts(group) === false ? null : results.againstControl(group, "accuracy");
  const hides = wordOf(estimate) === "worse" && choices && wordOf(estimateOf(choices)) !== "worse";
  return [
    `- ${group.arm}, ${kept(group.keep)}, ${seedsText(pairs)}: ROUGE-L against the control ${between(estimate)} points, ${said(estimate)}.${hides ? " **Its written answers are worse, although its choices show no loss.**" : ""}`,
  ];
}

const rougeOf = (result: ArmResult) => {
  const { rougeL = [] } = lastOf(result).chat?.rows ?? {};
  return rougeL.some((value) => value !== null) ? rougeL : null;
};
