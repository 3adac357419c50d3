/** The texts of the system's notifications and dialogs, in the language of the settings. */
import { spokenOf } from "../../../preload/contract/language.ts";
import type { Language } from "../../../preload/contract/language.ts";

/** The end of a run, or of writing questions. */
export type NoticedEnd = "done" | "failed" | "written" | "writing-failed";

const texts: Record<Language, Record<NoticedEnd, string>> = {
  en: {
    done: "The model is ready.",
    failed: "The run stopped with a problem.",
    written: "The questions are written.",
    "writing-failed": "Writing questions stopped with a problem.",
  },
  de: {
    done: "Das Modell ist fertig.",
    failed: "Der Lauf ist mit einem Problem stehen geblieben.",
    written: "Die Fragen sind geschrieben.",
    "writing-failed": "Das Schreiben der Fragen ist mit einem Problem stehen geblieben.",
  },
};

/** The text for such an end. */
export function endNotice(
  end: NoticedEnd,
  chosen: Language | "system",
  systemLanguages: readonly string[],
): string {
  return texts[spokenOf(chosen, systemLanguages)][end];
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

/** The names of the file types in the system's file dialog. */
export interface FileKindNames {
  readonly models: string;
  readonly data: string;
  readonly all: string;
}

const fileKinds: Record<Language, FileKindNames> = {
  en: { models: "Models", data: "Data", all: "All files" },
  de: { models: "Modelle", data: "Daten", all: "Alle Dateien" },
};

/** The names of the file types in the language of the settings. */
export function fileKindNames(
  chosen: Language | "system",
  systemLanguages: readonly string[],
): FileKindNames {
  return fileKinds[spokenOf(chosen, systemLanguages)];
}
