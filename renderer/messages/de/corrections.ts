import type { Messages } from "../en.ts";
import { bytesText, numberText } from "../figures.ts";
import { counted } from "./counted.ts";

const correctionsText = (count: number) => counted(count, "Korrektur", "Korrekturen");

export const corrections: Messages["corrections"] = {
  correct: "Diese Antwort korrigieren",
  right: "Die richtige Antwort",
  passage: "Textstelle, auf der sie beruht",
  passageHint: "Freiwillig. Sie wird mit der Korrektur gespeichert.",
  kept: "Wird mit ihrer Frage auf diesem Computer gespeichert. Nichts verlässt ihn.",
  save: "Korrektur speichern",
  corrected: "Korrigiert",
  wrong: "Antwort des Modells",
  change: "Korrektur ändern",
  takeBack: "Korrektur zurücknehmen",
  takenBack: "Die Korrektur wurde zurückgenommen.",
  heldOut: {
    test: "Diese Frage oder ein Satz ihrer Antwort steht im Testteil der Daten dieses Laufs. Die Korrektur bleibt gespeichert, wird aber nie trainiert, damit der Test fair bleibt.",
    valid:
      "Diese Frage oder ein Satz ihrer Antwort steht im Validierungsteil der Daten dieses Laufs. Die Korrektur bleibt gespeichert, wird aber nie trainiert, damit die Auswahl fair bleibt.",
    offDomain:
      "Diese Frage oder ein Satz ihrer Antwort steht in den fachfremden Daten dieses Laufs. Die Korrektur bleibt gespeichert, wird aber nie trainiert, damit die Messung fair bleibt.",
  },
  keepWith: (count) =>
    count === 1
      ? "Die Korrektur seiner Antworten behalten"
      : `Die ${correctionsText(count)} seiner Antworten behalten`,
  keepWithHint:
    "Behaltene Korrekturen lassen sich weiter trainieren. Ohne das Häkchen werden auch sie gelöscht.",

  eraseText: (count) =>
    count === 1
      ? "Die Korrektur darin wird ebenfalls gelöscht, auch neben ihrer Antwort im Chat."
      : `Die ${numberText(count)} Korrekturen darin werden ebenfalls gelöscht, auch neben ihren Antworten im Chat.`,

  improve: "Mit Korrekturen verbessern …",
  improveWith: (count) => `Mit ${correctionsText(count)} verbessern`,
  title: "Mit Korrekturen verbessern",
  about:
    "Ein neuer Lauf beginnt mit dem Modell dieses Laufs und kürzt nichts. Er trainiert mit Ihren Korrekturen und mit Zeilen, die das Modell kennt, damit es sie nicht vergisst, und wird mit denselben Testfragen gemessen, ohne die korrigierten.",
  none: "Es gibt noch keine Korrekturen. Wählen Sie neben einer falschen Antwort „Diese Antwort korrigieren“, auf der Ergebnisseite oder im Chat.",
  addFromFiles: "Aus einer Datei hinzufügen …",
  filesHint:
    "Eine Tabelle oder JSON mit Fragen und richtigen Antworten; freiwillig auch die falsche Antwort und eine Textstelle.",
  added: (count) => `${correctionsText(count)} hinzugefügt.`,
  toChat: "Mit dem Modell chatten",
  few: (count) =>
    count === 1
      ? "Aus einer einzigen Korrektur lernt das Modell kaum mehr als diesen Wortlaut. Mit einigen weiteren lernt es, was sie gemeinsam haben."
      : `Aus ${numberText(count)} Korrekturen lernt das Modell kaum mehr als diesen Wortlaut. Mit einigen weiteren lernt es, was sie gemeinsam haben.`,
  leftOut: (count) =>
    count === 1
      ? "Eine Korrektur bleibt außen vor: Mit ihrer Frage oder Antwort wird das Modell gemessen."
      : `${numberText(count)} Korrekturen bleiben außen vor: Mit ihren Fragen oder Antworten wird das Modell gemessen.`,
  list: "Korrekturen",
  measuring: "Es wird gemessen, wie lange es dauert",
  outlook: (time, memory) => `Etwa ${time}; braucht ${bytesText(memory)} Arbeitsspeicher.`,

  now: {
    tune: "Trainiert mit Ihren Korrekturen und mit Zeilen, die das Modell kennt.",
    done: "Das Modell ist verbessert, gemessen und gespeichert.",
  },
  from: "Verbessert aus",
  later: "Weiter verbessert als",
  before: "Vorher",
  after: "Verbessert",
  sentence: (won, lost, of) =>
    `Von den ${numberText(of)} bisherigen Testfragen hat es ${numberText(won)} gewonnen und ${numberText(lost)} verloren.`,
  texts: "Seine Werte für die bisherigen Testtexte stehen unten.",
  trainedOn: (corrections, rows) =>
    `Trainiert mit ${correctionsText(corrections)} und ${counted(rows, "Zeile", "Zeilen")}, die das Modell kannte.`,
  card: "Was es gelernt hat",
  written: "Antwortet wie von Ihnen korrigiert",
  writtenNote: "im Chat, bei Antworten, die kurz genug zum Vergleichen sind",
  likelier: "Richtige Antwort wahrscheinlicher als die falsche",
  ofAll: (count, of) => `${numberText(count)} von ${numberText(of)}`,
  verdict: {
    gain: "Ein Gewinn bei den bisherigen Testfragen",
    loss: "Ein Verlust bei den bisherigen Testfragen",
    noClearLoss: "Kein klarer Verlust bei den bisherigen Testfragen",
    undecided: "Zu wenige Testfragen, um einen Verlust zu erkennen",
  },
  answers: "Die bisherigen Testfragen",
  lostFilter: (count) => `Verloren, ${numberText(count)}`,
};
