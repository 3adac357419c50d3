import { accuracyText, bytesText, numberText, percentText, speedText } from "../figures.ts";
import type { Accuracy } from "../../../preload/contract/run.ts";

type Unit = "block" | "sublayer";

/** A difference of shares, in points. */
const signed = (share: number) => {
  const text = numberText(Math.abs(100 * share), 1);
  return `${share < 0 && text !== "0.0" ? "−" : "+"}${text}`;
};

const blocks = (unit: Unit, count: number) =>
  unit === "block"
    ? `${count} block${count === 1 ? "" : "s"}`
    : `${count} half-block${count === 1 ? "" : "s"}`;

interface Difference {
  value: number;
  low: number;
  high: number;
}
const points = ({ value, low, high }: Difference) =>
  `${signed(value)} points (${signed(low)} to ${signed(high)})`;

const chance = (p: number) => (p < 0.001 ? "p < 0.001" : `p = ${numberText(p, p < 0.01 ? 3 : 2)}`);

export const result = {
  title: "Result",
  notDone: "This run has no result yet.",
  notDoneText: "The result is measured when the run ends.",
  toRun: "To the run",

  verdict: (depth: string, speed: string | null, quality: string) =>
    `${depth}${speed === null ? "" : `, answers ${speed}`}, ${quality}.`,
  depthOf: (unit: Unit, kept: number, total: number) => `${kept} of ${blocks(unit, total)}`,
  speed: (ratio: number) =>
    ratio > 0.97 && ratio < 1.03 ? "as fast as before" : `about ${numberText(ratio, 1)}× as fast`,
  gain: (difference: Difference) => `and a gain in accuracy of ${points(difference)}`,
  loss: (difference: Difference) => `and a loss in accuracy: ${points(difference)}`,
  noClearLoss: (difference: Difference) => `and no clear loss of accuracy: ${points(difference)}`,
  undecided: (difference: Difference) =>
    `and the test questions are too few to tell whether it lost accuracy: ${points(difference)}`,
  whole: (before: string, after: string) => `fine-tuned at full depth: accuracy from ${before} to ${after}`,
  perplexity: (before: number, after: number) =>
    `with a perplexity of ${numberText(after, 1)} (fine-tuned whole: ${numberText(before, 1)})`,
  notMeasured: "and nothing could be measured",
  against: "Against the fine-tuned whole model, on the same questions; 95% interval.",

  chat: "Chat",
  chatPreparing: "Making it ready for chat",
  export: "Export",
  exportThis: "Export this depth…",
  exportAbout: "A folder in the Hugging Face layout, with the chat model beside",
  compare: "Compare",
  trim: "To the run",
  actions: "More actions",
  exporting: (depth: string) => `Writing ${depth}`,
  exported: (depth: string) => `${depth}: saved.`,
  exportedText: (size: string, path: string) => `${size} in ${path}`,
  showInFolder: "Show in the folder",

  figures: "Measured on questions it never saw",
  figuresWithout: "Measured on texts it never saw",
  questionsBehind: (count: number) => `${numberText(count)} questions, 95% intervals`,
  original: "Original",
  tuned: "Fine-tuned",
  trimmed: "Trimmed",
  accuracy: "Accuracy",
  guessing: (share: number) => `always the same answer: ${percentText(share)}`,
  chanceLevel: (share: number) => `chance: ${percentText(share)}`,
  exactMatch: "Answers right to the letter",
  perplexityRow: "Perplexity of your texts",
  lower: "lower is better",
  offDomainAccuracy: "Accuracy off your field",
  offDomainPerplexity: "Perplexity off your field",
  speedRow: "Speed in chat",
  speedNote: "measured on this computer",
  memoryRow: "Memory in chat",
  memoryNote: "estimated, for up to 4,096 tokens",
  fileRow: "Chat weights on disk",
  none: "–",
  speedText,
  bytesText,
  interval: (accuracy: Accuracy) => accuracyText(accuracy),

  answers: "The same questions, three models",
  filter: "Which questions",
  all: (count: number) => `All, ${numberText(count)}`,
  lost: (count: number) => `Lost by trimming, ${numberText(count)}`,
  won: (count: number) => `Won, ${numberText(count)}`,
  differ: (count: number) => `Where they differ, ${numberText(count)}`,
  question: "Question",
  rightAnswer: (answer: string) => `Right answer: ${answer}`,
  right: "right",
  wrong: "wrong",
  unknown: "not kept",
  noQuestions: "No question of this kind.",
  pageOf: (from: number, to: number, of: number) => `${from}–${to} of ${of}`,
  previous: "Previous questions",
  next: "Next questions",
  mcNemar: (lost: number, won: number, p: number) =>
    `Trimming lost ${numberText(lost)} and won ${numberText(won)}: ${chance(p)} (exact McNemar test against the fine-tuned whole model).`,

  choose: "Choose another depth",
  depthSlider: "Depth",
  wholeName: (unit: Unit, count: number) => `${blocks(unit, count)}, fine-tuned whole`,
  roundName: (unit: Unit, count: number) => `${blocks(unit, count)}, not healed`,
  healedName: (unit: Unit, count: number) => `${blocks(unit, count)}, healed`,
  recommended: "recommended",
  isThis: "This is the depth that the run made.",
  use: "Make it a model of its own",
  usable: (name: string) => `${name} is now among your models.`,
  chooseNote:
    "Every depth was measured on the same test questions. Choosing by them flatters the choice a little. Only the last one was healed: those between are hardly trained.",

  cost: "What it cost",
  costGain: (difference: Difference, lost: number, won: number) =>
    `More right than the fine-tuned whole model: ${points(difference)}; ${lost} questions lost, ${won} won. It was trained for longer, too.`,
  costLoss: (difference: Difference, lost: number, won: number) =>
    `A loss that chance does not explain: ${points(difference)} against the fine-tuned whole model; ${lost} questions lost, ${won} won.`,
  costNoClearLoss: (difference: Difference, lost: number, won: number) =>
    `No clear loss in your field: ${points(difference)} against the fine-tuned whole model; ${lost} questions lost, ${won} won.`,
  costUndecided: (difference: Difference, lost: number, won: number, n: number) =>
    `${numberText(n)} questions cannot tell: the difference lies between ${signed(difference.low)} and ${signed(difference.high)} points; ${lost} questions lost, ${won} won. More test questions would.`,
  againstOriginal: (before: string, after: string) =>
    `As it came, the model had ${before} right; now ${after}.`,
  notBetterThanConstant: (share: number) =>
    `Not clearly better than always giving the same answer, which has ${percentText(share)} right.`,
  offDomainFell: (before: string, after: string) =>
    `Off your field its accuracy went from ${before} to ${after}. Use it for what it was trained on.`,
  offDomainKept: (before: string, after: string) =>
    `Off your field no clear change of accuracy was seen: ${before} before, ${after} now.`,
  offDomainLoss: (before: number, after: number) =>
    `Off your field its perplexity went from ${numberText(before, 1)} to ${numberText(after, 1)} (lower is better).`,
  offDomainUnknown: "What it forgot off your field was not measured: no such data was given.",
  speedUnsure:
    "How fast it is cannot be told: the measured speeds do not fit each other. The computer was probably busy with something else.",
  costTime: (time: string, memory: string) => `Made in ${time}; highest memory ${memory}.`,
  floorMissed: "No depth stays surely above your floor.",
  floorMissedText: (floor: string, tuned: string) =>
    `You wanted at least ${floor} of the fine-tuned accuracy (${tuned}). The fine-tuned whole model can be chosen below.`,
  other: "Another depth is recommended.",
  otherText: (name: string) => `By your floor and these questions: ${name}.`,
  showIt: "Show it",

  curve: "Accuracy as the model gets shallower",
  shown: "shown here",
  notes: "Notes and tags",
  note: "Note",
  notePlaceholder: "What this run was for, what you found",
  tags: "Tags",
  addTag: "Add a tag",
  removeTag: (tag: string) => `Remove the tag ${tag}`,
  saved: "Saved",
};
