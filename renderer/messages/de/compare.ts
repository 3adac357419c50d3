import { bitsOf } from "../../../preload/contract/figures.ts";
import type { Messages } from "../en.ts";

export const compare: Messages["compare"] = {
  title: "Vergleichen",
  about: (runs, questions, data) =>
    `${runs === 1 ? "Ein Lauf" : `${runs} Läufe`} an denselben ${questions} Prüffragen von „${data}“.`,
  aboutOther: (runs) => `${runs === 1 ? "Ein Lauf" : `${runs} Läufe`}, an verschiedenen Daten geprüft.`,
  emptyTitle: "Welches lohnt sich?",
  emptyText:
    "Legen Sie zwei oder mehr fertige Läufe übereinander: Genauigkeit, Perplexität, Tempo und Speicher, mit dem, was der Zufall offen lässt.",
  onlyOne: "Wählen Sie einen zweiten Lauf, mit dem dieser verglichen wird.",
  toLibrary: "Zur Bibliothek",
  chooseRuns: "Läufe wählen",
  chooseTitle: "Läufe zum Vergleichen",
  chooseText: (most) => `Zwei bis ${most} fertige Läufe.`,
  searchRuns: "Läufe durchsuchen",
  compareNow: "Vergleichen",
  reading: "Die Werte werden gelesen",
  saveCsv: "Als CSV speichern",
  saveReport: "Als Bericht speichern",
  saved: "Gespeichert",
  show: "Datei zeigen",

  chartTitle: (measure, axis) => `${measure} gegen ${axis}`,
  measure: "Maß",
  measures: { accuracy: "Genauigkeit", perplexity: "Perplexität" },
  axis: "Waagerechte Achse",
  axes: { depth: "Tiefe", speed: "Tempo", memory: "Speicher" },
  axisNames: {
    blocks: "verbleibende Blöcke",
    halves: "verbleibende Halbblöcke",
    share: "Anteil der verbleibenden Blöcke",
    speed: "Tempo im Chat, Token/s",
    memory: "Speicher im Chat, etwa",
  },
  guessing: "Raten",
  figuresBelow: "Die Werte stehen in der Tabelle.",
  nothingMeasured: "Für diese Achse wurde nichts gemessen.",

  says: "Was das sagt",
  unknownData: "unbekannte Daten",
  notComparable: (tested) =>
    `Nicht vergleichbar: andere Prüfdaten (${tested.join("; ")}). Die Werte stehen nebeneinander, aber was besser ist, lässt sich nicht sagen.`,
  noQuestions:
    "Es gibt keine Prüffragen, die beide beantwortet haben; vergleichen lassen sich nur Perplexität, Tempo und Speicher.",
  clearlyBest: (best) => `${best} ist deutlich das genaueste.`,
  bestAndFastest: (best) =>
    `${best} ist das genaueste, und keines, das davon nicht zu unterscheiden ist, ist schneller.`,
  fastestEqual: (pick, best) =>
    `${pick} ist das schnellste, dessen Genauigkeit nicht deutlich unter der von ${best}, dem genauesten, liegt.`,
  clearlyLess: (name, best, points) => `${name} ist deutlich ungenauer als ${best}: ${points} Punkte.`,
  noClear: (name, best, points) =>
    `${name} und ${best} unterscheiden sich um ${points} Punkte: zu wenig für eine Entscheidung.`,
  undecided: (name, best, points) =>
    `${name} und ${best} unterscheiden sich um ${points} Punkte: zu wenige Fragen für eine Entscheidung.`,
  fromTo: (low, high) => `${low} bis ${high}`,
  measuredWith: (storage) =>
    `gemessen mit ${bitsOf[storage]}-Bit-Gewichten${storage === "w8a8" ? " (w8a8)" : ""}`,
  method:
    "Balken sind 95-%-Intervalle. Unterschiede werden Frage für Frage genommen (McNemar), das ist feiner als der Vergleich zweier Balken. Der Speicher ist aus der Größe der Gewichte geschätzt.",

  tableTitle: "Alle Werte",
  model: "Modell",
  columns: [
    "Blöcke behalten",
    "Genauigkeit",
    "Gegen angepasstes, Punkte",
    "Perplexität",
    "Fachfremd",
    "Token/s",
    "Speicher",
    "Datei",
  ],
  base: "Original",
  tuned: "angepasst",
  keptOf: (kept, of) => `${kept} von ${of}`,
  reportTitle: (names) => `Vergleich: ${names.join(", ")}`,
};
