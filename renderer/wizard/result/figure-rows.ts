/** The rows of the table of figures, in sections, for any models side by side. */
import type { Accuracy, ModelMetrics } from "../../../preload/contract/runs/run.ts";
import type { Estimate, Rounding } from "../../../preload/contract/runs/measures.ts";
import {
  bytesText,
  intervalPercentText,
  madeText,
  numberText,
  percentText,
  speedText,
} from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";
import { differenceOf } from "../../../preload/contract/results/versus.ts";

export interface Cell {
  readonly text: string;
  /** Its 95% interval, or what the figure is compared with. */
  readonly below?: string;
}

export interface FigureRow {
  readonly name: string;
  readonly note?: string | undefined;
  readonly cells: readonly Cell[];
}

export interface FigureSection {
  readonly name: string;
  readonly rows: readonly FigureRow[];
}

/** A column: the metrics of a model, and its memory during chat. */
export interface FigureColumn {
  readonly metrics: ModelMetrics;
  readonly chatMemoryBytes: number | null | undefined;
}

/** A row before it has cells. */
interface Row {
  readonly name: string;
  readonly note?: string | undefined;
  readonly cell: (column: FigureColumn) => Cell;
}

const none: Cell = { text: "–" };

/**
 * All sections that have a figure; `bestConstant`: the accuracy of always giving the same answer, if known; `wantedSpeed`: tokens per
 * second for which the depth was chosen.
 */
export function figureSections(
  columns: readonly FigureColumn[],
  bestConstant: number | null,
  wantedSpeed: number | null = null,
): FigureSection[] {
  const names = t.result.sections;
  const metrics = columns.map((column) => column.metrics);
  const all: [name: string, rows: readonly Row[]][] = [
    [names.choices, choiceRows(metrics, bestConstant)],
    [names.texts, textRows(metrics)],
    [names.answers, answerRows(metrics)],
    [names.offDomain, offDomainRows()],
    [names.chat, chatRows(wantedSpeed)],
  ];
  return all
    .map(([name, rows]) => ({ name, rows: rows.flatMap((row) => withCells(row, columns)) }))
    .filter(({ rows }) => rows.length > 0);
}

/** The row with a cell for each model; none if no model has a figure. */
function withCells({ name, note, cell }: Row, columns: readonly FigureColumn[]): FigureRow[] {
  const cells = columns.map(cell);
  return cells.every((each) => each === none) ? [] : [{ name, note, cells }];
}

function choiceRows(models: readonly ModelMetrics[], bestConstant: number | null): Row[] {
  const words = t.result;
  return [
    {
      name: words.accuracy,
      note: bestConstant === null ? undefined : words.guessing(bestConstant),
      cell: ({ metrics }) => share(metrics.accuracy),
    },
    {
      name: words.rounded,
      note: roundedNote(models, ({ choices }) => choices?.trained.n),
      cell: ({ metrics }) => roundedChoices(metrics.rounding),
    },
    {
      name: words.calibration,
      note: words.calibrationNote,
      cell: ({ metrics }) => estimated(metrics.calibration),
    },
  ];
}

function textRows(models: readonly ModelMetrics[]): Row[] {
  const words = t.result;
  return [
    { name: words.perplexityRow, note: words.lower, cell: ({ metrics }) => perplexity(metrics.perplexity) },
    {
      name: words.bitsPerByte,
      note: words.bitsPerByteNote,
      cell: ({ metrics }) => figure(metrics.bitsPerByte, (value) => numberText(value, 3)),
    },
    {
      name: words.roundedTexts,
      note: roundedNote(models, ({ texts }) => texts?.n),
      cell: ({ metrics }) => roundedTexts(metrics.rounding),
    },
  ];
}

function answerRows(models: readonly ModelMetrics[]): Row[] {
  const words = t.result;
  const known = models.find(({ generated }) => generated)?.generated;
  return [
    { name: words.exactMatch, cell: ({ metrics }) => share(metrics.exactMatch) },
    {
      name: words.rougeL,
      note: known ? words.answersAsked(known.rougeL.n) : undefined,
      cell: ({ metrics }) => estimated(metrics.generated?.rougeL),
    },
    {
      name: words.repetition,
      note: known ? words.ownRepetition(known.referenceRepetition) : undefined,
      cell: ({ metrics }) => estimated(metrics.generated?.repetition),
    },
    {
      name: words.length,
      note: words.lengthNote,
      cell: ({ metrics }) => figure(metrics.generated?.length, (value) => `${numberText(value, 2)}×`),
    },
    { name: words.stops, cell: ({ metrics }) => share(metrics.generated?.stops) },
  ];
}

function offDomainRows(): Row[] {
  const words = t.result;
  return [
    { name: words.offDomainAccuracy, cell: ({ metrics }) => share(metrics.offDomain?.accuracy) },
    {
      name: words.offDomainPerplexity,
      note: words.lower,
      cell: ({ metrics }) => perplexity(metrics.offDomain?.perplexity),
    },
  ];
}

function chatRows(wantedSpeed: number | null): Row[] {
  const words = t.result;
  return [
    {
      name: words.speedRow,
      note: words.speedNote(wantedSpeed === null ? null : speedText(wantedSpeed)),
      cell: ({ metrics }) => figure(metrics.tokensPerSecond, speedText),
    },
    {
      name: words.memoryRow,
      note: words.memoryNote,
      cell: ({ chatMemoryBytes }) => figure(chatMemoryBytes, bytesText),
    },
    { name: words.fileRow, cell: ({ metrics }) => figure(metrics.sizeBytes, bytesText) },
  ];
}

/** How chat rounds, and how many rows measured its cost; undefined if none did. */
function roundedNote(
  models: readonly ModelMetrics[],
  rowsOf: (rounding: Rounding) => number | undefined,
): string | undefined {
  const rounding = models.find((metrics) => metrics.rounding)?.rounding;
  if (!rounding) return undefined;
  const rows = rowsOf(rounding);
  return rows === undefined ? undefined : t.result.roundedNote(rounding.precision, rows);
}

const perplexity = (value: number | null | undefined): Cell =>
  figure(value, (number) => numberText(number, 1));

function figure(value: number | null | undefined, text: (value: number) => string): Cell {
  return value === null || value === undefined ? none : { text: text(value) };
}

function share(accuracy: Accuracy | null | undefined): Cell {
  if (!accuracy) return none;
  const source = accuracy.made ? `; ${madeText(accuracy)}` : "";
  return { text: percentText(accuracy.value), below: `${intervalPercentText(accuracy)}${source}` };
}

const estimated = (estimate: Estimate | null | undefined): Cell => share(estimate);

/** The chat model's accuracy, with the change against the trained model on the same questions. */
function roundedChoices(rounding: Rounding | null | undefined): Cell {
  if (!rounding?.choices) return none;
  const { chat, versus } = rounding.choices;
  return { text: percentText(chat.value), below: t.result.pointsOf(differenceOf(versus, chat.n)) };
}

/** The change of perplexity. */
function roundedTexts(rounding: Rounding | null | undefined): Cell {
  if (!rounding?.texts) return none;
  const { value, low, high } = rounding.texts;
  const text = (nats: number) => t.result.change(Math.expm1(nats));
  return { text: text(value), below: t.result.fromTo(text(low), text(high)) };
}
