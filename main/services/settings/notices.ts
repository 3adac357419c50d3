/** The texts of the system's notifications and dialogs, in the language of the settings. */
import { resolveLanguage } from "../../../preload/contract/words/language.ts";
import type { Language } from "../../../preload/contract/words/language.ts";
import type { WindowWork } from "../../closing.ts";

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
  return texts[resolveLanguage(chosen, systemLanguages)][end];
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
  return stopping[resolveLanguage(chosen, systemLanguages)];
}

interface Stopped {
  readonly message: string;
  readonly detail: string;
}

const stopped: Record<Language, Record<WindowWork, Stopped>> = {
  en: {
    download: {
      message: "Close the window and stop the download?",
      detail: "What has arrived is kept, and the download can be resumed.",
    },
    update: {
      message: "Close the window and stop downloading the update?",
      detail: "It can be downloaded again later.",
    },
    export: {
      message: "Close the window and stop the export?",
      detail: "What it has written is removed.",
    },
    copy: {
      message: "Close the window and stop copying Coppice's folder?",
      detail: "The unfinished copy is removed; the folder stays where it is.",
    },
    reading: {
      message: "Close the window and stop reading your data?",
      detail: "Your files stay as they are, and you can choose them again.",
    },
  },
  de: {
    download: {
      message: "Fenster schließen und den Download abbrechen?",
      detail: "Was schon da ist, bleibt erhalten, und der Download lässt sich fortsetzen.",
    },
    update: {
      message: "Fenster schließen und den Download des Updates abbrechen?",
      detail: "Das Update lässt sich später wieder herunterladen.",
    },
    export: {
      message: "Fenster schließen und den Export abbrechen?",
      detail: "Was schon geschrieben ist, wird entfernt.",
    },
    copy: {
      message: "Fenster schließen und das Kopieren von Coppices Ordner abbrechen?",
      detail: "Die unfertige Kopie wird entfernt; der Ordner bleibt, wo er ist.",
    },
    reading: {
      message: "Fenster schließen und das Einlesen Ihrer Daten abbrechen?",
      detail: "Ihre Dateien bleiben, wie sie sind, und Sie können sie wieder auswählen.",
    },
  },
};

const stoppedAll: Record<Language, { message: string; close: string; keep: string }> = {
  en: {
    message: "Close the window and stop what is in progress?",
    close: "Close and stop",
    keep: "Keep open",
  },
  de: {
    message: "Fenster schließen und abbrechen, was gerade läuft?",
    close: "Schließen und abbrechen",
    keep: "Offen lassen",
  },
};

/** The text of the dialog before a window closes on work that ends with it: one kind or several. */
export function closingStops(
  works: readonly WindowWork[],
  chosen: Language | "system",
  systemLanguages: readonly string[],
) {
  const language = resolveLanguage(chosen, systemLanguages);
  const { message, close, keep } = stoppedAll[language];
  const each = works.map((work) => stopped[language][work]);
  const [only] = each.length === 1 ? each : [];
  return {
    message: only?.message ?? message,
    detail: each.map(({ detail }) => detail).join(" "),
    close,
    keep,
  };
}

/** The items of the menu of a text. */
export type TextMenuWords = Readonly<
  Record<"undo" | "redo" | "cut" | "copy" | "paste" | "selectAll", string>
>;

const textMenu: Record<Language, TextMenuWords> = {
  en: { undo: "Undo", redo: "Redo", cut: "Cut", copy: "Copy", paste: "Paste", selectAll: "Select all" },
  de: {
    undo: "Rückgängig",
    redo: "Wiederholen",
    cut: "Ausschneiden",
    copy: "Kopieren",
    paste: "Einfügen",
    selectAll: "Alles auswählen",
  },
};

export function textMenuWords(
  chosen: Language | "system",
  systemLanguages: readonly string[],
): TextMenuWords {
  return textMenu[resolveLanguage(chosen, systemLanguages)];
}

/** The menus of the menu bar and their items, besides those that the menu of a text has. */
export type MenuBarWords = Readonly<
  Record<
    | ("file" | "edit" | "view" | "window")
    | ("quit" | "close" | "minimise" | "fullScreen" | "zoomIn" | "zoomOut" | "resetZoom"),
    string
  >
>;

const menuBar: Record<Language, MenuBarWords> = {
  en: {
    file: "File",
    edit: "Edit",
    view: "View",
    window: "Window",
    quit: "Quit",
    close: "Close the window",
    minimise: "Minimise",
    fullScreen: "Full screen",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    resetZoom: "Usual size",
  },
  de: {
    file: "Datei",
    edit: "Bearbeiten",
    view: "Ansicht",
    window: "Fenster",
    quit: "Beenden",
    close: "Fenster schließen",
    minimise: "Minimieren",
    fullScreen: "Vollbild",
    zoomIn: "Vergrößern",
    zoomOut: "Verkleinern",
    resetZoom: "Normale Größe",
  },
};

export function menuBarWords(
  chosen: Language | "system",
  systemLanguages: readonly string[],
): MenuBarWords & TextMenuWords {
  const language = resolveLanguage(chosen, systemLanguages);
  return { ...menuBar[language], ...textMenu[language] };
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
  return fileKinds[resolveLanguage(chosen, systemLanguages)];
}
