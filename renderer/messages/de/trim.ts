import type { Messages } from "../en.ts";
import { accuracyText, durationText, numberText } from "../figures.ts";

type Trim = Messages["trim"];

const units: Trim["units"] = (unit, count) =>
  unit === "block"
    ? `${count} ${count === 1 ? "Block" : "Blöcke"}`
    : `${count} ${count === 1 ? "Halbblock" : "Halbblöcke"}`;

const rounds = (count: number) => `${count} ${count === 1 ? "Runde" : "Runden"}`;

export const trim: Trim = {
  title: "Kürzen",
  about: (model, unit, from, to, seed) => `${model}, ${from} → ${units(unit, to)}, Startwert ${seed}`,
  units,

  pause: "Anhalten",
  resume: "Fortsetzen",
  stopAndKeep: "Beenden und behalten",
  stopping: "Endet nach diesem Schritt",
  leaveQueue: "Aus der Warteschlange nehmen",
  cancelRun: "Diesen Lauf abbrechen",
  openFolder: "Ordner öffnen",
  moreActions: "Weitere Aktionen",
  toLibrary: "Zur Bibliothek",
  result: "Ergebnis",
  startAnyway: "Trotzdem beginnen",
  goOnAfterAll: "Doch fortsetzen",
  closeHint:
    "Sie können dieses Fenster schließen: Der Lauf geht weiter und ist beim nächsten Start wieder hier.",
  notRunningHint: "Gesichertes bleibt erhalten. Von dort geht der Lauf mit demselben Ergebnis weiter.",

  now: {
    waiting: "Wartet, bis er an der Reihe ist.",
    starting: "Das Training wird gestartet.",
    prepare: "Vorbereitung: Modell und Daten werden gelesen.",
    measure: "Dieser Computer wird gemessen.",
    tune: "Das ganze Modell lernt aus Ihren Daten.",
    score: (left) => `Es wird geprüft, was Ihre Daten am wenigsten brauchen: ${left} sind noch da.`,
    drop: "Was am wenigsten gebraucht wird, wird entfernt.",
    train: "Training, damit sich das Modell vom Schnitt erholt.",
    heal: "Heilung: das letzte Training, mit einer Rate, die auf null fällt.",
    evaluate: "Messung an Testdaten, die das Modell nie gesehen hat.",
    export: "Das Modell wird gesichert und seine Geschwindigkeit im Chat gemessen.",
    paused: "Angehalten. Gerade wird nichts gerechnet.",
    done: "Fertig: Das Modell ist gekürzt, gemessen und gesichert.",
    failed: "Wegen eines Problems beendet.",
    cancelled: "Abgebrochen.",
  },
  next: {
    prepare: "Danach wird das Modell gemessen, wie es ist.",
    measure: "Danach wird das Modell gemessen, wie es ist.",
    tune: "Danach wird das angepasste Modell gemessen; dann beginnen die Schnitte.",
    score: "Danach wird das Entbehrlichste entfernt, dann lernt das Modell weiter.",
    drop: "Danach lernt das Modell weiter.",
    train: "Danach wird diese Tiefe gemessen und zur Auswahl behalten.",
    heal: "Danach wird das geheilte Modell gemessen und gesichert.",
    evaluate: "Jede gemessene Tiefe kann später gewählt werden.",
    export: "Das ist der letzte Schritt.",
  },
  share: (done) => `${Math.floor(100 * done)} % dieses Schritts`,
  round: (round, of) => `Runde ${round} von ${of}`,
  beforeRounds: (of) => `Vor der ersten von ${rounds(of)}`,
  afterRounds: (of) => (of === 0 ? "Keine Schnitte" : `Alle ${rounds(of)} fertig`),
  endsEarly: "Endet früher: keine weitere Runde.",
  soFar: (seconds) => `bisher ${durationText(seconds)}`,
  left: (seconds) => (seconds === null ? "Restzeit noch unbekannt" : `noch etwa ${durationText(seconds)}`),
  overall: "Fortschritt des ganzen Laufs",
  percent: (fraction) => `${Math.floor(100 * fraction)} %`,

  map: "Schichtkarte",
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
  validationLoss: "an zurückgehaltenen Daten",
  noStepsYet: "Die Kurve beginnt mit dem ersten Trainingsschritt.",
  noDepthsYet: "Der erste Punkt kommt, wenn das Modell gemessen ist, wie es war.",
  lossLabel: (first, last, steps) =>
    `Trainingsverlust von ${numberText(first, 2)} bis ${numberText(last, 2)} über ${numberText(steps)} Schritte.`,
  unitsLeft: (unit) => (unit === "block" ? "verbleibende Blöcke" : "verbleibende Halbblöcke"),
  original: "wie es war",
  tuned: "angepasst, ganz",
  trimmed: "gekürzt",
  healed: "gekürzt und geheilt",
  guessing: "immer dieselbe Antwort",
  floor: "Ihre Untergrenze",
  goal: "Ziel",
  accuracy: "Genauigkeit",
  perplexity: "Perplexität",
  interval: "95-%-Bereich",
  depth: "Tiefe",
  accuracyLabel: (points) => `Genauigkeit an den Testfragen: ${points.join("; ")}.`,
  perplexityLabel: (points) => `Perplexität der Testtexte: ${points.join("; ")}.`,
  accuracyPoint: (name, accuracy) => `${name} ${accuracyText(accuracy)}`,
  accuracyNote: (questions) =>
    `An ${numberText(questions)} Testfragen; die senkrechten Striche sind 95-%-Bereiche.`,

  soFarTitle: "Bisher",
  facts: {
    accuracy: "Genauigkeit jetzt",
    perplexity: "Perplexität jetzt",
    loss: "Trainingsverlust",
    speed: "Trainingstempo",
    device: "Gerät",
    saved: "Behaltene Tiefen",
    tokens: (perSecond) => `${numberText(perSecond)} Token/s`,
    threads: (count) => `CPU, ${count} ${count === 1 ? "Thread" : "Threads"}`,
    depths: (count) => (count === 0 ? "noch keine" : `${count}`),
    notYet: "noch nicht",
  },

  queued: (place) =>
    place <= 1 ? "Er ist der nächste in der Warteschlange." : `Er ist Nummer ${place} in der Warteschlange.`,
  queuedText: "Er beginnt von selbst, wenn die Läufe davor zu Ende sind.",
  waitsForPower: "Er wartet auf Netzstrom.",
  waitsForPowerText:
    "Der Computer läuft mit Akku, und Training braucht viel davon. Am Netz beginnt der Lauf von selbst.",
  pausedTitle: "Der Lauf ist angehalten.",
  pausedText:
    "Speicher und Prozessor sind frei. Es geht von dem weiter, was gesichert ist, mit demselben Ergebnis wie ohne Pause.",
  interruptedTitle: "Der Lauf wurde unterbrochen.",
  interruptedText: (since) =>
    `Coppice endete, während er lief (${since}). Was davor gesichert wurde, ist sicher; von dort geht es mit demselben Ergebnis weiter.`,
  doneTitle: "Das Modell ist fertig.",
  doneText: "Es wurde an Testdaten gemessen, die es nie gesehen hat.",
  cancelledTitle: "Der Lauf wurde abgebrochen.",
  cancelledText: "Was er erreicht hat, ist noch da.",
  resumedTitle: "Der Lauf geht weiter.",
  resumedText: (fraction) =>
    `Er wurde dort aufgenommen, wo er gesichert war; ${fraction} davon sind erledigt.`,

  finishTitle: "Hier beenden und behalten, was da ist?",
  finishBefore:
    "Noch ist kein Block entfernt. Der laufende Schritt wird fertig; dann erhalten Sie das angepasste Modell in voller Tiefe, gemessen und gesichert.",
  finishAfter: (kept, of) =>
    `Der laufende Schritt wird fertig. Dann wird das Modell (noch ${kept}, vorher ${of}) geheilt, gemessen und gesichert, als hätten Sie diese Tiefe gewählt. Es folgt keine weitere Runde, und tiefer geht es später nicht.`,
  finishYes: "Beenden und behalten",
  goOn: "Weiter kürzen",
  cancelTitle: "Diesen Lauf abbrechen?",
  cancelText:
    "Er endet jetzt, ohne Heilung und Messung. Schon behaltene Tiefen lassen sich weiter exportieren, und bis zum Löschen kann der Lauf wieder aufgenommen werden.",
  cancelYes: "Lauf abbrechen",

  log: "Protokoll",
  logEmpty: "Noch nichts.",
  phaseNames: {
    prepare: "Vorbereitung",
    measure: "Messung dieses Computers",
    tune: "Anpassung",
    score: "Prüfung",
    drop: "Schnitt",
    train: "Training",
    heal: "Heilung",
    evaluate: "Messung",
    export: "Sicherung",
  },
  inRound: (phase, round) => `Runde ${round}: ${phase}`,
  damagedTitle: "Etwas Gespeichertes war beschädigt. Außer Zeit ist nichts verloren.",
  damaged: {
    journal: "Das Tagebuch des Laufs ist beschädigt: Das davor wird benutzt.",
    save: "Der neueste Zwischenstand ist beschädigt: Der davor wird benutzt.",
    teacher: "Die Datei mit den Zuständen des Lehrers ist beschädigt: Sie wird neu geschrieben.",
  },
  decided: (name, value) => `Entschieden: ${name} = ${value}`,
  activityLeft: (what, left) => `${what}, ${left}`,
};
