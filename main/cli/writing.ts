/** Figures that multiple choice does not show, as text: generated answers, calibration, and the cost of rounding for chat. */
import { differenceOf, verdictOf } from "../../preload/contract/results/versus.ts";
import { writingOf } from "../../preload/contract/results/writing.ts";
import type { WritingLoss } from "../../preload/contract/results/writing.ts";
import type { Estimate, Rounding } from "../../preload/contract/runs/measures.ts";
import { isBetterInChat } from "../../preload/contract/runs/run.ts";
import type { ChangeInChat, DepthMetrics, TrimOutcome } from "../../preload/contract/runs/run.ts";
import {
  accuracyText,
  bytesText,
  counted,
  percentText,
  signedText,
} from "../../preload/contract/words/figures.ts";
import { raisedText } from "../../preload/contract/words/mixed-words.ts";
import { modelsOf, tableText } from "./table.ts";
import { chanceText, pointsText } from "./verdict.ts";

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

/** What mixed bits change in the trimmed model as it runs in chat. Empty if the plan has none. */
export function mixedSentence({ metrics: { mixed } }: Pick<TrimOutcome, "metrics">): string {
  if (!mixed) return "";
  const { raised, of, moreBytes, validation } = mixed;
  const parts = `${raised.length} of ${counted(of, "projection")}`;
  if (raised.length === 0)
    return "No projection keeps more than 4 bits: none makes the rounded weights better.";
  if (!isBetterInChat(validation))
    return `All projections have 4 bits: on the validation questions and texts, chat is not better with 8 for ${parts}.`;
  const { without, with: after } = validation;
  const won = `validation NLL in chat ${after!.toFixed(3)} instead of ${without!.toFixed(3)}`;
  return `${parts} keep 8 bits (${raisedText(raised)}), which take ${bytesText(moreBytes)}: ${won}${testText(mixed)}.`;
}

/** What changes on test rows. */
function testText({ choices, texts }: ChangeInChat): string {
  if (choices) {
    const { without, with: after, versus } = choices;
    return `; ${percentText(after.value)} of ${after.n} test questions are answered correctly, before ${percentText(without.value)} (${versus.onlyFirst} won, ${versus.onlySecond} lost, ${chanceText(versus.p)})`;
  }
  return texts ? `; perplexity of test texts ${signedText(Math.expm1(texts.value))}%` : "";
}

/** What became of the answers that the tuned model rewrote. Empty if the plan rewrites none. */
export function rewrittenSentence({ metrics: { rewritten } }: Pick<TrimOutcome, "metrics">): string {
  if (!rewritten) return "";
  const { asked, kept, same } = rewritten;
  if (asked === 0) return "No answers were rewritten: no training row has free text for an answer.";
  const share = (part: number) => percentText(part / asked);
  return `The fine-tuned model rewrote ${asked} answers of training rows: ${share(kept)} took the place of the original, ${share(same)} were the original, and ${share(asked - kept - same)} failed the checks.`;
}

/** What a recovery prompt changes in the trimmed model as it runs in chat. Empty if there is none, or nothing was scored. */
export function recoverySentence({ metrics: { recovery } }: Pick<TrimOutcome, "metrics">): string {
  if (!recovery) return "";
  const { vectors, validation, choices, texts } = recovery;
  if (!isBetterInChat(validation))
    return "The recovery prompt was left out: on the validation questions and texts, chat is not better with it.";
  const head = `With the recovery prompt of ${vectors} vectors`;
  if (choices) {
    const { without, with: after, versus } = choices;
    const right = `${percentText(after.value)} of ${counted(after.n, "question")} are answered correctly in chat, without it ${percentText(without.value)}`;
    return `${head}, ${right} (${versus.onlyFirst} won, ${versus.onlySecond} lost, ${chanceText(versus.p)}).`;
  }
  return texts ? `${head}, perplexity in chat changes by ${signedText(Math.expm1(texts.value))}%.` : "";
}

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
  const choices = accuracy && versusTuned ? verdictOf(differenceOf(versusTuned, accuracy.n)) : null;
  return choices === "gain" || choices === "noClearLoss"
    ? `It chooses as well, but writes worse: ${found}.`
    : `It writes worse: ${found}.`;
}
