import type { NotReadName } from "../../../preload/contract/words/inspection-words.ts";
import { REFUSED_FORMATS, refusedFormatOf } from "../../../preload/contract/data/refused-formats.ts";
import { placeKindByName } from "../../../preload/contract/data/places.ts";
import type { PlaceKind } from "../../../preload/contract/data/places.ts";
import type { Messages } from "../en.ts";
import { leftOutText, whyNotRead } from "./left-out.ts";
import { pageProblemText } from "./reasons.ts";
import { listText, numberText, percentText } from "../figures.ts";
import { counted } from "./counted.ts";

const places = {
  line: ["Zeile", "Zeilen"],
  row: ["Zeile", "Zeilen"],
  page: ["Seite", "Seiten"],
  slide: ["Folie", "Folien"],
  chapter: ["Kapitel", "Kapitel"],
  paragraph: ["Absatz", "Absätze"],
} as const satisfies Record<PlaceKind, readonly [string, string]>;

const placeName = (kind: PlaceKind, count = 1) => places[kind][count === 1 ? 0 : 1];

/** Pages that are named; of many, the first. */
const MOST_PAGES = 6;

function pagesText(pages: readonly number[]): string {
  const more = pages.length - MOST_PAGES;
  const named = pages.slice(0, more > 1 ? MOST_PAGES : undefined).map((page) => numberText(page));
  const all = more > 1 ? [...named, `${numberText(more)} weitere`] : named;
  return `${pages.length === 1 ? "Seite" : "Seiten"} ${listText(all)}`;
}

export const data: Messages["data"] = {
  next: "Weiter: Ziel",
  title: "Was soll es lernen?",
  about:
    "Mit Fragen und Antworten lernt das Modell und wird getestet. Aus Dokumenten lernt es die Sprache Ihres Fachgebiets. Eines davon genügt, beides ist am besten.",
  modelFirst: "Wählen Sie zuerst ein Modell.",
  modelFirstText: "Tokenizer und Chat-Vorlage des Modells bestimmen, wie Ihre Daten gelesen werden.",
  files: "Dateien",
  source: "Quelle",
  recognised: "Erkannt als",
  usedFor: "Verwendet für",
  usedForFile: (name) => `Verwendung von ${name}`,
  actions: "Aktionen",
  parts: {
    data: "Training",
    valid: "Validierung",
    test: "Test",
    offDomain: "Fachfremder Test",
  },
  splits: {
    train: "Training",
    valid: "Validierung",
    test: "Test",
    offDomain: "Fachfremd",
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
    table: "eine Zeile einer Tabelle",
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
  filesIn: (name) => `Dateien in ${name}`,
  fileCount: (count) => counted(count, "Datei", "Dateien"),
  moreFiles: (count) => `und ${counted(count, "weitere Datei", "weitere Dateien")}`,
  notUsable: "Nicht verwendbar",
  notUnderstood: "Nicht erkannt",
  remove: (name) => `${name} entfernen`,
  leaveOut: (name) => `${name} weglassen`,
  leaveOutUnusable: (count) => `Die ${numberText(count)} nicht verwendbaren Dateien weglassen`,
  leftOutByYou: "Weggelassen",
  takeBack: (name) => `${name} wieder verwenden`,
  rowsUsed: "Verwendete Trainingszeilen",
  rowsUsedHint: "Derselbe Startwert wählt dieselben Zeilen.",
  allRows: "alle",
  randomRows: (rows) => `${numberText(rows)} zufällig gewählte`,
  drop: "Ziehen Sie Dateien oder einen Ordner irgendwo auf diese Seite: Tabellen (CSV, TSV, XLSX, XLS, ODS, JSONL, JSON, Parquet), Dokumente (PDF, DOCX, DOC, ODT, RTF, Markdown, Text), Webseiten, Bücher, Folien oder E-Mails, auch in einem ZIP-Archiv.",
  dropMore: "Weitere Dateien oder einen Ordner irgendwo auf diese Seite ziehen.",
  dropHere: "Zum Hinzufügen loslassen",
  addFiles: "Dateien hinzufügen …",
  addFolder: "Ordner hinzufügen …",
  sheets: "Noch keine Datei? Füllen Sie eine Vorlage aus:",
  sheet: { csv: "Vorlage, CSV", docx: "Vorlage, DOCX" },
  sheetSaved: (name) => `„${name}“ ist gespeichert. Füllen Sie sie aus und fügen Sie sie hier hinzu.`,
  useSample: "Fragen des Beispiels verwenden",
  states: {
    idle: "",
    looking: "Coppice prüft Ihre Dateien.",
    reading: "Coppice liest Ihre Daten.",
    ready: "Ihre Dateien werden nicht verändert.",
    blocked:
      "Um fortzufahren, korrigieren Sie die nicht verwendbare Datei, entfernen Sie sie oder lassen Sie sie weg.",
    failed: "Beheben Sie das Problem, um fortzufahren.",
    stopped: "Das Einlesen wurde angehalten.",
  },
  lookingAt: (files) => `Bisher ${counted(files, "Datei", "Dateien")} geprüft`,
  readingFile: (done, of) => `${numberText(done)} von ${counted(of, "Datei", "Dateien")} eingelesen`,
  stop: "Anhalten",
  readAgain: "Erneut einlesen",
  howRead: (name) => `So wird ${name} gelesen`,
  changeHowRead: "Ändern, wie sie gelesen wird",
  guessAgain: "Neu erkennen",
  whichFile: "Datei",
  eachRow: "Jede Zeile ist",
  answerIs: "Die Antwort ist",
  answerForms: {
    text: "der Text der richtigen Antwort",
    letter: "ihr Buchstabe: A, B, C …",
    "number-from-0": "ihre Nummer, ab 0",
    "number-from-1": "ihre Nummer, ab 1",
  },
  exampleForm: "Form",
  exampleForms: { plain: "Text und seine Fortsetzung", chat: "Chatnachricht und Antwort" },
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
    history: "Frühere Fragen und Antworten",
    prompt: "Frage oder Prompt",
    completion: "Antwort",
    messages: "Nachrichten",
    text: "Text",
    columns: "Spalte der Tabelle",
    label: "Gute Antwort (true oder false)",
    group: "Gruppe",
  },
  missing: (roles) => `Ordnen Sie eine Spalte zu: ${roles}.`,
  groupHint:
    "„Gruppe“ hält alle Zeilen mit demselben Wert in einem Teil, damit kein Vertrag in Training und Test zugleich vorkommt.",
  preview: "Gelesen als",
  usedRows: "Zeilen, wie sie verwendet werden",
  usedRowsAbout: (isMasked) =>
    `Daraus lernt das Modell, und daran wird es gemessen: ohne wiederholten Text und Duplikate${isMasked ? ", mit maskierten personenbezogenen Daten" : ""}.`,
  place: (kind, place) => `${placeName(kind)} ${numberText(place)}`,
  rightAnswer: "richtige Antwort",
  turns: { system: "Anweisung", user: "Person", assistant: "Antwort" },
  unlearntAnswer: "Antwort, nicht gelernt",
  partsTitle: "Aufteilung",
  partsInWords: (train, valid, test) =>
    `${numberText(train)} Zeilen für das Training, ${numberText(valid)} für die Validierung, ${numberText(test)} für den Test`,
  heldOut: (held, all) =>
    `${numberText(held)} von ${numberText(all)} bleiben zurückgehalten, damit Sie sehen, ob es gelingt.`,
  calibrationHint:
    "Die Validierung entscheidet, welcher Block entfernt wird. Der Test wird einmal gestellt, am Ende.",
  testHint: (questions, margin) =>
    `${counted(questions, "Frage misst", "Fragen messen")} die Genauigkeit auf ±${numberText(margin)} Punkte (95-%-Intervall).`,
  fewToTest: (rows) =>
    `${counted(rows, "Testzeile ist", "Testzeilen sind")} zu wenig für einen Beweis, dass es gelingt, und genug, um zu sehen, wenn nicht.`,
  tooLittle: (found, needed) => `${found}; ${numberText(needed)} sind nötig.`,
  tooFewPassages: (count) => counted(count, "Textstück", "Textstücke"),
  tooFewRows: (count) => counted(count, "Zeile", "Zeilen"),
  writeFromThem: "Fragen aus Ihren Dokumenten schreiben? Das macht ein Modell auf diesem Rechner.",
  moreRows: "Fügen Sie Zeilen hinzu, oder Dokumente, aus denen Fragen geschrieben werden.",
  writeQuestions: "Fragen schreiben …",
  checks: "Prüfungen",
  nothingYet: "Fügen Sie Dateien hinzu, um Aufteilung und Prüfungen zu sehen.",
  fewRows: (part, rows) => `${part} hat nur ${counted(rows, "Zeile", "Zeilen")}: Zahlen daraus sind grob.`,
  leftOut: (rows, file, reason, lines) =>
    `${counted(rows, "Zeile", "Zeilen")} von ${file} ausgelassen: ${leftOutText(reason)} (${placeName(placeKindByName(file), lines.length)} ${lines.map((line) => numberText(line)).join(", ")}${rows > lines.length ? ", …" : ""}).`,
  duplicates: {
    withinTrain: (count) =>
      `${counted(count, "exaktes Duplikat", "exakte Duplikate")} vom Training ausgeschlossen.`,
    trainInValid: (count) =>
      `${counted(count, "Trainingszeile", "Trainingszeilen")} ausgelassen, weil die Validierung denselben Text enthält.`,
    trainInTest: (count) =>
      `${counted(count, "Trainingszeile", "Trainingszeilen")} ausgelassen, weil der Test denselben Text enthält.`,
    trainInOffDomain: (count) =>
      `${counted(count, "Trainingszeile", "Trainingszeilen")} ausgelassen, weil der fachfremde Test denselben Text enthält.`,
    validInTest: (count) =>
      `${counted(count, "Validierungszeile", "Validierungszeilen")} ausgelassen, weil der Test denselben Text enthält.`,
  },
  nearDuplicates: {
    withinTrain: (count) =>
      `${counted(count, "Beinahe-Duplikat", "Beinahe-Duplikate")} vom Training ausgeschlossen.`,
    trainInValid: (count) =>
      `${counted(count, "Textstück", "Textstücke")} des Trainings ausgelassen, weil die Validierung fast denselben Text enthält.`,
    trainInTest: (count) =>
      `${counted(count, "Textstück", "Textstücke")} des Trainings ausgelassen, weil der Test fast denselben Text enthält.`,
    trainInOffDomain: (count) =>
      `${counted(count, "Textstück", "Textstücke")} des Trainings ausgelassen, weil der fachfremde Test fast denselben Text enthält.`,
    validInTest: (count) =>
      `${counted(count, "Textstück", "Textstücke")} der Validierung ausgelassen, weil der Test fast denselben Text enthält.`,
  },
  noDuplicates: "Kein Text ist doppelt oder in zwei Teilen enthalten.",
  parted: {
    documents: (documents) =>
      `${counted(documents, "Dokument", "Dokumente")}: jedes liegt als Ganzes in einem Teil.`,
    rows: (documents) =>
      `${counted(documents, "Dokument hat", "Dokumente haben")} zu wenige Textstücke, um danach zu teilen: Was gemessen wird, kann aus einem gelernten Textstück stammen, deshalb sind Zahlen zu gut.`,
    sections: (documents, gaps) =>
      `${counted(documents, "Dokument ist", "Dokumente sind")} zu wenig, um danach zu teilen; deshalb wurden ganze Abschnitte abgetrennt.${gaps === 0 ? "" : ` ${counted(gaps, "Textstück", "Textstücke")} dazwischen ${gaps === 1 ? "gehört" : "gehören"} zu keinem Teil.`}`,
  },
  boilerplate: (share, documents, example, having) =>
    `Einmal verwendet: Text, den mehrere von ${numberText(documents)} Dokumenten haben, zum Beispiel „${example}“ (in ${numberText(having)}). ${percentText(share, share < 0.01 ? 1 : 0)} des gesamten Textes wiederholen ihn und sind ausgelassen.`,
  quotes: (replies) =>
    `${counted(replies, "E-Mail wird", "E-Mails werden")} ohne Zitate aus Ihren anderen E-Mails verwendet. Ein Nachrichtenverlauf liegt in einem Teil.`,
  lastAnswerOnly: "Nur die letzte Antwort lernen",
  lastAnswerOnlyAbout:
    "Sonst lernt das Modell jede Antwort eines Gesprächs, nach allem, was davor steht, und wird an allen gemessen.",
  severalAnswers: ({ conversations, answers, learnt, keptApart }) =>
    `${counted(conversations, "Gespräch hat", "Gespräche haben")} mehrere Antworten: ${learnt === answers ? "Alle werden gelernt" : `${numberText(learnt)} von ${numberText(answers)} werden gelernt`}.${keptApart === 0 ? "" : ` ${counted(keptApart, "Antwort wird", "Antworten werden")} nicht gelernt, weil ein anderer Teil dieselbe Frage hat.`}`,
  documents: "Dokumente",
  keepsBoilerplate: "Wiederkehrende Zeilen behalten",
  keepsBoilerplateAbout:
    "Briefköpfe, Haftungsausschlüsse und Navigation, die in mehr als der Hälfte der Dokumente stehen. Die Klauseln einer Vorlage werden immer einmal verwendet.",
  makesQuestions: "Fragen aus den Dokumenten erzeugen",
  makesQuestionsAbout:
    "In einem zurückgehaltenen Satz wird ein Begriff verdeckt; drei andere stehen zur Wahl. Genauigkeiten auf solchen Fragen sind gekennzeichnet. Nur wo Validierung oder Test keine Fragen haben.",
  madeQuestions: (part, questions, { made, checked = 0 }) =>
    made === "written"
      ? `${part}: ${counted(questions, "Frage", "Fragen")}, die ein Modell aus den Dokumenten geschrieben hat; ${numberText(checked)} davon hat ein Mensch geprüft.`
      : `${part}: ${counted(questions, "Frage", "Fragen")}, die Coppice aus den Dokumenten erzeugt hat (Lückentext).`,
  madeLeftOut: (part, count, made) =>
    `${part}: ${counted(count, "erzeugte Frage bleibt", "erzeugte Fragen bleiben")} weg, damit keine Zahl sie mit Fragen mischt, die ein ${made === "written" ? "Modell geschrieben" : "Mensch gestellt"} hat.`,
  noQuestionsMade: (part) =>
    `Für „${part}“ konnten keine Fragen erzeugt werden: Zu wenige Begriffe seiner Dokumente stehen auch in anderen Dokumenten.`,
  overlap: "Überlappung der Textstücke",
  overlapAbout: "Sätze, mit denen ein Textstück eines Abschnitts noch einmal beginnt.",
  overlapSentences: (sentences) => (sentences === 0 ? "keine" : counted(sentences, "Satz", "Sätze")),
  baselines: (chance, constant) =>
    `Raten trifft ${percentText(chance, 0)} der Testfragen, immer die häufigste Antwort ${percentText(constant, 0)}.`,
  noQuestions:
    "Der Test hat keine Fragen mit Auswahl. Die Qualität wird deshalb nur an der Perplexität gemessen.",
  emptySlides: (count) => `${counted(count, "Folie", "Folien")} ohne Text (z. B. Bilder) übersprungen.`,
  documentParts: ({ pages, slides, chapters }) =>
    `Dokumente: ${listText(
      [
        pages > 0 && counted(pages, "Seite", "Seiten"),
        slides > 0 && counted(slides, "Folie", "Folien"),
        chapters > 0 && counted(chapters, "Kapitel", "Kapitel"),
      ].filter((part): part is string => part !== false),
    )}.`,
  attachments: (count, names) =>
    `${counted(count, "Anhang", "Anhänge")} von Nachrichten ausgelassen (${listText(count > names.length ? [...names, `${numberText(count - names.length)} weitere`] : names)}). Um einen zu verwenden, speichern Sie ihn und fügen ihn als Datei hinzu.`,
  recogniseScans: "Text in Scans und Bildern erkennen",
  recogniseScansHint:
    "Deutsch und Englisch, auf diesem Computer. Dauert einige Sekunden je Seite und macht Fehler.",
  recognising: (done, of) => `Text wird erkannt: Seite ${Math.min(done + 1, of)} von ${of}`,
  scannedPages: (file, pages) =>
    `${pagesText(pages)} von „${file}“ ${pages.length === 1 ? "ist" : "sind"} gescannt und ${pages.length === 1 ? "wird" : "werden"} nicht gelesen. Schalten Sie dafür die Texterkennung ein.`,
  unmappedPages: (file, pages) =>
    `${pagesText(pages)} von „${file}“ ${pages.length === 1 ? "wird" : "werden"} nicht gelesen: Die Datei gibt nicht an, welche Zeichen ihre Buchstaben sind. Schalten Sie dafür die Texterkennung ein.`,
  failedPages: (file, pages, problem, isFinal) => {
    const [becomes, them] = pages.length === 1 ? ["wird", "die Seite"] : ["werden", "die Seiten"];
    const why = isFinal
      ? `ist gescheitert (${pageProblemText(problem)}). Scannen Sie ${them} neu oder fügen Sie den Text als Datei hinzu.`
      : `wurde unterbrochen (${pageProblemText(problem)}). Schalten Sie sie aus und wieder ein, um es noch einmal zu versuchen.`;
    return `${pagesText(pages)} von „${file}“ ${becomes} nicht gelesen: Die Texterkennung ${why}`;
  },
  emptyPages: (file, count) =>
    `${counted(count, "Seite", "Seiten")} von „${file}“ ${count === 1 ? "hat" : "haben"} keinen Text.`,
  recognisedPages: (file, count) =>
    `Der Text von ${counted(count, "Seite", "Seiten")} von „${file}“ wurde erkannt. Er kann Fehler enthalten: Sehen Sie sich die Zeilen an.`,
  unreadImports: (file, count) =>
    `${counted(count, "Datei", "Dateien")}, die „${file}“ importiert, ${count === 1 ? "lässt" : "lassen"} sich nicht lesen. Um sie zu verwenden, öffnen Sie das Dokument in Word und speichern Sie es.`,
  unreadDrawings: (file, count) =>
    `${counted(count, "Diagramm", "Diagramme")} von „${file}“ ${count === 1 ? "wird" : "werden"} nicht gelesen. Um ${count === 1 ? "es" : "sie"} zu verwenden, fügen Sie den Inhalt als Text oder Tabelle hinzu.`,
  runningLines: (lines, files, examples) =>
    `Als Kopf- und Fußzeilen, Seitenzahlen und Wasserzeichen ausgelassen: ${counted(lines, "Zeile", "Zeilen")} aus ${counted(files, "PDF", "PDFs")}, zum Beispiel ${listText(examples.map((line) => `„${line}“`))}.`,
  hiddenCharacters: (file, count) =>
    `${counted(count, "Zeichen", "Zeichen")} von „${file}“, ${count === 1 ? "das" : "die"} auf den Seiten nicht zu sehen ${count === 1 ? "ist, wird" : "sind, werden"} ausgelassen.`,
  unreadSheets: (file, names) =>
    `Nicht gelesene Blätter von ${file} (ausgeblendet, ohne Tabelle oder mit anderen Spalten): ${listText(names)}.`,
  hiddenCells: (file, rows, columns) => {
    const parts = [
      ...(rows > 0 ? [counted(rows, "ausgeblendete Zeile", "ausgeblendete Zeilen")] : []),
      ...(columns > 0 ? [counted(columns, "ausgeblendete Spalte", "ausgeblendete Spalten")] : []),
    ];
    const isOne = rows + columns === 1;
    return `${listText(parts)} von „${file}“ ${isOne ? "wird" : "werden"} nicht gelesen. Blenden Sie sie in der Tabelle ein, um sie zu verwenden.`;
  },
  notRead: (files, count) => {
    const reason = ({ name, why }: NotReadName) => {
      const refused = why === "other-file" ? refusedFormatOf(name) : undefined;
      return refused ? `speichern Sie sie als ${REFUSED_FORMATS[refused].saveAs}` : whyNotRead[why];
    };
    const named = files.slice(0, 5).map((one) => one.name + (reason(one) && ` (${reason(one)})`));
    const more = count - named.length;
    return `Nicht gelesen: ${listText(more > 0 ? [...named, `${numberText(more)} weitere`] : named)}.`;
  },
  lengths: (median, most, longest) =>
    `Die Hälfte der Trainingszeilen hat höchstens ${numberText(median)} Token, 99 % höchstens ${numberText(most)}; die längste hat ${numberText(longest)}.`,
  lengthTable: "Längen in Zahlen",
  rowsUpTo: (rows, tokens) => `bis ${numberText(tokens)} Token: ${counted(rows, "Zeile", "Zeilen")}`,
};
