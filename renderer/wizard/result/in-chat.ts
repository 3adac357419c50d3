/** Sentences about what changes the run's model in chat: mixed bits and a recovery prompt. */
import { isBetterInChat } from "../../../preload/contract/runs/run.ts";
import type { MixedOutcome, RecoveryOutcome, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { raisedGroups } from "../../../preload/contract/words/mixed-words.ts";
import { accuracyText, bytesText } from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";

/** The sentences; none if the plan has neither. */
export function inChatSentences({ mixed, recovery }: TrimOutcome["metrics"]): string[] {
  return [...(mixed ? mixedSentences(mixed) : []), ...(recovery ? recoverySentences(recovery) : [])];
}

function mixedSentences({ raised, of, moreBytes, validation, choices }: MixedOutcome): string[] {
  const words = t.result.mixed;
  if (raised.length === 0) return [words.none];
  if (!isBetterInChat(validation)) return [words.leftOut(raised.length, of)];
  const likelier = Math.expm1(validation.without! - validation.with!);
  const kept = words.kept(raised.length, of, bytesText(moreBytes), likelier);
  const places = words.places(raisedGroups(raised));
  if (!choices) return [kept, places];
  const { without, with: after, versus } = choices;
  const figures = [accuracyText(without), accuracyText(after)] as const;
  return [kept, places, words.onTest(...figures, versus.onlyFirst, versus.onlySecond)];
}

function recoverySentences({ vectors, validation, choices, texts }: RecoveryOutcome): string[] {
  const words = t.result;
  if (!isBetterInChat(validation)) return [words.notRecovered];
  if (choices) {
    const { without, with: after, versus } = choices;
    const figures = [accuracyText(without), accuracyText(after)] as const;
    return [words.recovered(vectors, ...figures, versus.onlyFirst, versus.onlySecond)];
  }
  return texts ? [words.recoveredTexts(vectors, texts)] : [];
}
