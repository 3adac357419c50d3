import type { Messages } from "../en.ts";
import { durationText, madeText, numberText } from "../figures.ts";
import { counted } from "./counted.ts";
import { logText } from "./run-log.ts";

type Trim = Messages["trim"];

const units: Trim["units"] = (unit, count) =>
  unit === "block" ? counted(count, "Block", "Blöcke") : counted(count, "Halbblock", "Halbblöcke");

const rounds = (count: number) => counted(count, "Runde", "Runden");

export const trim: Trim = {
  title: "Kürzen",
  about: (model, unit, from, to, seed) => `${model}, ${from} → ${units(unit, to)}, Startwert ${seed}`,
  units,

  pause: "Anhalten",
  resume: "Fortsetzen",
  stopAndKeep: "Beenden und behalten",
  stopping: "Wird nach diesem Schritt beendet",
  leaveQueue: "Aus der Warteschlange entfernen",
  cancelRun: "Diesen Lauf abbrechen",
  openFolder: "Ordner öffnen",
  moreActions: "Weitere Aktionen",
  toLibrary: "Zur Bibliothek",
  result: "Ergebnis",
  startAnyway: "Trotzdem starten",
  goOnAfterAll: "Doch fortsetzen",
  closeHint:
    "Sie können dieses Fenster schließen; der Lauf geht weiter. Coppice zeigt ihn beim nächsten Öffnen wieder an.",
  notRunningHint: "Der Lauf ist gespeichert. Wenn Sie ihn fortsetzen, endet er mit demselben Ergebnis.",

  now: {
    waiting: "Wartet in der Warteschlange.",
    starting: "Der Trainingsprozess wird gestartet.",
    prepare: "Modell und Daten werden gelesen.",
    tune: "Das ganze Modell wird auf Ihre Daten feinabgestimmt.",
    score: (left) => `Noch ${left}: Gesucht wird, was Ihre Daten am wenigsten brauchen.`,
    drop: "Der am wenigsten benötigte Teil wird entfernt.",
    train: "Das Modell trainiert, um sich vom Schnitt zu erholen.",
    heal: "Heilung: das abschließende Training mit einer auf null fallenden Lernrate.",
    evaluate: "Messung an zurückgehaltenen Testdaten.",
    export: "Das Modell wird gespeichert und sein Tempo im Chat gemessen.",
    paused: "Angehalten.",
    done: "Das Modell ist gekürzt, gemessen und gespeichert.",
    failed: "Ein Problem hat den Lauf beendet.",
    cancelled: "Abgebrochen.",
  },
  next: {
    prepare: "Als Nächstes: das Originalmodell messen.",
    tune: "Als Nächstes: das feinabgestimmte Modell messen, dann kürzen.",
    score: "Als Nächstes: den am wenigsten benötigten Teil entfernen, dann weitertrainieren.",
    drop: "Als Nächstes: weitertrainieren.",
    train: "Als Nächstes: diese Tiefe messen und behalten.",
    heal: "Als Nächstes: das geheilte Modell messen und speichern.",
    evaluate: "Sie können später jede gemessene Tiefe wählen.",
    export: "Das ist der letzte Schritt.",
  },
  share: (done) => `${Math.floor(100 * done)} % dieses Schritts`,
  round: (round, of) => `Runde ${round} von ${of}`,
  beforeRounds: (of) => `Vor der ersten von ${rounds(of)}`,
  afterRounds: (of) => (of === 0 ? "Keine Schnitte" : `Alle ${rounds(of)} fertig`),
  endsEarly: "Wird früher beendet: keine weiteren Runden.",
  soFar: (seconds) => `bisher ${durationText(seconds)}`,
  left: (seconds) => (seconds === null ? "Restzeit noch unbekannt" : `noch etwa ${durationText(seconds)}`),
  overall: "Fortschritt des ganzen Laufs",
  percent: (fraction) => `${Math.floor(100 * fraction)} %`,

  map: "Blockübersicht",
  view: "Ansicht",
  stem: "Stamm",
  rings: "Ringe",
  unitsLeftOf: (left, of, unit) => `${left} von ${of} ${unit === "block" ? "Blöcken" : "Halbblöcken"}`,

  accuracyTitle: "Genauigkeit, während das Modell flacher wird",
  perplexityTitle: "Perplexität, während das Modell flacher wird",
  lossTitle: "Trainingsverlust",
  lowerIsBetter: "niedriger ist besser",
  step: "Schritt",
  loss: "Verlust",
  validationLoss: "auf Validierungsdaten",
  noStepsYet: "Die Kurve beginnt mit dem ersten Trainingsschritt.",
  noDepthsYet: "Der erste Punkt erscheint, sobald das Originalmodell gemessen ist.",
  lossLabel: (first, last, steps) =>
    `Trainingsverlust von ${numberText(first, 2)} bis ${numberText(last, 2)} über ${numberText(steps)} Schritte.`,
  unitsLeft: (unit) => (unit === "block" ? "verbleibende Blöcke" : "verbleibende Halbblöcke"),
  original: "Original",
  tuned: "feinabgestimmt",
  control: "ganz, weiter trainiert",
  trimmed: "gekürzt",
  healed: "gekürzt und geheilt",
  guessing: "immer dieselbe Antwort",
  floor: "Ihre Untergrenze",
  goal: "Ziel",
  accuracy: "Genauigkeit",
  perplexity: "Perplexität",
  interval: "95-%-Intervall",
  depth: "Tiefe",
  accuracyLabel: (points) => `Genauigkeit an den Testfragen: ${points.join("; ")}.`,
  perplexityLabel: (points) => `Perplexität der Testtexte: ${points.join("; ")}.`,
  accuracyNote: (questions, asked) =>
    `${numberText(questions)} ${asked.made ? madeText(asked) : "Testfragen"}. Die senkrechten Striche sind 95-%-Intervalle.`,

  watched: "Dieselben Fragen nach jeder Runde",
  watchedAt: (name, units) =>
    ({ base: "vor dem Training", tuned: `feinabgestimmt, ${units}`, healed: `geheilt, ${units}` })[name] ??
    units,
  soFarTitle: "Bisher",
  facts: {
    accuracy: "Genauigkeit jetzt",
    perplexity: "Perplexität jetzt",
    loss: "Trainingsverlust",
    speed: "Trainingstempo",
    device: "Gerät",
    saved: "Behaltene Tiefen",
    tokens: (perSecond) => `${numberText(perSecond)} Token/s`,
    threads: (count) => `CPU, ${counted(count, "Thread", "Threads")}`,
    depths: (count) => (count === 0 ? "noch keine" : `${count}`),
    notYet: "noch nicht",
  },

  unknownDepth: "Die Blöcke des Modells dieses Laufs können nicht gezeigt werden.",
  unknownDepthText:
    "Das Modell ist in der Bibliothek nicht verzeichnet. Die bisherigen Werte des Laufs stehen unten.",

  queued: (place) =>
    place <= 1
      ? "Dieser Lauf ist der nächste in der Warteschlange."
      : `Dieser Lauf ist Nummer ${place} in der Warteschlange.`,
  queuedText: "Er startet automatisch, wenn die Läufe davor beendet sind.",
  waitsForPower: "Der Lauf wartet auf Netzstrom.",
  waitsForPowerText: "Das Training leert den Akku schnell. Bei Netzbetrieb startet der Lauf automatisch.",
  pausedTitle: "Der Lauf ist angehalten.",
  pausedText:
    "Er belegt weder Speicher noch Prozessor. Wenn Sie ihn fortsetzen, endet er mit demselben Ergebnis wie ohne Pause.",
  interruptedTitle: "Der Lauf wurde unterbrochen.",
  interruptedText: (since) =>
    `Coppice wurde während des Laufs beendet (${since}). Der gespeicherte Fortschritt ist sicher. Wenn Sie den Lauf fortsetzen, endet er mit demselben Ergebnis.`,
  doneTitle: "Das Modell ist fertig.",
  doneText: "Es wurde an zurückgehaltenen Testdaten gemessen.",
  cancelledTitle: "Der Lauf wurde abgebrochen.",
  cancelledText: "Seine gespeicherten Tiefen bleiben erhalten.",
  resumedTitle: "Der Lauf wird fortgesetzt.",
  resumedText: (fraction) => `Er wird ab dem letzten Speicherstand fortgesetzt; ${fraction} sind erledigt.`,

  finishTitle: "Hier beenden und das Modell behalten?",
  finishBefore:
    "Es wurde noch kein Block entfernt. Coppice schließt den laufenden Schritt ab und misst und speichert dann das feinabgestimmte Modell in voller Tiefe.",
  finishAfter: (kept, of) =>
    `Coppice schließt den laufenden Schritt ab. Dann wird das Modell (noch ${kept} von ${of}) geheilt, gemessen und gespeichert, als hätten Sie diese Tiefe gewählt. Später kann es nicht weiter gekürzt werden.`,
  finishYes: "Beenden und behalten",
  goOn: "Weiter kürzen",
  cancelTitle: "Diesen Lauf abbrechen?",
  cancelText:
    "Der Lauf endet jetzt, ohne Heilung und Messung. Gespeicherte Tiefen können Sie weiterhin exportieren und den Lauf fortsetzen, bis Sie ihn löschen.",
  cancelYes: "Lauf abbrechen",

  log: "Protokoll",
  logged: logText,
  logEmpty: "Noch nichts.",
  phaseNames: {
    prepare: "Vorbereitung",
    tune: "Feinabstimmung",
    score: "Bewertung",
    drop: "Schnitt",
    train: "Training",
    heal: "Heilung",
    evaluate: "Messung",
    export: "Speichern",
  },
  inRound: (phase, round) => `Runde ${round}: ${phase}`,
  damagedTitle: "Eine gespeicherte Datei war beschädigt. Verloren ist nur Zeit.",
  damaged: {
    journal: "Das Journal des Laufs ist beschädigt. Das vorherige wird verwendet.",
    save: "Der neueste Speicherstand ist beschädigt. Der vorherige wird verwendet.",
    teacher: "Die aufgezeichneten Ausgaben des Lehrermodells sind beschädigt. Sie werden neu aufgezeichnet.",
    method: "Was ein Verfahren aufbewahrt hatte, ist beschädigt. Es wird neu erzeugt.",
  },
};
