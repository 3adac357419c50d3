import {
  accuracyText,
  bytesText,
  durationText,
  madeText,
  numberText,
  percentText,
  signedText,
  speedText,
} from "../figures.ts";
import type { Rounding } from "../../../preload/contract/runs/measures.ts";
import type { Choice, Recommendation } from "../../../preload/contract/results/recommended.ts";
import type { Accuracy, ControlRows } from "../../../preload/contract/runs/run.ts";
import { LARGEST_UNSEEN_LOSS } from "../../../preload/contract/results/versus.ts";
import {
  adviceWords,
  headlineText,
  reasonWords,
  verdictWords,
} from "../../../preload/contract/results/verdict-words.ts";
import { shownByRows } from "./shown-by-rows.ts";
import { counted } from "./counted.ts";

type Unit = "block" | "sublayer";

const rowName = { questions: "question", texts: "text" } as const satisfies Record<Choice["kind"], string>;

const blocks = (unit: Unit, count: number) =>
  unit === "block" ? counted(count, "block") : counted(count, "half-block");

/** "into the attention of block 1", "out of the MLP of blocks 2 and 5" */
interface Difference {
  value: number;
  low: number;
  high: number;
}
const points = ({ value, low, high }: Difference) =>
  `${signedText(value)} points (${signedText(low)} to ${signedText(high)})`;

/** "+0.4%": a relative change. */
const change = (share: number) => `${signedText(share)}%`;
const fromTo = (low: string, high: string) => `${low} to ${high}`;

/** "1.08 times that of X (1.05–1.11)", from a difference in nats per token. */
const ratio = ({ value, low, high }: Difference) =>
  `${numberText(Math.exp(value), 2)} times (${numberText(Math.exp(low), 2)}–${numberText(Math.exp(high), 2)})`;

export const result = {
  everything: "Learn from everything",
  everythingAbout:
    "Repeats the same epochs and cuts on all rows, those held out included. The figures stay those of this run.",
  everythingLearnt: "Learnt again from everything:",
  figuresOf: "This model learnt from all rows, so nothing is left to measure it. The figures are those of",
  figuresOfBefore:
    "This model learnt from all rows, so nothing is left to measure it. The figures are those of the run before.",
  title: "Result",
  notDone: "This run has no result yet.",
  notDoneText: "Coppice measures the result when the run ends.",
  toRun: "To the run",

  verdicts: verdictWords,
  reasons: reasonWords,
  advice: adviceWords,
  headline: headlineText,
  timesAsFast: (ratio: number) =>
    ratio > 0.97 && ratio < 1.03 ? "As fast as before." : `${numberText(ratio, 1)} times as fast.`,

  before: "Before",
  now: "Now",
  scores: { right: "Right answers of 100", match: "Answers of 100 that match yours" },
  measuredOn: ({ n, ...asked }: Pick<Accuracy, "n" | "made" | "checked">) =>
    `measured on ${numberText(n)} ${asked.made ? madeText(asked) : "questions"} that it had not seen`,
  likely: (low: number, high: number) => `likely ${low} to ${high}`,
  withExamples: (right: number) => `${right} with three examples`,
  guessLine: (right: number) => `Dotted line: always giving the same answer, or any: ${right}.`,
  blocksOf: (unit: Unit, kept: number, total: number) =>
    kept === total ? `all ${blocks(unit, total)}` : `${kept} of ${blocks(unit, total)}`,
  statistics: "Statistics",
  findings: "Compared",
  against:
    "Compared with the fine-tuned model at full depth, which was trained on fewer rows; the same questions, 95% interval.",
  againstControl: (verdict: "gain" | "loss" | "noClearLoss" | "undecided", difference: Difference) =>
    ({
      gain: `More accurate than the whole model trained on as many rows: ${points(difference)}.`,
      loss: `Less accurate than the whole model trained on as many rows: ${points(difference)}.`,
      noClearLoss: `No clear loss against the whole model trained on as many rows: ${points(difference)}.`,
      undecided: `Too few test questions to tell it from the whole model trained on as many rows: ${points(difference)}.`,
    })[verdict],

  chat: "Chat",
  chatPreparing: "Preparing for chat",
  exportThis: "Export this depth…",
  compare: "Compare",
  trim: "To the run",
  actions: "More actions",
  showInFolder: "Show in the folder",

  figures: "Measured on held-out questions",
  figuresWithout: "Measured on held-out texts",
  questionsBehind: ({ n, ...asked }: Pick<Accuracy, "n" | "made" | "checked">) =>
    `${numberText(n)} ${asked.made ? madeText(asked) : "questions"}, 95% intervals`,
  original: "Original",
  tuned: "Fine-tuned",
  control: "Whole, trained on as many rows",
  shortControl: ({ rows, of }: ControlRows) =>
    `Whole, trained on ${numberText(rows)} of ${numberText(of)} rows`,
  trimmed: "Trimmed",
  accuracy: "Accuracy",
  guessing: (share: number) => `always the same answer: ${percentText(share)}`,
  sections: {
    choices: "Choosing an answer",
    texts: "Your texts",
    answers: "Writing an answer",
    offDomain: "Outside your field",
    chat: "In chat",
  },
  rounded: "Accuracy as it runs in chat",
  roundedTexts: "Perplexity as it runs in chat",
  roundedNote: (precision: Rounding["precision"], rows: number) =>
    `rounded to ${precision}, the same ${numberText(rows)} rows`,
  pointsOf: points,
  change,
  fromTo,
  calibration: "Calibration error",
  calibrationNote: "how far its confidence is off",
  bitsPerByte: "Bits per byte",
  bitsPerByteNote: "comparable between models",
  answersAsked: (rows: number) => `of ${numberText(rows)} answers with yours`,
  rougeL: "Overlap (ROUGE-L)",
  repetition: "Repeated passages",
  ownRepetition: (share: number) => `in your answers: ${percentText(share)}`,
  length: "Length",
  lengthNote: "relative to your answers",
  stops: "Answers that end by themselves",
  exactMatch: "Exact matches",
  perplexityRow: "Perplexity of your texts",
  lower: "lower is better",
  offDomainAccuracy: "Accuracy outside your field",
  offDomainPerplexity: "Perplexity outside your field",
  speedRow: "Speed in chat",
  speedNote: (wanted: string | null) =>
    `measured on this computer${wanted === null ? "" : `; the target was ${wanted}`}`,
  memoryRow: "Memory in chat",
  memoryNote: "estimated, for up to 4,096 tokens",
  fileRow: "Chat weights on disk",
  none: "–",
  speedText,
  bytesText,
  interval: (accuracy: Accuracy) => accuracyText(accuracy),

  answers: {
    ten: (of: number) =>
      of > 10 ? `Ten of the ${numberText(of)}, wrong ones first` : "Its answers, wrong ones first",
    wrong: () => "Wrong answers",
    lost: () => "Lost by trimming",
    won: () => "Gained by trimming",
    all: (of: number) => `All ${numberText(of)} answers`,
  },
  answersCaption: "Held-out questions and their answers",
  filter: "Which questions",
  filters: {
    ten: (_: number) => "Ten",
    wrong: (count: number) => `Wrong, ${numberText(count)}`,
    lost: (count: number) => `Lost by trimming, ${numberText(count)}`,
    won: (count: number) => `Gained, ${numberText(count)}`,
    all: (count: number) => `All, ${numberText(count)}`,
  },
  yourAnswer: "Your answer",
  judge: "Judge or correct",
  good: "Good answer",
  nothing: "(nothing)",
  ofTen: (now: number, before: number, of: number) =>
    `${numberText(now)} of these ${numberText(of)} are right, ${numberText(before)} were before.`,
  question: "Question",
  measure: "Measure",
  right: "right",
  wrong: "wrong",
  unknown: "not stored",
  noQuestions: "No question of this kind.",
  pageOf: (from: number, to: number, of: number) => `${from}–${to} of ${of}`,
  previous: "Previous questions",
  next: "Next questions",

  choose: "Choose another depth",
  depthSlider: "Depth",
  wholeName: (unit: Unit, count: number) => `${blocks(unit, count)}, fine-tuned`,
  roundName: (unit: Unit, count: number) => `${blocks(unit, count)}, not healed`,
  healedName: (unit: Unit, count: number) => `${blocks(unit, count)}, healed`,
  recommended: "recommended",
  isThis: "This is the final depth of the run.",
  use: "Save as a separate model",
  usable: (name: string) => `“${name}” is now one of your models.`,
  chosenByValidation: ({ kind, rows }: Choice) =>
    rows === 1
      ? `One validation ${rowName[kind]} decides which depth is recommended. The test ${kind} only measure it.`
      : `${numberText(rows)} validation ${kind} decide which depth is recommended. The test ${kind} only measure it.`,
  noneRecommended: "No depth is recommended.",
  tooFewRows: ({ kind, rows }: Recommendation, needed: number, floor: number | undefined) => {
    const have = counted(rows, `validation ${rowName[kind]} is`, `validation ${kind} are`);
    return `${have} too few to ${shownByRows(kind, floor)}; it takes about ${numberText(needed)}.`;
  },
  noneShown: {
    questions: `A loss of ${numberText(100 * LARGEST_UNSEEN_LOSS)} points cannot be ruled out for any depth. You can choose the fine-tuned model at full depth below.`,
    texts:
      "For no depth can it be ruled out that the texts became clearly less likely. You can choose the fine-tuned model at full depth below.",
  } satisfies Record<Choice["kind"], string>,
  noRowsToChoose: "There are no validation rows to choose it by.",
  isLargest: (healed: boolean): string =>
    healed ? "The result is the largest depth that was healed." : "The result is the largest depth.",
  notHealed: "Only the last depth was healed; the others are barely trained.",

  cost: "Costs",
  costGain: (difference: Difference, lost: number, won: number) =>
    `More accurate than the fine-tuned model at full depth: ${points(difference)}; ${counted(lost, "question")} lost, ${numberText(won)} gained. It was also trained for longer.`,
  costLoss: (difference: Difference, lost: number, won: number) =>
    `A significant loss: ${points(difference)} against the fine-tuned model at full depth; ${counted(lost, "question")} lost, ${numberText(won)} gained.`,
  costNoClearLoss: (difference: Difference, lost: number, won: number) =>
    `No clear loss in your field: ${points(difference)} against the fine-tuned model at full depth; ${counted(lost, "question")} lost, ${numberText(won)} gained.`,
  costUndecided: (difference: Difference, lost: number, won: number, n: number) =>
    `${counted(n, "question is", "questions are")} too few: the difference is between ${signedText(difference.low)} and ${signedText(difference.high)} points; ${counted(lost, "question")} lost, ${numberText(won)} gained. Add more test questions to find out.`,
  againstOriginal: (before: string, after: string) =>
    `The original model answered ${before} correctly, this one ${after}.`,
  byLikelihood:
    "The likelihood of the answers decided what was cut: the validation rows had no right answers to count.",
  offDomainFell: (before: string, after: string) =>
    `Outside your field, its accuracy went from ${before} to ${after}. Use it only for your field.`,
  offDomainKept: (before: string, after: string) =>
    `Outside your field, its accuracy did not clearly change: ${before} before, ${after} now.`,
  offDomainLoss: (before: number, after: number) =>
    `Outside your field, its perplexity went from ${numberText(before, 1)} to ${numberText(after, 1)} (lower is better).`,
  offDomainTexts: (difference: Difference) =>
    `Outside your field, its perplexity is ${ratio(difference)} that of the original model.`,
  offDomainUnknown: "What it forgot outside your field was not measured. Add off-domain data to find out.",
  fewerTokens: (kept: number, total: number) =>
    `Its vocabulary has ${numberText(kept)} of ${numberText(total)} tokens. It can still write any text, but words outside your field are spelled in more tokens, which takes longer and may be less accurate.`,
  speedUnsure:
    "Its speed is unknown, because the measured speeds contradict each other. The computer was probably busy with other work.",
  speedReached: (reached: string, wanted: string) =>
    `It answers with ${reached}, measured; the target was ${wanted}.`,
  speedMissed: (reached: string, wanted: string) =>
    `It answers with ${reached}, measured, which is less than the target of ${wanted}.`,
  writing: {
    chosenAsWell: (found: string) => `It chooses as well as before, but writes worse: ${found}.`,
    worse: (found: string) => `It writes worse than the fine-tuned model at full depth: ${found}.`,
    asWell: (difference: Difference) =>
      `It writes as well as the fine-tuned model at full depth: ROUGE-L ${points(difference)}.`,
    undecided: (difference: Difference) =>
      `Too few answers to tell whether it writes worse: ROUGE-L ${points(difference)}.`,
    textsUndecided: (difference: Difference) =>
      `Its answers are as good as those of the fine-tuned model at full depth (ROUGE-L ${points(difference)}), but there are too few texts to tell whether it knows them as well.`,
    overlap: (difference: Difference) =>
      `its answers have less in common with yours (ROUGE-L ${points(difference)})`,
    repetition: (difference: Difference) => `it repeats itself more (${points(difference)})`,
    stops: (difference: Difference) => `fewer answers end by themselves (${points(difference)})`,
    text: (difference: Difference) => `the perplexity of your texts is ${ratio(difference)} as high`,
  },
  textsVersus: (difference: Difference, rows: number) =>
    `On the same ${numberText(rows)} texts, its perplexity is ${ratio(difference)} that of the fine-tuned model at full depth (paired bootstrap).`,
  textsVersusControl: (difference: Difference, rows: number) =>
    `On the same ${numberText(rows)} texts, its perplexity is ${ratio(difference)} that of the whole model trained on as many rows (paired bootstrap).`,
  costTime: (seconds: number, memory: string) => `Made in ${durationText(seconds)}; peak memory ${memory}.`,
  floorMissed: "No depth is reliably above your floor.",
  floorMissedText: (floor: string, tuned: string) =>
    `Your floor is ${floor} of the fine-tuned accuracy (${tuned}). You can choose the fine-tuned model at full depth below.`,
  other: "Another depth is recommended.",
  otherText: (name: string, { kind }: Recommendation) => `The validation ${kind} point to ${name}.`,
  showIt: "Show it",

  shown: "shown here",
};
