/** Figures that multiple choice does not show, as text: generated answers, calibration, and the cost of rounding for chat. */
import { differenceOf, changeOf } from "../../preload/contract/results/versus.ts";
import { writingOf } from "../../preload/contract/results/writing.ts";
import type { WritingLoss } from "../../preload/contract/results/writing.ts";
import type { Estimate, Rounding } from "../../preload/contract/runs/measures.ts";
import type { DepthMetrics, TrimOutcome } from "../../preload/contract/runs/run.ts";
import {
  accuracyText,
  bytesText,
  decimalText,
  percentText,
  signedText,
} from "../../preload/contract/words/figures.ts";
import { methodSentences } from "../../preload/methods/sentences.ts";
import { modelsOf, tableText } from "./table.ts";
import { pointsText } from "./verdict.ts";

/** A second table of a run's models with these figures; one table would not fit a terminal. Empty if not measured. */
export function writingTable(outcome: TrimOutcome): string[] {
  const all = modelsOf(outcome);
  if (all.every(({ model: { generated, calibration } }) => !generated && !calibration)) return [];
  const share = (estimate: Estimate | null | undefined) => (estimate ? accuracyText(estimate) : "");
  const rows = all.map(({ name, model: { generated, calibration, bitsPerByte, rounding } }) => [
    name,
    bitsPerByte === null ? "" : bitsPerByte.toFixed(3),
    calibration ? percentText(calibration.value) : "",
    share(generated?.rougeL),
    generated ? percentText(generated.repetition.value) : "",
    generated ? `${generated.length.toFixed(2)}x` : "",
    generated?.stops ? percentText(generated.stops.value) : "",
    roundedText(rounding),
  ]);
  const { tuned, trimmed } = outcome.metrics;
  const precision = tuned.rounding?.precision ?? trimmed.rounding?.precision ?? "chat";
  const header = [
    "",
    "bits/byte",
    "calibration",
    "ROUGE-L (95%)",
    "repeats",
    "length",
    "ends",
    `in ${precision}`,
  ];
  return tableText(header, rows);
}

/** The accuracy of the chat model on the questions that it was asked, or the change in perplexity. */
function roundedText(rounding: Rounding | null | undefined): string {
  if (rounding?.choices) {
    const { chat, trained } = rounding.choices;
    return `${percentText(chat.value)} right (${signedText(chat.value - trained.value)} points)`;
  }
  return rounding?.texts ? `perplexity ${signedText(Math.expm1(rounding.texts.value))}%` : "";
}

/** What the run's methods gave. */
export const methodsText = ({ metrics: { methods } }: Pick<TrimOutcome, "metrics">): string =>
  methodSentences(methods, "en", {
    number: (value, digits = 0) => decimalText(value, digits),
    percent: percentText,
    bytes: bytesText,
    accuracy: accuracyText,
  }).join(" ");

/** "1.08 times (1.05 to 1.11)", from a difference in nats per token. */
const times = ({ value, low, high }: Estimate): string =>
  `${Math.exp(value).toFixed(2)} times (${Math.exp(low).toFixed(2)} to ${Math.exp(high).toFixed(2)})`;

/** How well the trimmed model knows the texts, compared with the control. Test: paired bootstrap. Empty if not measured. */
export const controlTextsSentence = ({ textsVersusControl: texts }: DepthMetrics): string =>
  texts
    ? `The perplexity of the texts is ${times(texts)} that of the whole model trained on as many rows.`
    : "";

/** How the trimmed model writes, compared with the fine-tuned one at full depth. Test: paired bootstrap. Empty if not measured. */
export function writingSentence({ accuracy, textsVersusTuned: compared, versusTuned }: DepthMetrics): string {
  const writing = writingOf(compared);
  if (!compared || !writing) return "";
  const { rougeL, repetition, stops, nll } = compared;
  if (writing.verdict === "asWell") return "It writes as well as the fine-tuned model.";
  if (writing.verdict === "textsUndecided")
    return `Its answers are as good as the fine-tuned model's (ROUGE-L ${pointsText(rougeL!)}); too few texts to tell whether their perplexity, ${times(nll!)} as high, is worse.`;
  if (writing.verdict === "undecided")
    return rougeL
      ? `Too few answers to tell whether it writes worse: ROUGE-L ${pointsText(rougeL)}.`
      : `The perplexity of the texts is ${times(nll!)} that of the fine-tuned model.`;
  const said = {
    overlap: () => `its answers have less in common with yours (ROUGE-L ${pointsText(rougeL!)})`,
    repetition: () => `it repeats itself more (${pointsText(repetition!)})`,
    stops: () => `fewer answers end by themselves (${pointsText(stops!)})`,
    text: () => `the perplexity of the texts is ${times(nll!)} as high`,
  } satisfies Record<WritingLoss, () => string>;
  const found = writing.losses.map((loss) => said[loss]()).join("; ");
  const choices = accuracy && versusTuned ? changeOf(differenceOf(versusTuned, accuracy.n)) : null;
  return choices === "gain" || choices === "noClearLoss"
    ? `It chooses as well, but writes worse: ${found}.`
    : `It writes worse: ${found}.`;
}
