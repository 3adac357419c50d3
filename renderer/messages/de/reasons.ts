/**
 * German for what failures and a run's log say in English: their reasons, and what they are about. A key is the English of the throwing code, with `{}`
 * for each value in it; a value that is a key itself is translated too. A test requires one for everything that the source says.
 */

import { changes } from "../../../preload/methods/index.ts";
import { DAMAGED_FILES, SECTIONS } from "./damage.ts";
import { RUN_LOG } from "./run-log.ts";

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

/** What a choice was about. */
const SUBJECTS = {
  "A depth of {} {}": "Eine Tiefe von {} {}",
  blocks: "Blöcken",
  "half-blocks": "Halbblöcken",
  "A download": "Herunterladen",
  "A download of {}": "Herunterladen von {}",
  "A stored prompt": "Eine gespeicherte Vorgabe",
  "A second copy": "Eine zweite Kopie",
  "A smaller vocabulary": "Ein kleineres Vokabular",
  "A test or validation set of {} rows": "Ein Test- oder Validierungsdatensatz von {} Zeilen",
  "A time of {}": "Eine Zeit von {}",
  "A speed of {}": "Ein Tempo von {}",
  "An adapter": "Ein Adapter",
  "Correcting this answer": "Diese Antwort korrigieren",
  Exporting: "Exportieren",
  "Healing a depth of {} {}": "Das Heilen einer Tiefe von {} {}",
  "HF_ENDPOINT ({})": "HF_ENDPOINT ({})",
  'Improving the run "{}"': "Den Lauf „{}“ verbessern",
  "Looking for updates": "Nach Updates suchen",
  Reciting: "Wörtliches Wiedergeben",
  "Coppice's usual folder": "Der übliche Ordner von Coppice",
  "this account has no home folder; name one with --home or COPPICE_HOME":
    "dieses Konto hat keinen Benutzerordner; nennen Sie mit --home oder COPPICE_HOME einen",
  'Removing "{}"': "„{}“ entfernen",
  "Removing a download": "Einen Download entfernen",
  "Removing {}": "{} entfernen",
  "Teaching tokens": "Token lehren",
  'The data set "{}"': "Der Datensatz „{}“",
  'The depth "{}"': "Die Tiefe „{}“",
  "The folder {}": "Der Ordner „{}“",
  'The method "{}"': "Das Verfahren „{}“",
  "known are {}": "bekannt sind {}",
  "The model {}": "Das Modell „{}“",
  'The name "{}"': "Der Name „{}“",
  'The revision "{}"': "Die Revision „{}“",
  "The run {}": "Der Lauf „{}“",
  'The scorer "{}"': "Die Bewertung „{}“",
  'The setting "{}"': "Die Einstellung „{}“",
  "The settings": "Die Einstellungen",
  "The settings file {}": "Die Einstellungsdatei „{}“",
  "The type {}": "Der Typ {}",
  "This access token": "Dieses Zugangstoken",
  "This report": "Dieser Bericht",
  "This update": "Dieses Update",
  'Writing only "not in the text"': "Nur „Nicht im Text“ schreiben",
  depth: "Die Tiefe",
  shape: "Die Form der Antwort",
};

const CHOICES = {
  "Coppice did not download it": "Coppice hat es nicht heruntergeladen",
  "a run that needs it is being prepared; try again in a moment":
    "Ein Lauf, der ihn braucht, wird gerade vorbereitet; versuchen Sie es gleich noch einmal",
  "at most {} can be measured; use fewer": "Höchstens {} können gemessen werden; verwenden Sie weniger",
  "another copy is being made; wait for it or cancel it":
    "Es wird schon kopiert; warten Sie, bis die Kopie fertig ist, oder brechen Sie sie ab",
  "another download is running; wait for it or cancel it":
    "Ein anderer Download läuft; warten Sie, bis er fertig ist, oder brechen Sie ihn ab",
  "another was made since": "Inzwischen gibt es einen neueren",
  'it has "{}", which no plan has': "„{}“ kommt in keinem Plan vor",
  "it has no passages of documents to write questions from":
    "Er hat keine Textstücke aus Dokumenten, aus denen Fragen entstehen könnten",
  "it reuses facts and definitions of other passages; choose one of these kinds too":
    "Das verwendet Einzelheiten und Definitionen aus anderen Textstücken; wählen Sie auch eine dieser Arten",
  "it has no questions yet": "Er hat noch keine Fragen",
  "none of its questions can become a row; write more, or ask them with their passages":
    "Aus keiner seiner Fragen kann eine Zeile werden; lassen Sie weitere schreiben oder stellen Sie sie mit ihren Textstücken",
  "it has no checked questions yet": "Er hat noch keine geprüften Fragen",
  "it has no {}": "Darin gibt es {} nicht",
  "it is already done": "Er ist schon fertig",
  "it is inside the folder to be copied": "Er liegt in dem Ordner, der kopiert werden soll",
  "it is not JSON ({})": "Das ist kein JSON ({})",
  "it is not a question with its right answer": "Das ist keine Frage mit ihrer richtigen Antwort",
  "it is not an address such as https://huggingface.co": "Das ist keine Adresse wie https://huggingface.co",
  "it is not empty": "Er ist nicht leer",
  "it is not finished": "Er ist noch nicht fertig",
  "it is not the one that the run was started with": "Es ist nicht das, mit dem der Lauf begann",
  "it is not a valid Git revision": "Sie ist keine von Git",
  "it is not running": "Er läuft nicht",
  "it is running; pause it first": "Er läuft; halten Sie ihn zuerst an",
  "it is {}, so it has no model yet": "Er hat noch kein Modell; sein Zustand ist: {}",
  queued: "in der Warteschlange",
  running: "läuft",
  paused: "angehalten",
  done: "fertig",
  failed: "fehlgeschlagen",
  cancelled: "abgebrochen",
  "it was not chosen in Coppice; choose it with a button or drop it on the window":
    "Der Pfad wurde nicht in Coppice gewählt; wählen Sie ihn über eine Schaltfläche oder ziehen Sie ihn ins Fenster",
  "its model was deleted": "Sein Modell wurde gelöscht",
  "long texts rotate this model's keys by other angles, which stored keys cannot follow":
    "Lange Texte drehen die Keys dieses Modells um andere Winkel, denen gespeicherte Keys nicht folgen können",
  "no model is loaded yet": "Es ist noch kein Modell geladen",
  "a sparse update of the base model is chosen before anything is trained":
    "Bei einem gezielten Update des Ausgangsmodells wird vor der Auswahl nichts trainiert",
  "on {} the tuned model teaches by its last hidden states only; choose the processor or WebGPU":
    "Auf {} lehrt das abgestimmte Modell nur mit seinen letzten verborgenen Zuständen; wählen Sie den Prozessor oder WebGPU",
  "this model's tokenizer has no tokens for bytes, so that other words could not be written at all":
    "Der Tokenizer dieses Modells hat keine Token für Bytes, sodass sich andere Wörter gar nicht schreiben ließen",
  "questions are being written already; stop that first":
    "Es werden schon Fragen geschrieben; halten Sie das zuerst an",
  "the hub's names have the form OWNER/NAME": "Namen im Hub haben die Form BESITZER/NAME",
  'the hub\'s tokens begin with "hf_"': "Zugangstoken des Hubs beginnen mit „hf_“",
  "the model has only {}": "Das Modell hat nur {}",
  "the model that answered is not the result of a run, so it cannot be trained":
    "Das Modell, das geantwortet hat, stammt aus keinem Lauf und lässt sich darum nicht weiter trainieren",
  "the prompt is empty": "Der Prompt ist leer",
  'the run "{}" still needs it; let it end, or cancel it first':
    "Der Lauf „{}“ braucht es noch; warten Sie, bis er fertig ist, oder brechen Sie ihn ab",
  "the run did not measure it": "Der Lauf hat sie nicht gemessen",
  "the run has not reached any depth yet": "Der Lauf hat noch keine Tiefe erreicht",
  "the rounds end with {}; choose among these": "Die Runden enden mit {}; wählen Sie davon",
  "nothing is cut": "Es wird nichts gekürzt",
  "this plan has no epochs of healing": "Dieser Plan hat keine Epochen zum Heilen",
  "the run has {}": "Der Lauf hat {}",
  "the run is already {}": "Der Lauf ist schon in diesem Zustand: {}",
  "the run is not finished": "Der Lauf ist noch nicht fertig",
  'the run "{}" will write its model there': "Der Lauf „{}“ wird sein Modell dorthin schreiben",
  'the run "{}" is not finished and needs it; finish or delete the run first':
    "Der Lauf „{}“ ist noch nicht fertig und braucht ihn; schließen Sie den Lauf zuerst ab oder löschen Sie ihn",
  "there is no shape {}": "Die Form {} gibt es nicht",
  "there is no update to {}; check again": "Dafür liegt kein Update bereit; suchen Sie noch einmal",
  "this computer has not been measured for this plan yet":
    "Dieser Computer wurde für diesen Plan noch nicht gemessen",
  'this depth dropped parts of the model, which an adapter cannot express; "{}" did not':
    "In dieser Tiefe fehlen Teile des Modells, was ein Adapter nicht ausdrücken kann; in „{}“ fehlt nichts",
  "this package has no address for them": "Dieses Paket hat keine Adresse dafür",
  "this package was built without downloads": "Dieses Paket wurde ohne Downloads gebaut",
  'this run has no depth "{}"; it has: {}': "Dieser Lauf hat keine Tiefe „{}“, sondern: {}",
  "this run trained weights instead of an adapter": "Dieser Lauf hat Gewichte statt eines Adapters trainiert",
  'weights of the format "{}" are stored {}': "Gewichte im Format „{}“ werden {} gespeichert",
  "in 16 bits": "mit 16 Bits",
  "as {}": "als {}",
  "{} is wrong ({})": "{} ist falsch ({})",
  it: "Die Angabe",
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
  prompt: "Prompt",
  tokenizer: "Tokenizer",
  question: "Frage",
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
  ...SUBJECTS,
  ...CHOICES,
  ...ENGINES,
  ...THINGS,
  ...OTHERS,
  ...DAMAGED_FILES,
  ...Object.fromEntries(
    changes.flatMap(({ text: { en, de } }) => [
      [en.name, de.name],
      [en.needs ?? "", de.needs ?? ""],
    ]),
  ),
});
const PARTS = germanOf(SECTIONS);
const LOGGED = germanOf(RUN_LOG);

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

function translated(
  { texts, patterns }: German,
  english: string,
  valueText: (english: string) => string = reasonText,
): string | null {
  if (Object.hasOwn(texts, english)) return texts[english]!;
  for (const { form, isName, german } of patterns) {
    const values = form.exec(english)?.slice(1);
    if (!values) continue;
    const shown = values.map((value, index) => (isName[index] ? value : valueText(value)));
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

/** The German of a sentence in a run's log, with its numbers; names stay as they are. */
export function loggedText(english: string): string {
  if (/^\d+\.\d+$/.test(english)) return english.replace(".", ",");
  return translated(LOGGED, english, loggedText) ?? english;
}
