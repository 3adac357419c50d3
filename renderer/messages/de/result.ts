import type { Messages } from "../en.ts";
import { accuracyText, bytesText, numberText, percentText, speedText } from "../figures.ts";

type Result = Messages["result"];
type Difference = Parameters<Result["gain"]>[0];

const signed = (share: number) => {
  const text = numberText(Math.abs(100 * share), 1);
  return `${share < 0 && text !== "0,0" ? "−" : "+"}${text}`;
};

const blocks = (unit: "block" | "sublayer", count: number) =>
  unit === "block"
    ? `${count} ${count === 1 ? "Block" : "Blöcke"}`
    : `${count} ${count === 1 ? "Halbblock" : "Halbblöcke"}`;

const points = ({ value, low, high }: Difference) =>
  `${signed(value)} Punkte (${signed(low)} bis ${signed(high)})`;

const chance = (p: number) => (p < 0.001 ? "p < 0,001" : `p = ${numberText(p, p < 0.01 ? 3 : 2)}`);

export const result: Result = {
  title: "Ergebnis",
  notDone: "Dieser Lauf hat noch kein Ergebnis.",
  notDoneText: "Das Ergebnis wird gemessen, wenn der Lauf endet.",
  toRun: "Zum Lauf",

  verdict: (depth, speed, quality) => `${depth}${speed === null ? "" : `, antwortet ${speed}`}, ${quality}.`,
  depthOf: (unit, kept, total) => `${kept} von ${total} ${unit === "block" ? "Blöcken" : "Halbblöcken"}`,
  speed: (ratio) =>
    ratio > 0.97 && ratio < 1.03 ? "so schnell wie zuvor" : `etwa ${numberText(ratio, 1)}-mal so schnell`,
  gain: (difference) => `und gewinnt an Genauigkeit: ${points(difference)}`,
  loss: (difference) => `und verliert an Genauigkeit: ${points(difference)}`,
  noClearLoss: (difference) => `ohne klaren Verlust an Genauigkeit: ${points(difference)}`,
  undecided: (difference) =>
    `und die Testfragen sind zu wenige, um einen Verlust an Genauigkeit zu erkennen: ${points(difference)}`,
  whole: (before, after) => `in voller Tiefe angepasst: Genauigkeit von ${before} auf ${after}`,
  perplexity: (before, after) =>
    `mit einer Perplexität von ${numberText(after, 1)} (angepasst, ganz: ${numberText(before, 1)})`,
  notMeasured: "und nichts konnte gemessen werden",
  against: "Gegen das angepasste ganze Modell, an denselben Fragen; 95-%-Bereich.",

  chat: "Chat",
  chatPreparing: "Wird für den Chat vorbereitet",
  export: "Exportieren",
  exportThis: "Diese Tiefe exportieren …",
  exportAbout: "Ein Ordner im Aufbau von Hugging Face, das Chat-Modell dabei",
  compare: "Vergleichen",
  trim: "Zum Lauf",
  actions: "Weitere Aktionen",
  exporting: (depth) => `${depth} wird geschrieben`,
  exported: (depth) => `${depth}: gesichert.`,
  exportedText: (size, path) => `${size} in ${path}`,
  showInFolder: "Im Ordner zeigen",

  figures: "Gemessen an Fragen, die es nie gesehen hat",
  figuresWithout: "Gemessen an Texten, die es nie gesehen hat",
  questionsBehind: (count) => `${numberText(count)} Fragen, 95-%-Bereiche`,
  original: "Original",
  tuned: "Angepasst",
  trimmed: "Gekürzt",
  accuracy: "Genauigkeit",
  guessing: (share) => `immer dieselbe Antwort: ${percentText(share)}`,
  chanceLevel: (share) => `Zufall: ${percentText(share)}`,
  exactMatch: "Buchstäblich richtige Antworten",
  perplexityRow: "Perplexität Ihrer Texte",
  lower: "niedriger ist besser",
  offDomainAccuracy: "Genauigkeit außerhalb Ihres Gebiets",
  offDomainPerplexity: "Perplexität außerhalb Ihres Gebiets",
  speedRow: "Tempo im Chat",
  speedNote: "auf diesem Computer gemessen",
  memoryRow: "Speicher im Chat",
  memoryNote: "geschätzt, für bis zu 4.096 Token",
  fileRow: "Chat-Gewichte auf der Platte",
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
  rightAnswer: (answer) => `Richtig: ${answer}`,
  right: "richtig",
  wrong: "falsch",
  unknown: "nicht behalten",
  noQuestions: "Keine Frage dieser Art.",
  pageOf: (from, to, of) => `${from}–${to} von ${of}`,
  previous: "Vorige Fragen",
  next: "Nächste Fragen",
  mcNemar: (lost, won, p) =>
    `Das Kürzen hat ${numberText(lost)} verloren und ${numberText(won)} gewonnen: ${chance(p)} (exakter McNemar-Test gegen das angepasste ganze Modell).`,

  choose: "Andere Tiefe wählen",
  depthSlider: "Tiefe",
  wholeName: (unit, count) => `${blocks(unit, count)}, angepasst, ganz`,
  roundName: (unit, count) => `${blocks(unit, count)}, nicht geheilt`,
  healedName: (unit, count) => `${blocks(unit, count)}, geheilt`,
  recommended: "empfohlen",
  isThis: "Das ist die Tiefe, die der Lauf gemacht hat.",
  use: "Zu einem eigenen Modell machen",
  usable: (name) => `${name} ist jetzt unter Ihren Modellen.`,
  chooseNote:
    "Jede Tiefe ist an denselben Testfragen gemessen. Danach zu wählen schönt die Wahl ein wenig. Nur die letzte wurde geheilt: Die dazwischen sind kaum trainiert.",

  cost: "Was es gekostet hat",
  costGain: (difference, lost, won) =>
    `Mehr richtig als das angepasste ganze Modell: ${points(difference)}; ${lost} Fragen verloren, ${won} gewonnen. Es wurde auch länger trainiert.`,
  costLoss: (difference, lost, won) =>
    `Ein Verlust, den der Zufall nicht erklärt: ${points(difference)} gegen das angepasste ganze Modell; ${lost} Fragen verloren, ${won} gewonnen.`,
  costNoClearLoss: (difference, lost, won) =>
    `Kein klarer Verlust in Ihrem Gebiet: ${points(difference)} gegen das angepasste ganze Modell; ${lost} Fragen verloren, ${won} gewonnen.`,
  costUndecided: (difference, lost, won, n) =>
    `${numberText(n)} Fragen entscheiden es nicht: Der Unterschied liegt zwischen ${signed(difference.low)} und ${signed(difference.high)} Punkten; ${lost} Fragen verloren, ${won} gewonnen. Mehr Testfragen könnten es.`,
  againstOriginal: (before, after) => `Ursprünglich hatte das Modell ${before} richtig, jetzt ${after}.`,
  notBetterThanConstant: (share) =>
    `Nicht klar besser als immer dieselbe Antwort, mit der ${percentText(share)} richtig sind.`,
  offDomainFell: (before, after) =>
    `Außerhalb Ihres Gebiets ging die Genauigkeit von ${before} auf ${after}. Nutzen Sie es für das, wofür es trainiert ist.`,
  offDomainKept: (before, after) =>
    `Außerhalb Ihres Gebiets war keine klare Änderung der Genauigkeit zu sehen: vorher ${before}, jetzt ${after}.`,
  offDomainLoss: (before, after) =>
    `Außerhalb Ihres Gebiets ging die Perplexität von ${numberText(before, 1)} auf ${numberText(after, 1)} (niedriger ist besser).`,
  offDomainUnknown:
    "Was es außerhalb Ihres Gebiets vergessen hat, wurde nicht gemessen: Solche Daten fehlten.",
  speedUnsure:
    "Wie schnell es ist, lässt sich nicht sagen: Die gemessenen Tempi passen nicht zueinander. Der Computer war wohl anderweitig beschäftigt.",
  costTime: (time, memory) => `Gemacht in ${time}; höchster Speicherbedarf ${memory}.`,
  floorMissed: "Keine Tiefe bleibt sicher über Ihrer Untergrenze.",
  floorMissedText: (floor, tuned) =>
    `Sie wollten mindestens ${floor} der Genauigkeit des angepassten Modells (${tuned}). Unten kann das angepasste ganze Modell gewählt werden.`,
  other: "Eine andere Tiefe wird empfohlen.",
  otherText: (name) => `Nach Ihrer Untergrenze und diesen Fragen: ${name}.`,
  showIt: "Zeigen",

  curve: "Genauigkeit, während das Modell flacher wird",
  shown: "hier gezeigt",
  notes: "Notiz und Schlagwörter",
  note: "Notiz",
  notePlaceholder: "Wofür dieser Lauf war, was Sie gefunden haben",
  tags: "Schlagwörter",
  addTag: "Schlagwort hinzufügen",
  removeTag: (tag) => `Das Schlagwort ${tag} entfernen`,
  saved: "Gesichert",
};
