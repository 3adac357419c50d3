import type { Messages } from "../en.ts";
import { leftOutText } from "./left-out.ts";
import { listText, numberText, percentText } from "../figures.ts";

const counted = (count: number, one: string, many: string) =>
  `${numberText(count)} ${count === 1 ? one : many}`;

export const data: Messages["data"] = {
  title: "Was soll es lernen?",
  about:
    "Fragen mit Antworten lehren und prüfen es; Dokumente lehren es die Sprache Ihres Fachs. Eines davon genügt, beides ist am besten.",
  modelFirst: "Wählen Sie zuerst ein Modell.",
  modelFirstText: "Wie Ihre Daten gelesen werden und wie lang sie sind, hängt vom Wortschatz des Modells ab.",
  files: "Dateien",
  source: "Quelle",
  recognised: "Erkannt als",
  contentHead: "Inhalt",
  usedFor: "Verwendet für",
  usedForFile: (name) => `Wofür ${name} verwendet wird`,
  actions: "Aktionen",
  parts: {
    data: "Lernen",
    valid: "Kalibrierung",
    test: "Test",
    offDomain: "Nicht vergessen",
  },
  splits: {
    train: "Training",
    valid: "Kalibrierung",
    test: "Test",
    offDomain: "Anderes Gebiet",
  },
  kinds: {
    questions: "Fragen mit Auswahl",
    examples: "Fragen und Antworten",
    conversations: "Gespräche",
    text: "Text",
  },
  rowKinds: {
    questions: "eine Frage mit Auswahl",
    examples: "eine Frage und ihre Antwort",
    conversations: "ein Gespräch",
    text: "ein Text",
  },
  content: (questions, examples, conversations) =>
    listText(
      [
        questions > 0 && counted(questions, "Frage", "Fragen"),
        examples > 0 && counted(examples, "Beispiel", "Beispiele"),
        conversations > 0 && counted(conversations, "Gespräch", "Gespräche"),
      ].filter((part): part is string => part !== false),
    ) || "nichts",
  nothing: "nichts",
  fileCount: (count) => counted(count, "Datei", "Dateien"),
  moreFiles: (count) => `und ${counted(count, "weitere Datei", "weitere Dateien")}`,
  notUsable: "Nicht verwendbar",
  notUnderstood: "Nicht verstanden",
  remove: (name) => `${name} entfernen`,
  drop: "Ziehen Sie CSV-, JSONL-, JSON-, Parquet-, PDF-, DOCX-, Markdown- oder Textdateien oder einen Ordner hierher.",
  dropHere: "Loslassen, um sie hinzuzufügen",
  addFiles: "Dateien hinzufügen…",
  addFolder: "Ordner hinzufügen…",
  useSample: "Die Fragen des Beispiels nehmen",
  states: {
    idle: "",
    looking: "Coppice sieht sich Ihre Dateien an.",
    reading: "Coppice liest und zählt.",
    ready: "Ihre Dateien bleiben, wie sie sind.",
    blocked: "Entfernen oder berichtigen Sie die Datei, die nicht verwendbar ist.",
    failed: "Berichtigen Sie, was nicht stimmt.",
  },
  howRead: (name) => `Wie ${name} gelesen wird`,
  guessAgain: "Noch einmal raten",
  whichFile: "Datei",
  eachRow: "Jede Zeile ist",
  answerIs: "Die Antwort ist",
  answerForms: {
    text: "die richtige Auswahl selbst",
    letter: "ihr Buchstabe: A, B, C …",
    "number-from-0": "ihre Nummer, ab 0",
    "number-from-1": "ihre Nummer, ab 1",
  },
  exampleForm: "Sie liest sich als",
  exampleForms: { plain: "Text, der weitergeht", chat: "Beitrag eines Menschen und Antwort" },
  columnsOf: (name) => `Spalten von ${name}`,
  column: "Spalte",
  samples: "Zum Beispiel",
  role: "Ist",
  roleOf: (name) => `Spalte ${name} ist`,
  roles: {
    unused: "nicht verwendet",
    question: "Frage",
    choices: "Auswahl",
    answer: "Richtige Antwort",
    task: "Aufgabe",
    system: "Anweisung",
    prompt: "Frage oder Anfang",
    completion: "Antwort",
    messages: "Nachrichten",
    text: "Text",
    group: "Gruppe",
  },
  missing: (roles) => `Sagen Sie noch, welche Spalte das ist: ${roles}.`,
  groupHint:
    "„Gruppe“ hält alle Zeilen mit demselben Wert in einem Teil, damit der Test nie einem Vertrag begegnet, an dem gelernt wurde.",
  preview: "Gelesen als",
  line: (line) => `Zeile ${numberText(line)}`,
  rightAnswer: "richtige Antwort",
  turns: { system: "Anweisung", user: "Mensch", assistant: "Antwort" },
  partsTitle: "Teile, getrennt gehalten",
  partsInWords: (train, valid, test) =>
    `${numberText(train)} Zeilen fürs Training, ${numberText(valid)} für die Kalibrierung, ${numberText(test)} für den Test`,
  calibrationHint:
    "Die Kalibrierung entscheidet, welcher Block entfernt wird. Am Testteil wird nur gemessen.",
  testHint: (questions, margin) =>
    `${counted(questions, "Frage misst", "Fragen messen")} die Genauigkeit auf ±${numberText(margin, 1)} Punkte (95-%-Intervall).`,
  checks: "Prüfungen",
  nothingYet: "Fügen Sie Dateien hinzu, um ihre Teile und Prüfungen zu sehen.",
  fewRows: (part, rows) => `${part} hat nur ${counted(rows, "Zeile", "Zeilen")}: Zahlen daraus sind grob.`,
  leftOut: (rows, file, reason, lines) =>
    `${counted(rows, "Zeile", "Zeilen")} von ${file} ausgelassen: ${leftOutText(reason)} (Zeile ${lines.map((line) => numberText(line)).join(", ")}${rows > lines.length ? ", …" : ""}).`,
  duplicates: {
    withinTrain: (count) => `${counted(count, "genaues Doppel", "genaue Doppel")} vom Training ausgelassen.`,
    trainInValid: (count) =>
      `${counted(count, "Trainingszeile", "Trainingszeilen")} ausgelassen, weil die Kalibrierung denselben Text hat.`,
    trainInTest: (count) =>
      `${counted(count, "Trainingszeile", "Trainingszeilen")} ausgelassen, weil der Test denselben Text hat.`,
    trainInOffDomain: (count) =>
      `${counted(count, "Trainingszeile", "Trainingszeilen")} ausgelassen, weil das andere Gebiet denselben Text hat.`,
    validInTest: (count) =>
      `${counted(count, "Kalibrierungszeile", "Kalibrierungszeilen")} ausgelassen, weil der Test denselben Text hat.`,
  },
  noDuplicates: "Kein Text steht in zwei Teilen, und keiner ist doppelt da.",
  splitOff: (part, rows) =>
    `Für „${part}“ wurde keine Datei angegeben: ${counted(rows, "Trainingszeile kam", "Trainingszeilen kamen")} dorthin.`,
  baselines: (chance, constant) =>
    `Raten trifft ${percentText(chance, 0)} der Testfragen, immer die häufigste Antwort ${percentText(constant, 0)}.`,
  noQuestions:
    "Der Test hat keine Fragen mit Auswahl, also wird die Güte allein an der Perplexität gemessen.",
  emptyPages: (count) =>
    `${counted(count, "PDF-Seite", "PDF-Seiten")} ohne Text, etwa eingescannte, übergangen.`,
  notRead: (names) =>
    `Nicht gelesen: ${listText(names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} weitere`] : names)}.`,
  lengths: (median, most, longest) =>
    `Die Hälfte der Trainingszeilen hat höchstens ${numberText(median)} Token, 99 % höchstens ${numberText(most)}; die längste hat ${numberText(longest)}.`,
  lengthTable: "Längen in Zahlen",
  rowsUpTo: (rows, tokens) => `bis ${numberText(tokens)} Token: ${counted(rows, "Zeile", "Zeilen")}`,
};
