import type { WeightStorage } from "../../../preload/contract/plans/plan.ts";
import type { ControlRows } from "../../../preload/contract/runs/run.ts";
import { weightsText } from "../../../preload/contract/words/figures.ts";
import { numberText } from "../figures.ts";

export const compare = {
  title: "Compare",
  about: (runs: number, questions: number, data: string) => {
    const tested =
      questions === 0
        ? "test texts"
        : questions === 1
          ? "test question"
          : `${numberText(questions)} test questions`;
    return `${runs === 1 ? "One run on the" : `${runs} runs on the same`} ${tested} of “${data}”.`;
  },
  aboutOther: (runs: number) =>
    runs === 1 ? "One run, whose test data is no longer known." : `${runs} runs, tested on different data.`,
  emptyTitle: "Which model is worth it?",
  emptyText: "Compare two or more finished runs: accuracy, perplexity, speed and memory, with 95% intervals.",
  onlyOne: "Choose a second run for the comparison.",
  toLibrary: "To the library",
  chooseRuns: "Choose runs",
  chooseTitle: "Runs to compare",
  chooseText: (most: number) => `Two to ${most} finished runs.`,
  searchRuns: "Search the runs",
  noneFinished: "No run has finished yet.",
  compareNow: "Compare",
  reading: "Reading the figures",
  saveCsv: "Save as CSV",
  saveReport: "Save as report",

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
    memory: "memory in chat, estimated",
  },
  guessing: "guessing",
  figuresBelow: "The table lists the figures.",
  nothingMeasured: "There are no measurements for this axis.",

  says: "Summary",
  unknownData: "unknown data",
  notComparable: (tested: readonly string[]) =>
    `Not comparable: different test data (${tested.join("; ")}). The figures are shown side by side, but they do not show which is better.`,
  noQuestions: "The runs share no test questions, so you can compare only perplexity, speed and memory.",
  clearlyBest: (best: string) => `${best} is clearly the most accurate.`,
  bestAndFastest: (best: string) => `${best} is the most accurate, and no equally accurate model is faster.`,
  fastestEqual: (pick: string, best: string) =>
    `${pick} is the fastest model that is not clearly less accurate than ${best}, the most accurate.`,
  clearlyLess: (name: string, best: string, points: string) =>
    `${name} is clearly less accurate than ${best}: ${points} points.`,
  noClear: (name: string, best: string, points: string) =>
    `${name} and ${best} differ by ${points} points, too little to matter.`,
  undecided: (name: string, best: string, points: string) =>
    `${name} and ${best} differ by ${points} points, but there are too few questions to decide.`,
  fromTo: (low: string, high: string) => `${low} to ${high}`,
  measuredWith: (storage: WeightStorage) => `measured with ${weightsText(storage)}`,
  method:
    "Bars are 95% intervals. Models are compared question by question (McNemar's test), which detects smaller differences than comparing two bars. Memory is estimated from the size of the weights.",

  quoted: (name: string) => `“${name}”`,
  chosenByValidation:
    "These are figures from test questions, which decided nothing: validation questions choose what is cut and which depth is recommended.",

  tableTitle: "All figures",
  model: "Model",
  columns: [
    "Blocks kept",
    "Accuracy",
    "Against fine-tuned or before, points",
    "Perplexity",
    "Off-domain",
    "Tokens/s",
    "Memory",
    "File",
  ],
  base: "original",
  tuned: "fine-tuned",
  beforeImprovement: "before the improvement",
  control: "whole, trained on as many rows",
  shortControl: ({ rows, of }: ControlRows) =>
    `whole, trained on ${numberText(rows)} of ${numberText(of)} rows`,
  keptOf: (kept: number, of: number) => `${kept} of ${of}`,
  reportTitle: (names: readonly string[]) => `Comparison: ${names.join(", ")}`,
};
