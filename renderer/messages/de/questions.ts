import type { Messages } from "../en.ts";
import { MEASURED_WRITERS } from "../../../preload/contract/questions/writer.ts";
import { countText, numberText, percentText } from "../figures.ts";
import { counted } from "./counted.ts";

const { "too-small": tooSmall, small } = MEASURED_WRITERS;

const questionsText = (count: number) => counted(count, "Frage", "Fragen");
const passagesText = (count: number) => counted(count, "Textstück", "Textstücke");

export const questions: Messages["questions"] = {
  cardTitle: "Fragen aus diesen Dokumenten",
  cardAbout: (passages, documents) =>
    `Ein Chat-Modell auf diesem Computer kann aus ${counted(passages, "Textstück", "Textstücken")}${documents > 0 ? ` von ${counted(documents, "Dokument", "Dokumenten")}` : ""} Fragen schreiben und an den Textstücken prüfen. Danach sehen Sie sie durch. Nichts verlässt diesen Computer.`,
  write: "Fragen schreiben lassen …",
  startTitle: (name) => `Fragen aus „${name}“ schreiben lassen`,
  start: "Schreiben beginnen",
  model: "Modell, das schreibt",
  modelHint: "Ein größeres Modell schreibt bessere Fragen und braucht länger.",
  modelOption: (name, source, size) => `${name} (${source}, ${size})`,
  noModels:
    "Auf diesem Computer wurde kein Modell gefunden. Auf der Seite „Neues Modell“ können Sie eines hinzufügen.",
  writerSizes: {
    "too-small": {
      title: "Dieses Modell ist zu klein, um brauchbare Fragen zu schreiben",
      text: (parameters) =>
        `Es hat ${parameters} Parameter. Von ${tooSmall.written} Fragen, die ein Modell mit ${countText(tooSmall.parameters)} in unserem Versuch schrieb, bestand keine die Prüfungen.`,
    },
    small: {
      title: "Dieses Modell ist klein für das Schreiben von Fragen",
      text: (parameters) =>
        `Es hat ${parameters} Parameter. Von ${small.written} Fragen, die ein Modell mit ${countText(small.parameters)} in unserem Versuch aus englischen Texten schrieb, bestanden ${small.kept} die Prüfungen, und ${small.right} davon waren richtig; aus deutschen waren es ${small.german.right} von ${small.german.kept}. Sehen Sie alle durch.`,
    },
  },
  largerModel: (name, parameters) =>
    `„${name}“ (${parameters} Parameter) ist das größte Chat-Modell auf diesem Computer, das in den Arbeitsspeicher passt.`,
  useLarger: "Verwenden",
  noLargerModel:
    "Auf diesem Computer wurde kein größeres Chat-Modell gefunden, das in den Arbeitsspeicher passt.",
  kinds: {
    fact: { name: "Einzelheit", about: "Was ein Satz sagt: wer, wann, wie viel." },
    definition: { name: "Definition", about: "Was ein Begriff ist oder bedeutet." },
    "yes-no": { name: "Ja oder Nein", about: "Mit der Begründung." },
    comparison: { name: "Vergleich", about: "Worin sich zwei Dinge unterscheiden." },
    "not-in-text": { name: "Nicht im Text", about: "Lehrt das Modell, das zu sagen." },
  },
  whichKinds: "Arten von Fragen",
  noKind: "Wählen Sie mindestens eine Art.",
  lacksReused:
    "„Nicht im Text“ verwendet Einzelheiten und Definitionen aus anderen Textstücken: Wählen Sie auch eine dieser Arten.",
  howLong: "Wie lange",
  untilDone: "Bis alles fertig ist",
  forMinutes: "Für Minuten",
  untilTime: "Bis zu einer Uhrzeit",
  minutesLabel: "Minuten",
  timeLabel: "Uhrzeit",
  takes: (passages, duration) =>
    duration === undefined
      ? `${passagesText(passages)}. Wie schnell es geht, zeigt sich nach den ersten; dieses Modell hat hier noch keine Fragen geschrieben.`
      : `${passagesText(passages)}: etwa ${duration}, so schnell wie dieses Modell hier bisher war.`,
  goesOnInBackground:
    "Es läuft im Hintergrund weiter, wartet, während ein Lauf trainiert, und lässt sich jederzeit anhalten und fortsetzen.",
  busyTitle: "Es werden schon Fragen geschrieben",
  busyText: (name) =>
    `Das geht nur einmal zur gleichen Zeit. Halten Sie zuerst das Schreiben für „${name}“ an oder warten Sie, bis es fertig ist.`,
  toOther: "Anzeigen",
  writingStates: {
    writing: "Schreibt Fragen",
    waiting: "Wartet auf den Trainingslauf",
    "waiting-for-power": "Wartet auf Netzstrom",
    stopped: "Angehalten",
    done: "Alle Textstücke fertig",
    failed: "Durch ein Problem angehalten",
  },
  passagesDone: (done, of) => `${numberText(done)} von ${counted(of, "Textstück", "Textstücken")}`,
  pace: (perMinute) =>
    `${numberText(perMinute, perMinute < 10 ? 1 : 0)} ${perMinute === 1 ? "Textstück" : "Textstücke"} pro Minute`,
  left: (duration) => `noch etwa ${duration}`,
  written: (count) => `${questionsText(count)} geschrieben`,
  checked: (checked, of) => `${numberText(checked)} von ${numberText(of)} geprüft`,
  thrownCount: (count) => `${questionsText(count)} weggeworfen`,
  thrownTitle: "Weggeworfen, und warum",
  thrown: {
    "cut-off": "die Antwort war zu lang und brach ab",
    unusable: "keine brauchbare Frage, oder das Textstück war für das Modell zu lang",
    "gives-itself-away": "die Frage enthält ihre Antwort oder spricht von einem Text, der nicht dabeisteht",
    unsupported: "das Textstück belegt die Antwort nicht",
    disagrees: "noch einmal gefragt, antwortete das Modell anders",
    answered: "das Textstück beantwortet, was nicht darin stehen sollte",
    duplicate: "fast dieselbe Frage gab es schon",
  },
  stop: "Anhalten",
  goOn: "Fortsetzen",
  goOnTitle: "Schreiben fortsetzen",
  look: "Durchsehen",
  make: "Datensatz erstellen …",
  erase: "Löschen …",
  eraseTitle: (model) => `Fragen von ${model} löschen?`,
  eraseText:
    "Die Fragen und Ihre Änderungen daran werden gelöscht. Datensätze, die daraus erstellt wurden, bleiben.",
  eraseWithDataSet: (all, checked) =>
    `${all === 1 ? "Auch 1 Frage, die daraus geschrieben wurde, wird" : `Auch ${numberText(all)} Fragen, die daraus geschrieben wurden, werden`} gelöscht; geprüft haben Sie ${numberText(checked)}.`,
  moreFor: (model) => `Mehr zu den Fragen von ${model}`,
  by: (model) => `Geschrieben von ${model}`,
  progressOf: (name) => `Fragen aus ${name} werden geschrieben`,
  pageTitle: (name) => `Fragen aus „${name}“`,
  pageAbout: (model) =>
    `Geschrieben von ${model} auf diesem Computer. Was Sie nicht geprüft haben, bleibt als erzeugt gekennzeichnet.`,
  toDataSet: "Datensatz",
  loading: "Die Fragen werden gelesen",
  list: "Fragen",
  search: "In Frage, Antwort und Dokument suchen",
  filterState: "Zustand",
  allStates: "Alle Zustände",
  filterKind: "Art",
  allKinds: "Alle Arten",
  filterSplit: "Teil",
  allSplits: "Alle Teile",
  order: "Reihenfolge",
  orders: { place: "Wie in den Dokumenten", doubt: "Zweifelhafteste zuerst" },
  states: { unseen: "Nicht geprüft", kept: "Behalten", edited: "Bearbeitet", dropped: "Verworfen" },
  found: questionsText,
  fresh: (count) => `${counted(count, "neue Frage", "neue Fragen")} zeigen`,
  noneTitle: "Noch keine Fragen",
  noneText: "Sie erscheinen hier, sobald sie geschrieben sind.",
  noneUsable: (count, isDone) =>
    `Keine von ${counted(count, "Frage", "Fragen")} war brauchbar${isDone ? "" : ", bis jetzt"}`,
  noneBecause: (reason, count, all) =>
    `Am häufigsten (${numberText(count)} von ${numberText(all)}): ${reason}. Ein größeres Modell schreibt meist brauchbare.`,
  largeEnough: (name, parameters) =>
    `„${name}“ (${parameters} Parameter) ist groß genug und passt in den Speicher dieses Rechners.`,
  noneFound: "Keine Frage passt zu dieser Suche.",
  showAll: "Alle zeigen",
  doubt: (doubt) => `Zweifel ${percentText(doubt, 0)}`,
  doubtMeaning:
    "Wie viel die Prüfungen offenlassen: was sie von ihrem Satz weglässt, Beleg durch ihn und Übereinstimmung wiederholter Antworten. In unseren Versuchen waren etwa neun von zehn des am wenigsten zweifelhaften Drittels richtig und sechs von zehn des zweifelhaftesten; beginnen Sie also mit diesen.",
  question: "Frage",
  answer: "Antwort",
  keep: "Behalten",
  edit: "Bearbeiten",
  drop: "Verwerfen",
  undo: "Rückgängig",
  save: "Speichern",
  cancel: "Abbrechen",
  passage: "Textstück",
  supported: "Die markierten Worte belegen die Antwort.",
  notFound: "Geschrieben aus:",
  notInPassage: "Das Textstück sollte diese Frage nicht beantworten.",
  keysTitle: "Tasten",
  keys: {
    move: "vorige, nächste",
    keep: "behalten",
    drop: "verwerfen",
    edit: "bearbeiten",
    undo: "rückgängig",
  },
  saveKeys: "Enter speichert, Escape bricht ab, Umschalt+Enter beginnt eine neue Zeile.",
  makeTitle: "Aus den Fragen einen Datensatz erstellen",
  makeAbout: (name) =>
    `Die nächste Version von „${name}“: seine Textstücke und diese Fragen, jede im Teil ihres Textstücks.`,
  howPassages: "Textstück in der Eingabe",
  passageChoices: {
    with: {
      name: "Mit dem Textstück",
      about: "Das Modell lernt, aus einem Text zu antworten, den es bekommt.",
    },
    without: {
      name: "Ohne das Textstück",
      about: "Das Modell lernt die Antworten selbst. Fragen nach dem, was nicht im Text steht, entfallen.",
    },
  },
  which: "Welche Fragen",
  allNotDropped: (count) => `Alle, die nicht verworfen wurden (${numberText(count)})`,
  onlyChecked: (count) => `Nur geprüfte (${numberText(count)})`,
  uncheckedLabel:
    "Werte, die damit gemessen werden, sind als erzeugt gekennzeichnet, mit der Zahl der geprüften.",
  makeNow: "Datensatz erstellen",
  saveFile: "Als Datei speichern …",
  saveTitle: "Die Fragen als Datei speichern",
  saveAbout:
    "In jeder Zeile eine Frage (JSONL), mit Antwort, dem Satz, der sie belegt, und Ihrer Entscheidung. Eine solche Datei lässt sich wieder als Daten lesen.",
  saveNow: "Ort wählen und speichern",
  made: (questions, checked) =>
    `Datensatz erstellt: ${questionsText(questions)}, davon ${numberText(checked)} geprüft`,
  railWriting: "Schreibt Fragen",
  railWaiting: "Wartet auf den Lauf",
  wizardAbout:
    "Ein Chat-Modell auf diesem Computer kann daraus auch Fragen mit Antworten schreiben, zum Beispiel über Nacht. Danach sehen Sie sie durch.",
  wizardLink: "Daten behalten und Fragen schreiben lassen …",
};
