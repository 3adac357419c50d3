import { bytesText, numberText } from "../figures.ts";
import { counted } from "./counted.ts";

export const corrections = {
  correct: "Correct this answer",
  right: "The right answer",
  passage: "Passage that supports it",
  passageHint: "Optional. It is kept with the correction.",
  kept: "Stored on this computer with its question. Nothing leaves it.",
  save: "Save the correction",
  corrected: "Corrected",
  wrong: "The model’s answer",
  change: "Change the correction",
  takeBack: "Take the correction back",
  takenBack: "The correction was taken back.",
  heldOut: {
    test: "This question, or a sentence of its answer, is in the test part of the run’s data. The correction is kept, but never trained on, so that the test stays fair.",
    valid:
      "This question, or a sentence of its answer, is in the validation part of the run’s data. The correction is kept, but never trained on, so that the choice stays fair.",
    offDomain:
      "This question, or a sentence of its answer, is in the off-domain part of the run’s data. The correction is kept, but never trained on, so that the measurement stays fair.",
  },
  keepWith: (count: number) => `Keep the ${counted(count, "correction")} of its answers`,
  keepWithHint: "Kept corrections can still be trained on. Otherwise they are deleted, too.",

  eraseText: (count: number) =>
    count === 1
      ? "The correction in it is deleted too, and no longer shown with its answer in chat."
      : `The ${numberText(count)} corrections in it are deleted too, and no longer shown with their answers in chat.`,

  improve: "Improve with corrections…",
  improveWith: (count: number) => `Improve with ${counted(count, "correction")}`,
  title: "Improve with corrections",
  about:
    "A new run starts from this run’s model and cuts nothing. It trains on your corrections and on rows that the model knows, so that it does not forget them, and is measured on the same test questions, without those that you corrected.",
  none: "There are no corrections yet. Choose “Correct this answer” beside an answer that is wrong, on the result page or in chat.",
  addFromFiles: "Add from a file…",
  filesHint: "A table or JSON with questions and right answers; optionally the wrong answer and a passage.",
  added: (count: number) => `${counted(count, "correction")} added.`,
  toChat: "Chat with the model",
  few: (count: number) =>
    count === 1
      ? "One correction teaches the model little more than these very words. With a few more it learns what they have in common."
      : `${numberText(count)} corrections teach the model little more than these very words. With a few more it learns what they have in common.`,
  leftOut: (count: number) =>
    count === 1
      ? "One correction is left out: its question or answer measures the model."
      : `${numberText(count)} corrections are left out: their questions or answers measure the model.`,
  list: "Corrections",
  measuring: "Measuring how long it will take",
  outlook: (time: string, memory: number) => `About ${time}; needs ${bytesText(memory)} of memory.`,

  now: {
    tune: "Training on your corrections, and on rows that the model knows.",
    done: "The model is improved, measured and saved.",
  },
  from: "Improved from",
  later: "Improved as",
  before: "Before",
  after: "Improved",
  sentence: (won: number, lost: number, of: number) =>
    `Of the ${numberText(of)} old test questions it won ${numberText(won)} and lost ${numberText(lost)}.`,
  texts: "Its figures on the old test texts are below.",
  trainedOn: (corrections: number, rows: number) =>
    `Trained on ${counted(corrections, "correction")} and ${counted(rows, "row")} that the model knew.`,
  card: "What it learnt",
  written: "Answers as you corrected",
  writtenNote: "in chat, of those short enough to compare",
  likelier: "Right answer likelier than the wrong one",
  ofAll: (count: number, of: number) => `${numberText(count)} of ${numberText(of)}`,
  verdict: {
    gain: "A gain on the old test questions",
    loss: "A loss on the old test questions",
    noClearLoss: "No clear loss on the old test questions",
    undecided: "Too few test questions to tell whether it lost accuracy",
  },
  answers: "The old test questions",
  lostFilter: (count: number) => `Lost, ${numberText(count)}`,
};
