/** The texts of system notifications, in the language of the settings. */
import { spokenOf } from "../../../preload/contract/language.ts";
import type { Language } from "../../../preload/contract/language.ts";

const texts: Record<Language, { done: string; failed: string }> = {
  en: { done: "The model is ready.", failed: "The run stopped with a problem." },
  de: { done: "Das Modell ist fertig.", failed: "Der Lauf ist mit einem Problem stehen geblieben." },
};

/** The text for a run's end. */
export function endNotice(
  state: "done" | "failed",
  chosen: Language | "system",
  systemLanguages: readonly string[],
): string {
  return texts[spokenOf(chosen, systemLanguages)][state];
}

const stopping: Record<Language, { message: string; detail: string; restart: string; quit: string }> = {
  en: {
    message: "The window of Coppice keeps stopping.",
    detail:
      "What was saved is safe, and a run that is under way is saved when Coppice ends. Start Coppice again; if that does not help, “coppice report” in a terminal writes a report for someone who can.",
    restart: "Start again",
    quit: "Quit",
  },
  de: {
    message: "Das Fenster von Coppice bleibt immer wieder stehen.",
    detail:
      "Was gespeichert war, ist sicher, und ein laufendes Training wird beim Beenden gespeichert. Starten Sie Coppice neu; wenn das nicht hilft, schreibt „coppice report“ in einem Terminal einen Bericht für jemanden, der helfen kann.",
    restart: "Neu starten",
    quit: "Beenden",
  },
};

/** The text of the dialog about a window that crashes repeatedly. */
export function windowKeepsStopping(chosen: Language | "system", systemLanguages: readonly string[]) {
  return stopping[spokenOf(chosen, systemLanguages)];
}
