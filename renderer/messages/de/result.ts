import { ENOUGH_QUESTIONS, ENOUGH_ROWS } from "../../../preload/contract/results/verdict.ts";
import { LARGEST_UNSEEN_LOSS } from "../../../preload/contract/results/versus.ts";
import type { Messages } from "../en.ts";
import {
  accuracyText,
  bytesText,
  durationDative,
  madeText,
  numberText,
  percentText,
  signedText,
  speedText,
} from "../figures.ts";
import { shownByRows } from "./shown-by-rows.ts";
import { counted } from "./counted.ts";

type Result = Messages["result"];
type Difference = Parameters<Result["pointsOf"]>[0];

const rowNames = { questions: "fragen", texts: "texte" } as const;

const blocks = (unit: "block" | "sublayer", count: number) =>
  unit === "block" ? counted(count, "Block", "Blöcke") : counted(count, "Halbblock", "Halbblöcke");

const points = ({ value, low, high }: Difference) =>
  `${signedText(value)} Punkte (${signedText(low)} bis ${signedText(high)})`;

const change: Result["change"] = (share) => `${signedText(share)} %`;
const fromTo: Result["fromTo"] = (low, high) => `${low} bis ${high}`;

const ratio = ({ value, low, high }: Difference) =>
  `${numberText(Math.exp(value), 2)}-mal (${numberText(Math.exp(low), 2)}–${numberText(Math.exp(high), 2)})`;

export const result: Result = {
  everything: "Aus allem lernen",
  everythingAbout:
    "Wiederholt dieselben Epochen und Schnitte mit allen Zeilen, auch den zurückgehaltenen. Die Zahlen bleiben die dieses Laufs.",
  everythingLearnt: "Noch einmal aus allem gelernt:",
  figuresOf:
    "Dieses Modell hat aus allen Zeilen gelernt, deshalb bleibt nichts, um es zu messen. Die Zahlen sind die von",
  figuresOfBefore:
    "Dieses Modell hat aus allen Zeilen gelernt, deshalb bleibt nichts, um es zu messen. Die Zahlen sind die des Laufs davor.",
  title: "Ergebnis",
  notDone: "Dieser Lauf hat noch kein Ergebnis.",
  notDoneText: "Coppice misst das Ergebnis am Ende des Laufs.",
  toRun: "Zum Lauf",

  verdicts: {
    ready: "Gebrauchsfertig.",
    "with-care": "Mit Vorsicht brauchbar.",
    "too-few": "Zu wenig, um zu urteilen.",
    "not-yet": "Noch nicht brauchbar.",
    "no-use": "Nicht brauchbar.",
  },
  reasons: {
    guesses: "Es ist kaum besser, als immer dasselbe zu antworten.",
    "may-guess": "Es ist nicht klar besser, als immer dasselbe zu antworten.",
    "few-right": "Zu viele seiner Antworten sind falsch.",
    "some-wrong": "Manche seiner Antworten sind falsch.",
    "no-match": "Fast keine seiner Antworten stimmt mit Ihrer überein.",
    "few-match": "Zu wenige seiner Antworten stimmen mit Ihren überein.",
    "some-differ": "Seine geschriebenen Antworten weichen oft von Ihren ab.",
    "runs-on": "Seine Antworten enden nicht von selbst.",
    repeats: "Es wiederholt sich.",
    "prompt-better": "Das ursprüngliche Modell antwortet mit drei Ihrer Beispiele im Prompt besser.",
    "prompt-as-good":
      "Das ursprüngliche Modell antwortet mit drei Ihrer Beispiele im Prompt vielleicht ebenso gut.",
    "worse-than-whole": "Durch das Kürzen wurde es ungenauer.",
    "writes-worse": "Es schreibt schlechter als vor dem Kürzen.",
    unlikelier: "Ihre Texte sind für dieses Modell weniger wahrscheinlich als für das ursprüngliche.",
    unchecked: "Die meisten Testfragen hat niemand geprüft.",
    "few-questions": "Es gibt zu wenige Testfragen.",
    "no-questions": "Es gibt keine Fragen, an denen es sich messen lässt.",
  },
  advice: {
    "fewer-cuts": "Behalten Sie mehr vom Modell, oder nehmen Sie das feinabgestimmte in voller Tiefe.",
    "larger-model": "Nehmen Sie ein größeres Modell.",
    "more-rows": `Fügen Sie Trainingszeilen hinzu: ${ENOUGH_ROWS} sind ein guter Anfang.`,
    "more-questions": `Fügen Sie Fragen hinzu, bis ${ENOUGH_QUESTIONS} zurückgehalten werden.`,
    "own-questions":
      "Fügen Sie Fragen mit Antworten hinzu, oder lassen Sie welche aus Ihren Dokumenten schreiben.",
    "check-answers": "Prüfen Sie seine Antworten, bevor Sie sich darauf verlassen.",
    "check-questions": "Prüfen Sie die geschriebenen Fragen.",
    "read-answers": "Lesen Sie diese Antworten.",
  },
  headline: ({ kind, now, before }) => {
    const was = before === null ? "" : `, vorher ${before.count}`;
    return `${now.count} von ${now.of} ${{ right: "richtig", match: "wie Ihre" }[kind]}${was}.`;
  },
  timesAsFast: (ratio) =>
    ratio > 0.97 && ratio < 1.03 ? "So schnell wie vorher." : `${numberText(ratio, 1)}-mal so schnell.`,

  before: "Vorher",
  now: "Jetzt",
  scores: { right: "Richtige Antworten von 100", match: "Antworten von 100, die Ihren gleichen" },
  measuredOn: ({ n, ...asked }) =>
    `gemessen an ${numberText(n)} ${asked.made ? madeText(asked) : "Fragen"}, die es nicht kannte`,
  likely: (low, high) => `wohl ${low} bis ${high}`,
  withExamples: (right) => `${right} mit drei Beispielen`,
  guessLine: (right) => `Gepunktet: immer dieselbe oder irgendeine Antwort: ${right}.`,
  blocksOf: (unit, kept, total) =>
    kept === total
      ? `alle ${blocks(unit, total)}`
      : `${kept} von ${total} ${unit === "block" ? "Blöcken" : "Halbblöcken"}`,
  statistics: "Statistik",
  findings: "Verglichen",
  against:
    "Verglichen mit dem feinabgestimmten Modell in voller Tiefe, das mit weniger Zeilen trainiert wurde; dieselben Fragen, 95-%-Intervall.",
  againstControl: (verdict, difference) =>
    ({
      gain: `Genauer als das ganze Modell, das mit ebenso vielen Zeilen trainiert wurde: ${points(difference)}.`,
      loss: `Weniger genau als das ganze Modell, das mit ebenso vielen Zeilen trainiert wurde: ${points(difference)}.`,
      noClearLoss: `Kein klarer Verlust gegenüber dem ganzen Modell, das mit ebenso vielen Zeilen trainiert wurde: ${points(difference)}.`,
      undecided: `Zu wenige Testfragen für einen Vergleich mit dem ganzen Modell, das mit ebenso vielen Zeilen trainiert wurde: ${points(difference)}.`,
    })[verdict],

  chat: "Chat",
  chatPreparing: "Wird für den Chat vorbereitet",
  exportThis: "Diese Tiefe exportieren …",
  compare: "Vergleichen",
  trim: "Zum Lauf",
  actions: "Weitere Aktionen",
  showInFolder: "Im Ordner anzeigen",

  figures: "Gemessen an zurückgehaltenen Fragen",
  figuresWithout: "Gemessen an zurückgehaltenen Texten",
  questionsBehind: ({ n, ...asked }) =>
    `${numberText(n)} ${asked.made ? madeText(asked) : "Fragen"}, 95-%-Intervalle`,
  original: "Original",
  tuned: "Feinabgestimmt",
  control: "Ganz, mit ebenso vielen Zeilen trainiert",
  shortControl: ({ rows, of }) => `Ganz, mit ${numberText(rows)} von ${numberText(of)} Zeilen trainiert`,
  trimmed: "Gekürzt",
  accuracy: "Genauigkeit",
  guessing: (share) => `immer dieselbe Antwort: ${percentText(share)}`,
  sections: {
    choices: "Eine Antwort auswählen",
    texts: "Ihre Texte",
    answers: "Eine Antwort schreiben",
    offDomain: "Außerhalb Ihres Fachgebiets",
    chat: "Im Chat",
  },
  rounded: "Genauigkeit im Chat",
  roundedTexts: "Perplexität im Chat",
  roundedNote: (precision, rows) => `gerundet auf ${precision}, dieselben ${numberText(rows)} Zeilen`,
  pointsOf: points,
  change,
  fromTo,
  calibration: "Kalibrierungsfehler",
  calibrationNote: "Abweichung zwischen Sicherheit und Trefferquote",
  bitsPerByte: "Bit pro Byte",
  bitsPerByteNote: "zwischen Modellen vergleichbar",
  answersAsked: (rows) => `${numberText(rows)} Antworten, mit Ihren verglichen`,
  rougeL: "Übereinstimmung (ROUGE-L)",
  repetition: "Wiederholungen",
  ownRepetition: (share) => `in Ihren Antworten: ${percentText(share)}`,
  length: "Länge",
  lengthNote: "im Verhältnis zu Ihren Antworten",
  stops: "Antworten, die von selbst enden",
  exactMatch: "Exakte Übereinstimmungen",
  perplexityRow: "Perplexität Ihrer Texte",
  lower: "niedriger ist besser",
  offDomainAccuracy: "Genauigkeit außerhalb Ihres Fachgebiets",
  offDomainPerplexity: "Perplexität außerhalb Ihres Fachgebiets",
  speedRow: "Tempo im Chat",
  speedNote: (wanted) => `auf diesem Computer gemessen${wanted === null ? "" : `; Ziel: ${wanted}`}`,
  memoryRow: "Speicher im Chat",
  memoryNote: "geschätzt, für bis zu 4.096 Token",
  fileRow: "Chat-Gewichte auf der Festplatte",
  none: "–",
  speedText,
  bytesText,
  interval: (accuracy) => accuracyText(accuracy),

  answers: {
    ten: (of) => (of > 10 ? `Zehn der ${numberText(of)}, falsche zuerst` : "Seine Antworten, falsche zuerst"),
    wrong: () => "Falsche Antworten",
    lost: () => "Durch Kürzen verloren",
    won: () => "Durch Kürzen gewonnen",
    all: (of) => `Alle ${numberText(of)} Antworten`,
  },
  answersCaption: "Zurückgehaltene Fragen und ihre Antworten",
  filter: "Welche Fragen",
  filters: {
    ten: () => "Zehn",
    wrong: (count) => `Falsch, ${numberText(count)}`,
    lost: (count) => `Durch Kürzen verloren, ${numberText(count)}`,
    won: (count) => `Gewonnen, ${numberText(count)}`,
    all: (count) => `Alle, ${numberText(count)}`,
  },
  yourAnswer: "Ihre Antwort",
  judge: "Bewerten oder berichtigen",
  good: "Gute Antwort",
  nothing: "(nichts)",
  ofTen: (now, before, of) =>
    `${numberText(now)} von diesen ${numberText(of)} sind richtig, vorher waren es ${numberText(before)}.`,
  question: "Frage",
  measure: "Messgröße",
  right: "richtig",
  wrong: "falsch",
  unknown: "nicht gespeichert",
  noQuestions: "Keine Frage dieser Art.",
  pageOf: (from, to, of) => `${from}–${to} von ${of}`,
  previous: "Vorige Fragen",
  next: "Nächste Fragen",

  choose: "Andere Tiefe wählen",
  depthSlider: "Tiefe",
  wholeName: (unit, count) => `${blocks(unit, count)}, feinabgestimmt`,
  roundName: (unit, count) => `${blocks(unit, count)}, nicht geheilt`,
  healedName: (unit, count) => `${blocks(unit, count)}, geheilt`,
  recommended: "empfohlen",
  isThis: "Das ist die Endtiefe des Laufs.",
  use: "Als eigenes Modell speichern",
  usable: (name) => `„${name}“ ist jetzt eines Ihrer Modelle.`,
  chosenByValidation: ({ kind, rows }) => {
    const one = kind === "texts" ? "Ein Validierungstext" : "Eine Validierungsfrage";
    const chosen =
      rows === 1 ? `${one} entscheidet` : `${numberText(rows)} Validierungs${rowNames[kind]} entscheiden`;
    return `${chosen}, welche Tiefe empfohlen wird. Die Test${rowNames[kind]} messen sie nur.`;
  },
  noneRecommended: "Keine Tiefe wird empfohlen.",
  tooFewRows: ({ kind, rows }, needed, floor) => {
    const [one, many] =
      kind === "texts"
        ? ["Validierungstext ist", "Validierungstexte sind"]
        : ["Validierungsfrage ist", "Validierungsfragen sind"];
    return `${counted(rows, one, many)} zu wenig, um ${shownByRows(kind, floor)}; es braucht etwa ${numberText(needed)}.`;
  },
  noneShown: {
    questions: `Bei keiner Tiefe lässt sich ein Verlust von ${numberText(100 * LARGEST_UNSEEN_LOSS)} Punkten ausschließen. Unten können Sie das feinabgestimmte Modell in voller Tiefe wählen.`,
    texts:
      "Bei keiner Tiefe lässt sich ausschließen, dass die Texte deutlich unwahrscheinlicher wurden. Unten können Sie das feinabgestimmte Modell in voller Tiefe wählen.",
  },
  noRowsToChoose: "Es gibt keine Validierungszeilen, die sie wählen könnten.",
  isLargest: (healed) =>
    healed ? "Das Ergebnis ist die größte geheilte Tiefe." : "Das Ergebnis ist die größte Tiefe.",
  notHealed: "Nur die letzte Tiefe wurde geheilt, die anderen sind kaum trainiert.",

  cost: "Kosten",
  costGain: (difference, lost, won) =>
    `Genauer als das feinabgestimmte Modell in voller Tiefe: ${points(difference)}; ${counted(lost, "Frage", "Fragen")} verloren, ${numberText(won)} gewonnen. Es wurde auch länger trainiert.`,
  costLoss: (difference, lost, won) =>
    `Ein signifikanter Verlust: ${points(difference)} gegenüber dem feinabgestimmten Modell in voller Tiefe; ${counted(lost, "Frage", "Fragen")} verloren, ${numberText(won)} gewonnen.`,
  costNoClearLoss: (difference, lost, won) =>
    `Kein klarer Verlust in Ihrem Fachgebiet: ${points(difference)} gegenüber dem feinabgestimmten Modell in voller Tiefe; ${counted(lost, "Frage", "Fragen")} verloren, ${numberText(won)} gewonnen.`,
  costUndecided: (difference, lost, won, n) =>
    `${counted(n, "Frage ist", "Fragen sind")} zu wenig: Der Unterschied liegt zwischen ${signedText(difference.low)} und ${signedText(difference.high)} Punkten; ${counted(lost, "Frage", "Fragen")} verloren, ${numberText(won)} gewonnen. Mehr Testfragen bringen Klarheit.`,
  againstOriginal: (before, after) => `Das Originalmodell beantwortete ${before} richtig, dieses ${after}.`,
  byLikelihood:
    "Was entfernt wurde, entschied die Wahrscheinlichkeit der Antworten: In den Validierungszeilen gab es keine richtigen Antworten zu zählen.",
  offDomainFell: (before, after) =>
    `Außerhalb Ihres Fachgebiets sank die Genauigkeit von ${before} auf ${after}. Verwenden Sie es nur für Ihr Fachgebiet.`,
  offDomainKept: (before, after) =>
    `Außerhalb Ihres Fachgebiets hat sich die Genauigkeit nicht klar verändert: vorher ${before}, jetzt ${after}.`,
  offDomainLoss: (before, after) =>
    `Außerhalb Ihres Fachgebiets ging die Perplexität von ${numberText(before, 1)} auf ${numberText(after, 1)} (niedriger ist besser).`,
  offDomainTexts: (difference) =>
    `Außerhalb Ihres Fachgebiets ist die Perplexität ${ratio(difference)} so hoch wie die des Originalmodells.`,
  offDomainUnknown:
    "Was es außerhalb Ihres Fachgebiets vergessen hat, wurde nicht gemessen. Fügen Sie dafür fachfremde Daten hinzu.",
  fewerTokens: (kept, total) =>
    `Sein Vokabular hat ${numberText(kept)} von ${numberText(total)} Token. Es kann weiterhin jeden Text schreiben, setzt fachfremde Wörter aber aus mehr Token zusammen. Das dauert länger und kann ungenauer sein.`,
  speedUnsure:
    "Das Tempo ist unbekannt, weil sich die Messwerte widersprechen. Der Computer war vermutlich anderweitig ausgelastet.",
  speedReached: (reached, wanted) => `Es antwortet gemessen mit ${reached}; das Ziel waren ${wanted}.`,
  speedMissed: (reached, wanted) =>
    `Es antwortet gemessen mit ${reached}, also langsamer als das Ziel von ${wanted}.`,
  writing: {
    chosenAsWell: (found) => `Es wählt so gut wie zuvor, schreibt aber schlechter: ${found}.`,
    worse: (found) => `Es schreibt schlechter als das feinabgestimmte Modell in voller Tiefe: ${found}.`,
    asWell: (difference) =>
      `Es schreibt so gut wie das feinabgestimmte Modell in voller Tiefe: ROUGE-L ${points(difference)}.`,
    undecided: (difference) =>
      `Zu wenige Antworten, um zu erkennen, ob es schlechter schreibt: ROUGE-L ${points(difference)}.`,
    textsUndecided: (difference) =>
      `Seine Antworten sind so gut wie die des feinabgestimmten Modells in voller Tiefe (ROUGE-L ${points(difference)}), aber es gibt zu wenige Texte, um zu erkennen, ob es sie ebenso gut kennt.`,
    overlap: (difference) =>
      `seine Antworten haben weniger mit Ihren gemeinsam (ROUGE-L ${points(difference)})`,
    repetition: (difference) => `es wiederholt sich mehr (${points(difference)})`,
    stops: (difference) => `weniger Antworten enden von selbst (${points(difference)})`,
    text: (difference) => `die Perplexität Ihrer Texte ist ${ratio(difference)} so hoch`,
  },
  textsVersus: (difference, rows) =>
    `Bei denselben ${numberText(rows)} Texten ist die Perplexität ${ratio(difference)} so hoch wie die des feinabgestimmten Modells in voller Tiefe (gepaartes Bootstrap).`,
  textsVersusControl: (difference, rows) =>
    `Bei denselben ${numberText(rows)} Texten ist die Perplexität ${ratio(difference)} so hoch wie die des ganzen Modells, das mit ebenso vielen Zeilen trainiert wurde (gepaartes Bootstrap).`,
  costTime: (seconds, memory) =>
    `Erstellt in ${durationDative(seconds)}; Spitzenbedarf an Speicher ${memory}.`,
  floorMissed: "Keine Tiefe liegt zuverlässig über Ihrer Untergrenze.",
  floorMissedText: (floor, tuned) =>
    `Ihre Untergrenze ist ${floor} der Genauigkeit des feinabgestimmten Modells (${tuned}). Unten können Sie das feinabgestimmte Modell in voller Tiefe wählen.`,
  other: "Eine andere Tiefe wird empfohlen.",
  otherText: (name, { kind }) => `Die Validierungs${rowNames[kind]} sprechen für ${name}.`,
  showIt: "Anzeigen",

  shown: "hier gezeigt",
};
