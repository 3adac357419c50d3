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
type Difference = Parameters<Result["gain"]>[0];

const rowNames = { questions: "fragen", texts: "texte" } as const;

const blocks = (unit: "block" | "sublayer", count: number) =>
  unit === "block" ? counted(count, "Block", "Blöcke") : counted(count, "Halbblock", "Halbblöcke");

const points = ({ value, low, high }: Difference) =>
  `${signedText(value)} Punkte (${signedText(low)} bis ${signedText(high)})`;

const change: Result["change"] = (share) => `${signedText(share)} %`;
const fromTo: Result["fromTo"] = (low, high) => `${low} bis ${high}`;

const ratio = ({ value, low, high }: Difference) =>
  `${numberText(Math.exp(value), 2)}-mal (${numberText(Math.exp(low), 2)}–${numberText(Math.exp(high), 2)})`;

const chance = (p: number) => (p < 0.001 ? "p < 0,001" : `p = ${numberText(p, p < 0.01 ? 3 : 2)}`);

export const result: Result = {
  title: "Ergebnis",
  notDone: "Dieser Lauf hat noch kein Ergebnis.",
  notDoneText: "Coppice misst das Ergebnis am Ende des Laufs.",
  toRun: "Zum Lauf",

  verdict: (depth, speed, quality) => `${depth}${speed === null ? "" : `, antwortet ${speed}`}, ${quality}.`,
  depthOf: (unit, kept, total) => `${kept} von ${total} ${unit === "block" ? "Blöcken" : "Halbblöcken"}`,
  speed: (ratio) =>
    ratio > 0.97 && ratio < 1.03 ? "so schnell wie zuvor" : `etwa ${numberText(ratio, 1)}-mal so schnell`,
  gain: (difference) => `und gewinnt an Genauigkeit: ${points(difference)}`,
  loss: (difference) => `und verliert an Genauigkeit: ${points(difference)}`,
  noClearLoss: (difference) => `ohne klaren Verlust an Genauigkeit: ${points(difference)}`,
  undecided: (difference) =>
    `aber es gibt zu wenige Testfragen, um einen Verlust an Genauigkeit zu erkennen: ${points(difference)}`,
  whole: (before, after) => `in voller Tiefe feinabgestimmt: Genauigkeit von ${before} auf ${after}`,
  perplexity: (before, after) =>
    `mit einer Perplexität von ${numberText(after, 1)} (feinabgestimmt in voller Tiefe: ${numberText(before, 1)})`,
  notMeasured: "aber nichts konnte gemessen werden",
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
  export: "Exportieren",
  exportThis: "Diese Tiefe exportieren …",
  compare: "Vergleichen",
  trim: "Zum Lauf",
  actions: "Weitere Aktionen",
  showInFolder: "Im Ordner anzeigen",

  figures: "Gemessen an zurückgehaltenen Fragen",
  figuresWithout: "Gemessen an zurückgehaltenen Texten",
  questionsBehind: ({ n, ...asked }) =>
    `${numberText(n)} ${asked.made ? madeText(asked) : "Fragen"}, 95-%-Intervalle`,
  askedMade: (asked) => `Die Testfragen sind ${madeText(asked)}.`,
  original: "Original",
  tuned: "Feinabgestimmt",
  control: "Ganz, mit ebenso vielen Zeilen trainiert",
  shortControl: ({ rows, of }) => `Ganz, mit ${numberText(rows)} von ${numberText(of)} Zeilen trainiert`,
  trimmed: "Gekürzt",
  accuracy: "Genauigkeit",
  guessing: (share) => `immer dieselbe Antwort: ${percentText(share)}`,
  chanceLevel: (share) => `Zufall: ${percentText(share)}`,
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

  answers: "Dieselben Fragen, drei Modelle",
  filter: "Welche Fragen",
  all: (count) => `Alle, ${numberText(count)}`,
  lost: (count) => `Durch Kürzen verloren, ${numberText(count)}`,
  won: (count) => `Gewonnen, ${numberText(count)}`,
  differ: (count) => `Unterschiede, ${numberText(count)}`,
  question: "Frage",
  measure: "Messgröße",
  rightAnswer: (answer) => `Richtig: ${answer}`,
  right: "richtig",
  wrong: "falsch",
  unknown: "nicht gespeichert",
  noQuestions: "Keine Frage dieser Art.",
  pageOf: (from, to, of) => `${from}–${to} von ${of}`,
  previous: "Vorige Fragen",
  next: "Nächste Fragen",
  mcNemar: (lost, won, p) =>
    `Das Kürzen hat ${numberText(lost)} verloren und ${numberText(won)} gewonnen: ${chance(p)} (exakter McNemar-Test gegen das feinabgestimmte Modell in voller Tiefe).`,
  mcNemarImproved: (lost, won, p) =>
    `Die Verbesserung hat ${numberText(lost)} verloren und ${numberText(won)} gewonnen: ${chance(p)} (exakter McNemar-Test gegen das Modell davor).`,

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
  notBetterThanConstant: (share) =>
    `Nicht klar besser als immer dieselbe Antwort, mit der ${percentText(share)} richtig sind.`,
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
  writesWorse: "schreibt aber schlechter",
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

  curve: "Genauigkeit, während das Modell flacher wird",
  shown: "hier gezeigt",
};
