/** The rows of the table of figures, in sections, for any models side by side. */
import type { Accuracy, ModelMetrics } from "../../../preload/contract/run.ts";
import type { Estimate, Rounding } from "../../../preload/contract/measures.ts";
import {
  bytesText,
  intervalPercentText,
  madeText,
  numberText,
  percentText,
  speedText,
} from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";
import { differenceOf } from "../../../preload/contract/versus.ts";

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
  const words = t.result;
  /** A row, unless none of the models has a figure. */
  const row = (name: string, note: string | undefined, cell: (column: FigureColumn) => Cell): FigureRow[] => {
    const cells = columns.map(cell);
    return cells.every((each) => each === none) ? [] : [{ name, note, cells }];
  };
  const of =
    (cell: (metrics: ModelMetrics) => Cell) =>
    ({ metrics }: FigureColumn) =>
      cell(metrics);
  const perplexity = (value: number | null | undefined) => figure(value, (number) => numberText(number, 1));
  const { roundedNote } = words;
  const roundedBy = columns.find(({ metrics }) => metrics.rounding)?.metrics.rounding;
  return [
    {
      name: words.sections.choices,
      rows: [
        ...row(
          words.accuracy,
          bestConstant === null ? undefined : words.guessing(bestConstant),
          of(({ accuracy }) => share(accuracy)),
        ),
        ...row(
          words.rounded,
          roundedBy?.choices ? roundedNote(roundedBy.precision, roundedBy.choices.trained.n) : undefined,
          of(({ rounding }) => roundedChoices(rounding)),
        ),
        ...row(
          words.calibration,
          words.calibrationNote,
          of(({ calibration }) => estimated(calibration)),
        ),
      ],
    },
    {
      name: words.sections.texts,
      rows: [
        ...row(
          words.perplexityRow,
          words.lower,
          of((metrics) => perplexity(metrics.perplexity)),
        ),
        ...row(
          words.bitsPerByte,
          words.bitsPerByteNote,
          of(({ bitsPerByte }) => figure(bitsPerByte, (value) => numberText(value, 3))),
        ),
        ...row(
          words.roundedTexts,
          roundedBy?.texts ? roundedNote(roundedBy.precision, roundedBy.texts.n) : undefined,
          of(({ rounding }) => roundedTexts(rounding)),
        ),
      ],
    },
    { name: words.sections.answers, rows: answerRows() },
    {
      name: words.sections.offDomain,
      rows: [
        ...row(
          words.offDomainAccuracy,
          undefined,
          of(({ offDomain }) => share(offDomain?.accuracy)),
        ),
        ...row(
          words.offDomainPerplexity,
          words.lower,
          of(({ offDomain }) => perplexity(offDomain?.perplexity)),
        ),
      ],
    },
    {
      name: words.sections.chat,
      rows: [
        ...row(
          words.speedRow,
          words.speedNote(wantedSpeed === null ? null : speedText(wantedSpeed)),
          of(({ tokensPerSecond }) => figure(tokensPerSecond, speedText)),
        ),
        ...row(words.memoryRow, words.memoryNote, ({ chatMemoryBytes }) =>
          figure(chatMemoryBytes, bytesText),
        ),
        ...row(
          words.fileRow,
          undefined,
          of(({ sizeBytes }) => figure(sizeBytes, bytesText)),
        ),
      ],
    },
  ].filter(({ rows }) => rows.length > 0);

  function answerRows(): FigureRow[] {
    const known = columns.find(({ metrics }) => metrics.generated)?.metrics.generated;
    const asked = known ? words.answersAsked(known.rougeL.n) : undefined;
    const own = known ? words.ownRepetition(known.referenceRepetition) : undefined;
    return [
      ...row(
        words.exactMatch,
        undefined,
        of(({ exactMatch }) => share(exactMatch)),
      ),
      ...row(
        words.rougeL,
        asked,
        of(({ generated }) => estimated(generated?.rougeL)),
      ),
      ...row(
        words.repetition,
        own,
        of(({ generated }) => estimated(generated?.repetition)),
      ),
      ...row(
        words.length,
        words.lengthNote,
        of(({ generated }) => figure(generated?.length, (value) => `${numberText(value, 2)}×`)),
      ),
      ...row(
        words.stops,
        undefined,
        of(({ generated }) => share(generated?.stops)),
      ),
    ];
  }
}

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
