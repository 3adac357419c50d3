import { bitsOf } from "../../../preload/contract/words/figures.ts";
import type { Messages } from "../en.ts";
import { numberText } from "../figures.ts";

export const compare: Messages["compare"] = {
  title: "Vergleichen",
  about: (runs, questions, data) => {
    const same = runs === 1 ? "Ein Lauf mit" : `${runs} Läufe mit`;
    if (questions === 1) return `${same} ${runs === 1 ? "der" : "derselben"} Testfrage von „${data}“.`;
    const tested = questions === 0 ? "Testtexten" : `${numberText(questions)} Testfragen`;
    return `${same} ${runs === 1 ? "den" : "denselben"} ${tested} von „${data}“.`;
  },
  aboutOther: (runs) =>
    runs === 1
      ? "Ein Lauf, dessen Testdaten nicht mehr bekannt sind."
      : `${runs} Läufe, mit unterschiedlichen Daten getestet.`,
  emptyTitle: "Welches Modell lohnt sich?",
  emptyText:
    "Vergleichen Sie zwei oder mehr fertige Läufe: Genauigkeit, Perplexität, Tempo und Speicher, mit 95-%-Intervallen.",
  onlyOne: "Wählen Sie einen zweiten Lauf für den Vergleich.",
  toLibrary: "Zur Bibliothek",
  chooseRuns: "Läufe wählen",
  chooseTitle: "Läufe zum Vergleichen",
  chooseText: (most) => `Zwei bis ${most} fertige Läufe.`,
  searchRuns: "Läufe durchsuchen",
  noneFinished: "Noch kein Lauf ist fertig.",
  compareNow: "Vergleichen",
  reading: "Werte werden geladen",
  saveCsv: "Als CSV speichern",
  saveReport: "Als Bericht speichern",

  chartTitle: (measure, axis) => `${measure} nach ${axis}`,
  measure: "Maß",
  measures: { accuracy: "Genauigkeit", perplexity: "Perplexität" },
  axis: "Waagerechte Achse",
  axes: { depth: "Tiefe", speed: "Tempo", memory: "Speicher" },
  axisNames: {
    blocks: "verbleibende Blöcke",
    halves: "verbleibende Halbblöcke",
    share: "Anteil der verbleibenden Blöcke",
    speed: "Tempo im Chat, Token/s",
    memory: "Speicher im Chat, geschätzt",
  },
  guessing: "Raten",
  figuresBelow: "Die Werte stehen in der Tabelle.",
  nothingMeasured: "Für diese Achse gibt es keine Messwerte.",

  says: "Zusammenfassung",
  unknownData: "unbekannte Daten",
  notComparable: (tested) =>
    `Nicht vergleichbar: unterschiedliche Testdaten (${tested.join("; ")}). Die Werte stehen nebeneinander, zeigen aber nicht, was besser ist.`,
  noQuestions:
    "Die Läufe haben keine gemeinsamen Testfragen. Sie können nur Perplexität, Tempo und Speicher vergleichen.",
  clearlyBest: (best) => `${best} ist eindeutig am genauesten.`,
  bestAndFastest: (best) => `${best} ist am genauesten, und kein gleich genaues Modell ist schneller.`,
  fastestEqual: (pick, best) =>
    `${pick} ist das schnellste Modell, das nicht deutlich ungenauer ist als ${best}, das genaueste.`,
  clearlyLess: (name, best, points) => `${name} ist deutlich ungenauer als ${best}: ${points} Punkte.`,
  noClear: (name, best, points) =>
    `${name} und ${best} unterscheiden sich um ${points} Punkte, also nur unwesentlich.`,
  undecided: (name, best, points) =>
    `${name} und ${best} unterscheiden sich um ${points} Punkte, aber für eine Entscheidung gibt es zu wenige Fragen.`,
  fromTo: (low, high) => `${low} bis ${high}`,
  measuredWith: (storage) =>
    `gemessen mit ${bitsOf[storage]}-Bit-Gewichten${storage === "w8a8" ? " (w8a8)" : ""}`,
  method:
    "Balken sind 95-%-Intervalle. Modelle werden Frage für Frage verglichen (McNemar-Test); das erkennt kleinere Unterschiede als der Vergleich zweier Balken. Der Speicher ist aus der Größe der Gewichte geschätzt.",

  quoted: (name) => `„${name}“`,
  chosenByValidation:
    "Diese Werte stammen von Testfragen, die nichts entschieden haben: Validierungsfragen bestimmen, was entfernt und welche Tiefe empfohlen wird.",

  tableTitle: "Alle Werte",
  model: "Modell",
  columns: [
    "Blöcke behalten",
    "Genauigkeit",
    "Gegenüber feinabgestimmt oder vorher, Punkte",
    "Perplexität",
    "Fachfremd",
    "Token/s",
    "Speicher",
    "Datei",
  ],
  base: "Original",
  tuned: "feinabgestimmt",
  beforeImprovement: "vor der Verbesserung",
  control: "ganz, mit ebenso vielen Zeilen trainiert",
  shortControl: ({ rows, of }) => `ganz, mit ${numberText(rows)} von ${numberText(of)} Zeilen trainiert`,
  keptOf: (kept, of) => `${kept} von ${of}`,
  reportTitle: (names) => `Vergleich: ${names.join(", ")}`,
};
