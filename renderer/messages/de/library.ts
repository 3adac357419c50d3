import type { Messages } from "../en.ts";
import { numberText } from "../figures.ts";
import { counted } from "./counted.ts";

export const library: Messages["library"] = {
  title: "Bibliothek",
  summary: (finished, running, waiting) =>
    [
      counted(finished, "fertiges Modell", "fertige Modelle"),
      ...(running > 0 ? [`${numberText(running)} in Arbeit`] : []),
      ...(waiting > 0 ? [counted(waiting, "wartet auf Sie", "warten auf Sie")] : []),
    ].join(", ") + ".",
  search: "Bibliothek durchsuchen",
  newModel: "Neues Modell",
  sort: "Sortieren nach",
  sorts: {
    newest: "Neueste",
    name: "Name",
    accuracy: "Genauigkeit",
    speed: "Tempo",
    size: "Dateigröße",
  },
  show: "Anzeigen",
  filters: {
    all: "Alle",
    done: "Fertig",
    open: "Laufend und in der Warteschlange",
    waiting: "Wartet auf mich",
  },
  tagged: (tag) => `Schlagwort: ${tag}`,
  noMatch: "Keine Treffer für diese Suche.",
  showAll: "Alles anzeigen",
  loading: "Die Bibliothek wird geladen",

  running: "Läuft",
  queued: "Als Nächstes",
  phases: {
    prepare: "das Modell wird gelesen",
    tune: "Feinabstimmung auf Ihre Daten",
    score: "am wenigsten benötigten Block suchen",
    drop: "Blöcke entfernen",
    train: "nach einem Schnitt trainieren",
    heal: "heilen",
    evaluate: "messen",
    export: "speichern",
  },
  inRound: (round, phase) => `Runde ${round}: ${phase}`,
  timeLeft: (time) => `noch etwa ${time}`,
  progressOf: (name) => `Fortschritt von ${name}`,
  trimming: "Wird gekürzt",
  waitsInQueue: "In der Warteschlange",
  pause: "Anhalten",
  watch: "Ansehen",

  models: "Ihre Modelle",
  heads: {
    blocks: "Blöcke behalten",
    name: "Name",
    accuracy: "Genauigkeit",
    speed: "Tempo",
    file: "Datei",
  },
  keptOf: (kept, of) => `${kept} von ${of}`,
  notMeasured: "nicht gemessen",
  chat: "Chat",
  moreFor: (name) => `Weitere Aktionen für ${name}`,
  choose: (name) => `${name} auswählen`,
  open: "Öffnen",
  edit: "Name, Schlagwörter und Notiz",
  compareWith: "Vergleichen",
  erase: "Löschen",
  compareCount: (count) => `${count} vergleichen`,
  compareAtMost: (most) => `Höchstens ${most} lassen sich vergleichen.`,
  eraseCount: (count) => `${count} löschen`,
  dropChoice: "Auswahl aufheben",

  waiting: "Wartet auf Sie",
  pausedByYou: "von Ihnen angehalten",
  interrupted: "unterbrochen, als Coppice beendet wurde",
  stoppedByYou: "von Ihnen beendet",
  failed: "Fehlgeschlagen",
  paused: "Angehalten",
  stopped: "Beendet",
  resume: "Fortsetzen",

  openModels: "Offene Modelle",
  layers: (count) => counted(count, "Block", "Blöcke"),
  data: "Datensätze",
  all: "Alle",
  allData: "Alle Datensätze",
  rows: (count) => counted(count, "Zeile", "Zeilen"),
  add: "Hinzufügen",
  disk: "Speicherplatz",
  diskUsed: (used) => `${used} belegt`,
  diskFree: (free) => `${free} frei.`,
  diskLabel: (used, free) => `${used} von Coppice belegt, ${free} frei`,
  tidy: "Speicherplatz nach Ordner",

  emptyTitle: "Ein kleineres Modell, das Ihr Fachgebiet kennt",
  emptyText:
    "Aus einem offenen Sprachmodell und Ihren eigenen Dokumenten oder Fragen erstellt Coppice eine Version für Ihre Arbeit: etwa halb so tief, etwa doppelt so schnell. Alles geschieht auf diesem Computer.",
  trySample: "Beispiel ausprobieren",
  startOwn: "Mit eigenen Daten beginnen",
  steps: [
    {
      title: "Modell wählen",
      text: "Aus einer Datei, von Ollama oder LM Studio, oder das mitgelieferte Beispiel.",
    },
    {
      title: "Daten hinzufügen",
      text: "Fragen mit Antworten oder Dokumente. Ein Teil wird für einen ehrlichen Test zurückgehalten.",
    },
    {
      title: "Kürzen und vergleichen",
      text: "Coppice entfernt die Blöcke, die Ihr Fachgebiet nicht braucht. Sie sehen, was das Modell behält und was es vergisst.",
    },
  ],

  editTitle: (name) => `${name}: Name, Schlagwörter und Notiz`,
  name: "Name",
  nameMissing: "Ein Lauf braucht einen Namen.",
  tags: "Schlagwörter",
  tagsHint: "Trennen Sie Schlagwörter durch Kommas. Die Suche findet sie.",
  note: "Notiz",
  save: "Speichern",

  eraseTitle: (names) =>
    names.length === 1 ? `„${names[0]}“ löschen?` : `${numberText(names.length)} Läufe löschen?`,
  eraseText: (freed) =>
    `Das gibt ${freed} frei. Die Dateien und Datenbankeinträge werden gelöscht. Sie können das nicht rückgängig machen.`,
  erases: "Wird gelöscht",
  parts: {
    checkpoints: "Gespeicherte Tiefen und Werte",
    model: "Das gekürzte Modell",
    cache: "Seine Chat-Gewichte",
    data: "Die aufbereiteten Daten; Ihre eigenen Dateien bleiben",
  },
  stays: {
    used: "bleibt, ein anderer Lauf verwendet es",
    elsewhere: "bleibt, es liegt in Ihrem eigenen Ordner",
    kept: "bleibt, Sie haben diesen Datensatz benannt",
  },
  eraseCorrections: (count) => counted(count, "Korrektur seiner Antworten", "Korrekturen seiner Antworten"),
  correctionsEnd: { stay: "erhalten, als Datensatz", go: "gelöscht" },
  eraseTalks: (count) => (count === 1 ? "Auch 1 Gespräch damit" : `Auch ${count} Gespräche damit`),
  atWork: "Der Lauf ist aktiv.",
  atWorkText:
    "Ein aktiver Lauf lässt sich nicht löschen. Halten Sie ihn zuerst an; der Fortschritt wird gespeichert.",
  looking: "Der Speicherplatz wird berechnet",
  eraseNow: (freed) => `Löschen und ${freed} freigeben`,
  erased: (freed) => `Gelöscht, ${freed} freigegeben`,

  backUp: "Sichern",
  backUpAbout:
    "Eine vollständige Kopie in einem neuen Ordner, Datei für Datei überprüft. Der Cache wird ausgelassen, weil er neu erstellt werden kann.",
  backUpNow: "In einen Ordner sichern",
  backedUp: (size) => `Gesichert und überprüft, ${size}`,
  move: "Verschieben",
  moveAbout:
    "In einen anderen Ordner oder auf eine andere Festplatte. Der alte Ordner wird entfernt, sobald der neue geöffnet wurde.",
  notMovable: "Die Variable COPPICE_HOME legt diesen Ordner fest. Ändern Sie ihn dort.",
  moveNow: "In einen Ordner verschieben",
  moveTitle: "Alle Daten von Coppice verschieben?",
  moveText: (folder) =>
    `Coppice kopiert seine Daten nach „${folder}“ und überprüft die Kopie; Sie können dabei weiterarbeiten. Dann beendet es Downloads und Antworten, die noch laufen, startet mit der Kopie neu und entfernt den alten Ordner.`,
  moveAndRestart: "Verschieben und neu starten",
  copyFailed: {
    backUp: "Die Sicherung ist fehlgeschlagen",
    move: "Die Daten von Coppice wurden nicht verschoben",
  },
  copyStages: { copying: "Wird kopiert", checking: "Die Kopie wird überprüft" },
};
