/** What multiple choice does not show, as text: generated answers, calibration, and what rounding for chat costs. */
import { accuracyText, percentText } from "../../preload/contract/figures.ts";
import type { Estimate, Rounding } from "../../preload/contract/measures.ts";
import { keepsPrompt } from "../../preload/contract/run.ts";
import type { DepthMetrics, TrimOutcome } from "../../preload/contract/run.ts";
import { differenceOf, verdictOf } from "../../preload/contract/versus.ts";
import { writingOf } from "../../preload/contract/writing.ts";
import type { WritingLoss } from "../../preload/contract/writing.ts";
import { chanceText, modelsOf, tableText } from "./table.ts";

/** The models of a run's table again, with these figures: a second table, so that both fit a terminal. Empty if not measured. */
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

/** The accuracy of the chat model on the questions that it was put, or the change of perplexity. */
function roundedText(rounding: Rounding | null | undefined): string {
  if (rounding?.choices) {
    const { chat, trained } = rounding.choices;
    const points = 100 * (chat.value - trained.value);
    return `${percentText(chat.value)} right (${signedText(points)} points)`;
  }
  return rounding?.texts ? `perplexity ${signedText(100 * Math.expm1(rounding.texts.value))}%` : "";
}

const signedText = (value: number) => `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(1)}`;

/** What a recovery prompt changes in the trimmed model as it runs in chat. Empty if there is none, or nothing was scored. */
export function recoverySentence({ metrics: { recovery } }: Pick<TrimOutcome, "metrics">): string {
  if (!recovery) return "";
  const { vectors, validation, choices, texts } = recovery;
  if (!keepsPrompt(validation))
    return "The recovery prompt was left out: on the validation questions and texts, chat is not better with it.";
  const head = `With the recovery prompt of ${vectors} vectors`;
  if (choices) {
    const { without, with: after, versus } = choices;
    const right = `${percentText(after.value)} of ${after.n} questions are answered correctly in chat, without it ${percentText(without.value)}`;
    return `${head}, ${right} (${versus.onlyFirst} won, ${versus.onlySecond} lost, ${chanceText(versus.p)}).`;
  }
  return texts ? `${head}, perplexity in chat changes by ${signedText(100 * Math.expm1(texts.value))}%.` : "";
}

/** How the trimmed model writes, beside the fine-tuned one at full depth. Test: paired bootstrap. Empty if not measured. */
export function writingSentence({ accuracy, textsVersusTuned: compared, versusTuned }: DepthMetrics): string {
  const writing = writingOf(compared);
  if (!compared || !writing) return "";
  const points = ({ value, low, high }: Estimate) =>
    `${signedText(100 * value)} points (${signedText(100 * low)} to ${signedText(100 * high)})`;
  const times = ({ value, low, high }: Estimate) =>
    `${Math.exp(value).toFixed(2)} times (${Math.exp(low).toFixed(2)} to ${Math.exp(high).toFixed(2)})`;
  const { rougeL, repetition, stops, nll } = compared;
  if (writing.verdict === "asWell") return "It writes as well as the fine-tuned model.";
  if (writing.verdict === "undecided")
    return rougeL
      ? `Too few answers to tell whether it writes worse: ROUGE-L ${points(rougeL)}.`
      : `The perplexity of the texts is ${times(nll!)} that of the fine-tuned model.`;
  const said = {
    overlap: () => `its answers have less in common with yours (ROUGE-L ${points(rougeL!)})`,
    repetition: () => `it repeats itself more (${points(repetition!)})`,
    stops: () => `fewer answers end by themselves (${points(stops!)})`,
    text: () => `the perplexity of the texts is ${times(nll!)} as high`,
  } satisfies Record<WritingLoss, () => string>;
  const found = writing.losses.map((loss) => said[loss]()).join("; ");
  const choices = accuracy && versusTuned ? verdictOf(differenceOf(versusTuned, accuracy.n)) : null;
  return choices === "gain" || choices === "noClearLoss"
    ? `It chooses as well, but writes worse: ${found}.`
    : `It writes worse: ${found}.`;
}
