/**
 * German for what failures and a run's log say in English: their reasons, and what they are about. A key is the English of the throwing code, with `{}`
 * for each value in it; a value that is a key itself is translated too. A test requires one for everything that the source says.
 */

import { DAMAGED_FILES, SECTIONS } from "./damage.ts";

const FILES = {
  "the file system is read-only": "Das Dateisystem ist schreibgeschützt",
  "it is a folder": "Es ist ein Ordner",
  "it is a folder; choose the model in it, {}": "Es ist ein Ordner; wählen Sie das Modell darin, {}",
  "it is a link to a folder that it is in":
    "Es ist eine Verknüpfung auf einen Ordner, in dem sie selbst liegt",
  "it is a link to something missing": "Es ist eine Verknüpfung, deren Ziel fehlt",
  "it is neither a file nor a folder": "Es ist weder eine Datei noch ein Ordner",
  "it is {}, not a file": "Es ist {} und keine Datei",
  "a folder": "ein Ordner",
  "a named pipe": "eine benannte Pipe",
  "a socket": "ein Socket",
  "a device": "ein Gerät",
  "it was cut short while it was in use": "Sie wurde gekürzt, während sie in Gebrauch war",
  "its folder does not exist": "Den Ordner gibt es nicht",
  "its folder is a file": "Der Ordner ist eine Datei",
  "its links form a circle": "Die Verknüpfungen führen im Kreis",
  "its name contains a NUL character": "Der Name enthält ein NUL-Zeichen",
  "its name is not in UTF-8; rename it": "Der Name ist nicht in UTF-8; benennen Sie sie um",
  "its name is too long": "Der Name ist zu lang",
  "another program holds it open": "Ein anderes Programm hält sie offen",
  "the disk reports an error": "Der Datenträger meldet einen Fehler",
  "the file would be too large for this file system": "Die Datei wäre für dieses Dateisystem zu groß",
  "too many files are open": "Es sind zu viele Dateien geöffnet",
  "it is not a regular file": "Es ist keine gewöhnliche Datei",
  "this account may not read it": "Dieses Benutzerkonto darf die Datei nicht lesen",
  "this account may not use it": "Dieses Benutzerkonto darf die Datei nicht verwenden",
  "this account may not write there": "Dieses Benutzerkonto darf dort nicht schreiben",
  "there is a file of that name": "Eine Datei heißt schon so",
  "a part of the path is a file": "Ein Teil des Pfads ist eine Datei",
  "no folder can be made there": "Dort lässt sich kein Ordner anlegen",
};

/** Why the text of a page was not recognised. */
const PAGES = {
  "the page is damaged": "die Seite ist beschädigt",
  "the page is damaged or needs too much memory":
    "die Seite ist beschädigt oder braucht zu viel Arbeitsspeicher",
  "the picture has {} × {} pixels, more than can be read":
    "das Bild hat {} × {} Pixel, mehr als gelesen werden können",
  "the picture is damaged": "das Bild ist beschädigt",
  "the picture is too small": "das Bild ist zu klein",
};

const ENGINES = {
  "it ended before the job started": "Ende vor Beginn des Auftrags",
  "it ended in the middle of the job": "Ende mitten im Auftrag",
  "it ended in the middle of the job ({})": "Ende mitten im Auftrag ({})",
  "it ended with exit code {}": "Ende mit dem Exit-Code {}",
  "it ended with exit code {} ({})": "Ende mit dem Exit-Code {} ({})",
  "it ran out of memory": "zu wenig Arbeitsspeicher",
  "it did not start in a minute": "kein Start innerhalb einer Minute",
  "{} took longer than {} s": "„{}“ dauerte länger als {} s",
  "{} took more than {} MB of memory": "„{}“ brauchte mehr als {} MB Arbeitsspeicher",
  "it broke the protocol ({})": "eine Nachricht war nicht zu verstehen ({})",
  "its script serves {}": "das Skript gehört zu: {}",
  "it took too long": "es dauerte zu lange",
  "it took too much memory": "es brauchte zu viel Arbeitsspeicher",
  "it crashed ({})": "Absturz ({})",
  "it crashed (SIGABRT), most likely for want of memory":
    "Absturz (SIGABRT), wahrscheinlich aus Mangel an Arbeitsspeicher",
  "it was killed (SIGKILL), by a person or by the system for want of memory":
    "Abbruch (SIGKILL) durch eine Person oder durch das System aus Mangel an Arbeitsspeicher",
  "it was already stopped": "schon vorher beendet",
  trainer: "Training",
  reader: "Lesen",
  recogniser: "Texterkennung",
  chat: "Chat",
  batch: "viele Antworten",
};

/** What was not found, or of what there is too little. */
const THINGS = {
  answer: "Antwort",
  "chat model": "Chat-Modell",
  configuration: "Konfiguration",
  conversation: "Gespräch",
  correction: "Korrektur",
  corrections: "Korrekturen",
  database: "Datenbank",
  "data set": "Datensatz",
  file: "Datei",
  "file or folder": "Datei oder Ordner",
  "folder of Coppice": "Ordner von Coppice",
  message: "Nachricht",
  model: "Modell",
  "model file, folder or run": "Modelldatei, Ordner oder Lauf",
  passages: "Textstücke",
  prompt: "Prompt",
  tokenizer: "Tokenizer",
  question: "Frage",
  rows: "Zeilen",
  "rows for {} that are in no other split": "Zeilen für {}, die in keinem anderen Teil vorkommen",
  train: "das Training",
  valid: "die Validierung",
  test: "den Test",
  "settings file": "Einstellungsdatei",
  "test data": "Testdaten",
  "test set": "Testdaten",
  "training rows": "Trainingszeilen",
  "training rows that go on for {} words": "Trainingszeilen, die {} Wörter lang weitergehen",
  writing: "Schreiben von Fragen",
};

/** Why a chat template, an export, a stored part or an address failed; "sie" is the template. */
const OTHERS = {
  "it creates a list of more than {} entries": "sie erzeugt eine Liste mit mehr als {} Einträgen",
  "it creates lists of more than {} entries": "sie erzeugt Listen mit mehr als {} Einträgen",
  "it creates a text of more than {} characters": "sie erzeugt einen Text mit mehr als {} Zeichen",
  "it creates more than {} characters of text": "sie erzeugt mehr als {} Zeichen Text",
  "it has more than {} spaces in a row": "sie hat mehr als {} Leerzeichen hintereinander",
  "it has {} characters, more than {}": "sie hat {} Zeichen, mehr als {}",
  "it is nested more than {} deep": "mehr als {}-fach verschachtelt",
  "it is nested too deep or makes a text too long":
    "sie ist zu tief verschachtelt oder erzeugt einen zu langen Text",
  "it is not a complete template": "sie ist unvollständig",
  "it leaves a loop that it is not in": "sie verlässt eine Schleife, in der sie nicht ist",
  "it requests a range of {} numbers": "sie verlangt einen Bereich von {} Zahlen",
  "it takes longer than {} s": "sie braucht länger als {} s",
  "it takes more than {} steps": "sie braucht mehr als {} Schritte",
  "its brackets are nested more than {} deep": "ihre Klammern sind mehr als {}-fach verschachtelt",
  "its text cannot be extracted": "ihr Text lässt sich nicht entnehmen",
  "its logits differ by up to {}": "seine Logits weichen um bis zu {} ab",
  "its tokenizer cuts texts differently": "sein Tokenizer zerlegt Texte anders",
  "it is missing": "fehlt",
  "its content has changed": "der Inhalt hat sich geändert",
  "it differs from what was written": "weicht von dem ab, was geschrieben wurde",
  "it answered with status {}": "die Antwort hatte den Status {}",
  "it sent nothing for {} seconds": "{} Sekunden lang kam nichts",
  "it took more than {} seconds": "es dauerte länger als {} Sekunden",
  "the connection ended before the file did": "die Verbindung endete vor der Datei",
};

const REASONS = germanOf({
  ...FILES,
  ...PAGES,
  ...ENGINES,
  ...THINGS,
  ...OTHERS,
  ...DAMAGED_FILES,
});
const PARTS = germanOf(SECTIONS);

interface German {
  readonly texts: Readonly<Record<string, string>>;
  /** Those with values, the ones with the most words of their own first. */
  readonly patterns: readonly Pattern[];
}

interface Pattern {
  readonly german: string;
  readonly form: RegExp;
  /** Of each value, whether it is a name in quotation marks, which stays. */
  readonly isName: readonly boolean[];
}

function germanOf(texts: German["texts"]): German {
  const patterns = Object.entries(texts)
    .filter(([english]) => english.includes("{}"))
    .sort(([a], [b]) => b.length - a.length)
    .map(([english, german]) => ({ german, ...formOf(english) }));
  return { texts, patterns };
}

function formOf(english: string): Pick<Pattern, "form" | "isName"> {
  const parts = english.split("{}");
  const escaped = parts.map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  const form = new RegExp(`^${escaped.join("(.*?)")}$`, "s");
  return { form, isName: parts.slice(0, -1).map((before) => before.endsWith('"')) };
}

function translated({ texts, patterns }: German, english: string): string | null {
  if (Object.hasOwn(texts, english)) return texts[english]!;
  for (const { form, isName, german } of patterns) {
    const values = form.exec(english)?.slice(1);
    if (!values) continue;
    const shown = values.map((value, index) => (isName[index] ? value : reasonText(value)));
    return german.replace(/\{\}/g, () => shown.shift()!);
  }
  return null;
}

/** The German of what a failure says in English; names, numbers and what the system says stay as they are. */
export function reasonText(english: string): string {
  const german = translated(REASONS, english);
  if (german !== null) return german;
  const { code } = /^(?<code>E[A-Z0-9]+): /.exec(english)?.groups ?? {};
  return code === undefined ? english : `Das System meldet ${code}`;
}

/** The German of the part of a file that is damaged; names stay as they are. */
export const sectionText = (english: string): string => translated(PARTS, english) ?? english;
