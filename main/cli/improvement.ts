/** What an improvement won and lost, in sentences. */
import type { DepthMetrics, ImprovementOutcome, TrimOutcome } from "../../preload/contract/runs/run.ts";
import { ENOUGH_CORRECTIONS } from "../../preload/contract/chat/correction.ts";
import { differenceOf, changeOf } from "../../preload/contract/results/versus.ts";
import { chanceText, pointsText } from "./verdict.ts";
import { counted, madeText } from "../../preload/contract/words/figures.ts";

/** Its corrections first, then the old test questions or texts. Empty for other runs. */
export function improvementSentences({ metrics: { improvement, trimmed } }: TrimOutcome): string[] {
  return improvement ? [...learnt(improvement), ...wonAndLost(trimmed)] : [];
}

function learnt({ corrections, rehearsed, written, likelier }: ImprovementOutcome): string[] {
  const trained = `Trained on ${counted(corrections, "correction")} and ${counted(rehearsed, "row")} that it knew.`;
  const asked =
    written.of === 0
      ? []
      : [`It now answers ${written.after} of ${written.of} as corrected (before: ${written.before}).`];
  const compared =
    likelier.of === 0
      ? []
      : [
          `The right answer is now likelier than the wrong one for ${likelier.after} of ${likelier.of} (before: ${likelier.before}).`,
        ];
  return [trained, ...asked, ...compared];
}

function wonAndLost({ accuracy, versusTuned, textsVersusTuned }: DepthMetrics): string[] {
  if (accuracy && versusTuned) {
    const difference = differenceOf(versusTuned, accuracy.n);
    const { won, lost, p } = difference;
    const points = `${pointsText(difference)}, ${chanceText(p)}`;
    const words = {
      gain: "It got better on them.",
      loss: "It got worse on them.",
      noClearLoss: "No clear loss.",
      undecided: "Too few questions to tell whether it lost accuracy.",
    };
    const asked = accuracy.made ? madeText(accuracy) : "test questions";
    return [
      `Of the ${accuracy.n} ${asked} it won ${won} and lost ${lost}: ${points}. ${words[changeOf(difference)]}`,
    ];
  }
  const texts = textsVersusTuned?.nll;
  if (!texts) return [];
  const times = [texts.value, texts.low, texts.high].map((nats) => Math.exp(nats).toFixed(2));
  return [`The perplexity of the test texts is ${times[0]} times that before (${times[1]} to ${times[2]}).`];
}

/** Why this few corrections are hardly worth an improvement; null if there are enough. */
export function fewCorrections(count: number): string | null {
  if (count >= ENOUGH_CORRECTIONS) return null;
  const what = count === 1 ? "One correction teaches" : `${count} corrections teach`;
  return `${what} the model little more than these very words; with some more it learns what they have in common.`;
}
