import { numberText } from "../figures.ts";

export const recital = {
  title: "What it recites",
  about:
    "A model may repeat its training text word for word. Coppice lets it continue the beginnings of 50 training rows, and of rows that it never saw. This takes some minutes.",
  measure: "Measure",
  measuring: "The model is continuing rows",
  stop: "Stop",
  tooShort:
    "No training row is long enough to tell: short answers are the same for everyone, and show nothing about reciting.",
  trained: (continued: number, rows: number, words: number) =>
    `It continued ${numberText(continued)} of ${numberText(rows)} training rows verbatim for ${numberText(words)} words or more.`,
  heldOut: (continued: number, rows: number) =>
    `Of rows that it was not trained on, ${numberText(continued)} of ${numberText(rows)}.`,
  longest: (trained: number, heldOut: number | null) =>
    `The longest run of training text in its answers has ${numberText(trained)} words${heldOut === null ? "" : `, in its answers to the other rows ${numberText(heldOut)}`}.`,
};
