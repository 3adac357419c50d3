import { weightsText } from "../../../preload/contract/figures.ts";
import type { WeightStorage } from "../../../preload/contract/plan.ts";

export const compare = {
  title: "Compare",
  about: (runs: number, questions: string, data: string) =>
    `${runs === 1 ? "One run" : `${runs} runs`} on the same ${questions} test questions of “${data}”.`,
  aboutOther: (runs: number) => `${runs === 1 ? "One run" : `${runs} runs`}, tested on different data.`,
  emptyTitle: "Which one is worth it?",
  emptyText:
    "Lay two or more finished runs over each other: accuracy, perplexity, speed and memory, with what chance leaves open.",
  onlyOne: "Choose a second run to compare this one with.",
  toLibrary: "To the library",
  chooseRuns: "Choose runs",
  chooseTitle: "Runs to compare",
  chooseText: (most: number) => `Two to ${most} finished runs.`,
  searchRuns: "Search the runs",
  compareNow: "Compare",
  reading: "Reading the figures",
  saveCsv: "Save as CSV",
  saveReport: "Save as report",
  saved: "Saved",
  show: "Show the file",

  chartTitle: (measure: string, axis: string) => `${measure} against ${axis.toLocaleLowerCase()}`,
  measure: "Measure",
  measures: { accuracy: "Accuracy", perplexity: "Perplexity" },
  axis: "Horizontal axis",
  axes: { depth: "Depth", speed: "Speed", memory: "Memory" },
  axisNames: {
    blocks: "blocks left",
    halves: "half-blocks left",
    share: "share of the blocks left",
    speed: "speed in chat, tokens/s",
    memory: "memory in chat, about",
  },
  guessing: "guessing",
  figuresBelow: "The figures are in the table.",
  nothingMeasured: "Nothing was measured for this axis.",

  says: "What this says",
  unknownData: "unknown data",
  notComparable: (tested: readonly string[]) =>
    `Not comparable: other test data (${tested.join("; ")}). Their figures stand side by side, but which is better cannot be said.`,
  noQuestions:
    "There are no test questions that both answered, so only perplexity, speed and memory can be compared.",
  clearlyBest: (best: string) => `${best} is clearly the most accurate one.`,
  bestAndFastest: (best: string) =>
    `${best} is the most accurate one, and none that cannot be told apart from it is faster.`,
  fastestEqual: (pick: string, best: string) =>
    `${pick} is the fastest one whose accuracy is not clearly below that of ${best}, the most accurate one.`,
  clearlyLess: (name: string, best: string, points: string) =>
    `${name} is clearly less accurate than ${best}: ${points} points.`,
  noClear: (name: string, best: string, points: string) =>
    `${name} and ${best} differ by ${points} points: too little to decide on.`,
  undecided: (name: string, best: string, points: string) =>
    `${name} and ${best} differ by ${points} points: the questions are too few to decide on.`,
  fromTo: (low: string, high: string) => `${low} to ${high}`,
  measuredWith: (storage: WeightStorage) => `measured with ${weightsText(storage)}`,
  method:
    "Bars are 95% intervals. Differences are taken question by question (McNemar), which is finer than comparing two bars. Memory is an estimate from the size of the weights.",

  tableTitle: "All figures",
  model: "Model",
  columns: [
    "Blocks kept",
    "Accuracy",
    "Against fine-tuned, points",
    "Perplexity",
    "Off-domain",
    "Tokens/s",
    "Memory",
    "File",
  ],
  base: "original",
  tuned: "fine-tuned",
  keptOf: (kept: number, of: number) => `${kept} of ${of}`,
  reportTitle: (names: readonly string[]) => `Comparison: ${names.join(", ")}`,
};
