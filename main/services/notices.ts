/** What the system's notices say, in the language of the settings. */
import { spokenOf } from "../../preload/contract/language.ts";
import type { Language } from "../../preload/contract/language.ts";

const texts: Record<Language, { done: string; failed: string }> = {
  en: { done: "The model is ready.", failed: "The run stopped with a problem." },
  de: { done: "Das Modell ist fertig.", failed: "Der Lauf ist mit einem Problem stehen geblieben." },
};

/** The words of a run's end. */
export function endNotice(
  state: "done" | "failed",
  chosen: Language | "system",
  systemLanguages: readonly string[],
): string {
  return texts[spokenOf(chosen, systemLanguages)][state];
}
