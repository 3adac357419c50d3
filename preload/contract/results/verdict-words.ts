/** The verdict on a model in English, for the command line and the window. */
import type { Advice, Headline, Judged, Reason } from "./verdict.ts";
import { ENOUGH_QUESTIONS, ENOUGH_ROWS } from "./verdict.ts";
import type { Verdict } from "../runs/verdicts.ts";

export const verdictWords: Readonly<Record<Verdict, string>> = {
  ready: "Ready to use.",
  "with-care": "Usable with care.",
  "too-few": "Too few to judge.",
  "not-yet": "Not yet of use.",
  "no-use": "Of no use.",
};

export const reasonWords: Readonly<Record<Reason, string>> = {
  guesses: "It is little better than always giving the same answer.",
  "may-guess": "It is not clearly better than always giving the same answer.",
  "few-right": "Too many of its answers are wrong.",
  "some-wrong": "Some of its answers are wrong.",
  "no-match": "Almost none of its answers match yours.",
  "few-match": "Too few of its answers match yours.",
  "some-differ": "Its written answers often differ from yours.",
  "runs-on": "Its answers do not end by themselves.",
  repeats: "It repeats itself.",
  "prompt-better": "The original model with three of your examples in its prompt answers better.",
  "prompt-as-good": "The original model with three of your examples in its prompt may answer as well.",
  "worse-than-whole": "It lost accuracy when it was cut.",
  "writes-worse": "It writes worse than before it was cut.",
  unlikelier: "Your texts are less likely to it than to the original model.",
  unchecked: "Nobody has checked most of the test questions.",
  "few-questions": "There are too few test questions to judge it by.",
  "no-questions": "There are no questions to judge it by.",
};

export const adviceWords: Readonly<Record<Advice, string>> = {
  "fewer-cuts": "Keep more of the model, or use the fine-tuned model at full depth.",
  "larger-model": "Take a larger model.",
  "more-rows": `Add training rows: ${ENOUGH_ROWS} are a good start.`,
  "more-questions": `Add questions until ${ENOUGH_QUESTIONS} are held out.`,
  "own-questions": "Add questions with answers, or have them written from your documents.",
  "check-answers": "Check its answers before you rely on them.",
  "check-questions": "Check the questions that were written.",
  "read-answers": "Read these answers.",
};

/** "78 of 100 right, was 58.", in answers that match if there are no choices. */
export function headlineText({ kind, now, before }: Headline): string {
  const was = before === null ? "" : `, was ${before.count}`;
  return `${now.count} of ${now.of} ${{ right: "right", match: "match yours" }[kind]}${was}.`;
}

/** The verdict, the figure behind it, its strongest reason, and what to do. */
export function verdictText({ verdict, reasons, advice }: Judged, headline: Headline | null): string {
  const [reason] = reasons;
  return [
    verdictWords[verdict],
    headline && headlineText(headline),
    reason && reasonWords[reason],
    ...advice.map((code) => adviceWords[code]),
  ]
    .filter(Boolean)
    .join(" ");
}
