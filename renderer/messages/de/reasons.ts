/** Why something failed, and what it was about, to follow a colon. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import type { Thing } from "../../../native-models/failure.ts";
import type { FileReason, FileReasons } from "../../../native-models/file-reasons.ts";
import type { ScarceData } from "../../../preload/contract/failures/data.ts";
import type { EngineReason, EngineReasons } from "../../../preload/contract/failures/engine.ts";
import type { NetworkReason, NetworkReasons } from "../../../preload/contract/failures/network.ts";
import type { PageProblem, PageProblems } from "../../../preload/contract/failures/page-problem.ts";
import { numberText } from "../figures.ts";

const kinds = {
  folder: "ein Ordner",
  pipe: "eine benannte Pipe",
  socket: "ein Socket",
  device: "ein Gerät",
};

const FILE_REASONS: WordsFor<FileReasons> = {
  "read-only": "Das Dateisystem ist schreibgeschützt",
  busy: "Ein anderes Programm hält sie offen",
  "no-reading": "Dieses Benutzerkonto darf die Datei nicht lesen",
  "no-using": "Dieses Benutzerkonto darf die Datei nicht verwenden",
  "no-writing": "Dieses Benutzerkonto darf dort nicht schreiben",
  "no-folder": "Den Ordner gibt es nicht",
  "folder-is-file": "Der Ordner ist eine Datei",
  folder: "Es ist ein Ordner",
  "not-empty": "Er ist nicht leer",
  "too-large": "Die Datei wäre für dieses Dateisystem zu groß",
  "long-name": "Der Name ist zu lang",
  "disk-error": "Der Datenträger meldet einen Fehler",
  "link-circle": "Die Verknüpfungen führen im Kreis",
  "link-to-nothing": "Es ist eine Verknüpfung, deren Ziel fehlt",
  "link-to-above": "Es ist eine Verknüpfung auf einen Ordner, in dem sie selbst liegt",
  "too-many-open": "Es sind zu viele Dateien geöffnet",
  "nul-name": "Der Name enthält ein NUL-Zeichen",
  "name-not-utf-8": "Der Name ist nicht in UTF-8; benennen Sie sie um",
  "no-file": ({ kind }) => `Es ist ${kinds[kind]} und keine Datei`,
  "not-regular": "Es ist keine gewöhnliche Datei",
  neither: "Es ist weder eine Datei noch ein Ordner",
  "model-inside": ({ file }) => `Es ist ein Ordner; wählen Sie das Modell darin, ${file}`,
  "cut-short": "Sie wurde gekürzt, während sie in Gebrauch war",
  "taken-by-file": "Eine Datei heißt schon so",
  "file-above": "Ein Teil des Pfads ist eine Datei",
  "no-folder-there": "Dort lässt sich kein Ordner anlegen",
  system: ({ detail }) => detail,
};

const inBrackets = (error: string | null): string => (error === null ? "" : ` (${error})`);

const ENGINE_REASONS: WordsFor<EngineReasons> = {
  "not-started": "Ende vor Beginn des Auftrags",
  "no-start": "kein Start innerhalb einer Minute",
  "in-the-middle": ({ error }) => `Ende mitten im Auftrag${inBrackets(error)}`,
  exited: ({ exitCode, error }) => `Ende mit dem Exit-Code ${exitCode}${inBrackets(error)}`,
  crashed: ({ signal }) => `Absturz (${signal})`,
  aborted: "Absturz (SIGABRT), wahrscheinlich aus Mangel an Arbeitsspeicher",
  killed: "Abbruch (SIGKILL) durch eine Person oder durch das System aus Mangel an Arbeitsspeicher",
  "no-memory": "zu wenig Arbeitsspeicher",
  "too-slow": ({ job, seconds }) => `„${job}“ dauerte länger als ${seconds} s`,
  "too-much-memory": ({ job, megabytes }) => `„${job}“ brauchte mehr als ${megabytes} MB Arbeitsspeicher`,
  protocol: ({ detail }) => `eine Nachricht war nicht zu verstehen (${detail})`,
  "other-kind": ({ kind }) => `das Skript gehört zu: ${kind}`,
  stopped: "wurde angehalten",
  "already-stopped": "schon vorher beendet",
};

const NETWORK_REASONS: WordsFor<NetworkReasons> = {
  status: ({ status }) => `die Antwort hatte den Status ${status}`,
  busy: ({ status }) => `überlastet (Status ${status})`,
  silent: ({ seconds }) => `${seconds} Sekunden lang kam nichts`,
  late: ({ seconds }) => `es dauerte länger als ${seconds} Sekunden`,
  "cut-off": "die Verbindung endete vor der Datei",
  lacks: ({ file }) => `Darin gibt es ${file} nicht`,
  system: ({ detail }) => detail,
};

const PAGE_PROBLEMS: WordsFor<PageProblems> = {
  "page-damaged": "die Seite ist beschädigt",
  "page-damaged-or-large": "die Seite ist beschädigt oder braucht zu viel Arbeitsspeicher",
  "picture-damaged": "das Bild ist beschädigt",
  "picture-too-large": ({ width, height }) =>
    `das Bild hat ${numberText(width)} × ${numberText(height)} Pixel, mehr als gelesen werden können`,
  "picture-too-small": "das Bild ist zu klein",
  "too-slow": "es dauerte zu lange",
  "too-much-memory": "es brauchte zu viel Arbeitsspeicher",
  engine: ({ reason }) => engineReasonText(reason),
};

export const SCARCE: WordsFor<ScarceData> = {
  rows: "Zeilen",
  passages: "Textstücke",
  corrections: "Korrekturen",
  "training-rows": "Trainingszeilen",
  "long-rows": ({ words }) => `Trainingszeilen, die ${words} Wörter lang weitergehen`,
  "own-rows": ({ split }) =>
    `Zeilen für ${{ train: "das Training", valid: "die Validierung", test: "den Test" }[split]}, die in keinem anderen Teil vorkommen`,
};

/** The engines by their names in the program. */
export const engines: Readonly<Record<string, string>> = {
  trainer: "Training",
  reader: "Lesen",
  recogniser: "Texterkennung",
  chat: "Chat",
  batch: "viele Antworten",
};

export const things: Readonly<Record<Thing, string>> = {
  file: "Datei",
  "file or folder": "Datei oder Ordner",
  "folder of Coppice": "Ordner von Coppice",
  "settings file": "Einstellungsdatei",
  database: "Datenbank",
  model: "Modell",
  "model file, folder or run": "Modelldatei, Ordner oder Lauf",
  "chat model": "Chat-Modell",
  configuration: "Konfiguration",
  tokenizer: "Tokenizer",
  "data set": "Datensatz",
  "test data": "Testdaten",
  "test set": "Testdaten",
  question: "Frage",
  writing: "Schreiben von Fragen",
  conversation: "Gespräch",
  message: "Nachricht",
  answer: "Antwort",
  correction: "Korrektur",
};

export const fileReasonText = (reason: FileReason): string => inWords<FileReasons>(FILE_REASONS, reason);
export const engineReasonText = (reason: EngineReason): string =>
  inWords<EngineReasons>(ENGINE_REASONS, reason);
export const networkReasonText = (reason: NetworkReason): string =>
  inWords<NetworkReasons>(NETWORK_REASONS, reason);
export const pageProblemText = (problem: PageProblem): string =>
  inWords<PageProblems>(PAGE_PROBLEMS, problem);
