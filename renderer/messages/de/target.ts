import type { Messages } from "../en.ts";
import { numberText, percentText } from "../figures.ts";

const units = { block: "Ganze Blöcke", sublayer: "Hälften" };

export const target: Messages["target"] = {
  title: "Wie weit soll es zurückgeschnitten werden?",
  aboutPage: "Jede Tiefe auf dem Weg bleibt erhalten, Sie können also hinterher noch eine größere wählen.",
  dataFirst: "Zuerst kommen ein Modell und Ihre Daten.",
  dataFirstText: "Was eine Tiefe braucht und bringt, ergibt sich aus beiden.",
  presets: "Tiefen mit Namen",
  presetNames: { careful: "Behutsam", balanced: "Ausgewogen", half: "Halb", smallest: "Am kleinsten" },
  presetAbout: {
    careful: "behält das meiste, was es wusste",
    balanced: "ein Mittelweg",
    half: "etwa halb so viel Arbeit je Wort",
    smallest: "am schnellsten, vergisst am meisten",
  },
  depth: "Tiefe",
  depthAndSpeed: (kept, of, times) => `${kept} von ${of} Blöcken, etwa ${times}-mal so schnell`,
  file: "Datei für den Chat",
  chatMemory: "Speicher im Chat",
  chatSpeed: "Tempo im Chat",
  measuring: (done) => `wird gemessen, ${percentText(done, 0)}`,
  notMeasured: "noch nicht gemessen",
  speedFrom:
    "Das Tempo wurde hier mit allen Blöcken und mit der Hälfte gemessen; Tiefen dazwischen liegen auf einer Geraden.",
  floor: "Untergrenze der Genauigkeit",
  floorAbout:
    "Empfohlen wird die kleinste Tiefe, deren Genauigkeit am unteren Ende ihres 95-%-Intervalls diesen Anteil der des feinabgestimmten Modells hält. Mit wenigen Testfragen ist das schwer zu erreichen.",
  floorNeedsQuestions: "Sie braucht Testfragen mit Auswahl, und die haben Ihre Daten nicht.",
  floorPercent: "Untergrenze der Genauigkeit in Prozent",
  advanced: ({ trim, method, seed, threads }) =>
    `Für Fortgeschrittene: ${units[trim.unit]}, ${method.kind === "lora" ? `LoRA Rang ${method.rank}` : "alle Gewichte"}, Startzahl ${seed}, ${threads} Threads`,
  units,
  unit: "Entfernt werden",
  unitHint:
    "Ganze Blöcke laufen auch in anderen Programmen. Hälften (Attention oder MLP allein) können mehr Genauigkeit behalten und laufen hier und als ONNX.",
  scorer: "Entscheiden nach",
  scorers: { nll: "Wahrscheinlichkeit der Antwort", influence: "Einfluss des Blocks" },
  scorerHint: {
    nll: "Lässt jeden Block einmal weg und sieht, wie viel unwahrscheinlicher die richtigen Antworten werden.",
    influence: "Sieht, wie sehr jeder Block verändert, was durch ihn geht: schneller, weniger genau.",
  },
  method: "Trainieren",
  methods: { lora: "Kleine Zusätze (LoRA)", full: "Alle Gewichte" },
  methodHint: {
    lora: "Wenig Speicher, fast dieselbe Genauigkeit.",
    full: "Braucht ein Mehrfaches an Speicher.",
  },
  base: "Gewichte beim Training",
  bases: {
    f32: "32 Bit, genau",
    w8a8: "8 Bit, schneller (w8a8)",
    f16: "16 Bit",
    q8: "8 Bit",
    q4: "4 Bit, am kleinsten",
  },
  baseHint: {
    f32: "Die eigenen Gewichte des Modells, wie sie sind.",
    w8a8: "Halb so viel Speicher für die Blöcke, und schneller auf neueren Prozessoren, die ganze Zahlen multiplizieren; andere nehmen gewöhnliche 8 Bit. Das Ergebnis kann ein wenig abweichen.",
    f16: "Halb so viel Speicher für die Blöcke; kaum ein anderes Ergebnis.",
    q8: "Etwas mehr als ein Viertel des Speichers für die Blöcke. Das Ergebnis kann ein wenig abweichen.",
    q4: "Etwa ein Sechstel des Speichers für die Blöcke. Das Ergebnis kann abweichen.",
  },
  rank: "Rang",
  rankHint: "Größe der Zusätze.",
  learningRate: "Lernrate",
  learningRateHint: "Größe eines Trainingsschritts; eine zu hohe Rate zerstört das Modell.",
  epochs: "Epochen, höchstens",
  epochsHint:
    "Durchgänge durch Ihre Daten beim Feinabstimmen; es endet früher, wenn nichts mehr gewonnen wird.",
  healEpochs: "Epochen zum Heilen",
  healEpochsHint: "Durchgänge durch Ihre Daten nach dem letzten Schnitt.",
  perRound: "Schnitte je Runde",
  perRoundHint: "Weniger sind behutsamer und dauern länger.",
  rowsPerRound: "Zeilen nach jedem Schnitt",
  rowsPerRoundHint: "Daran wird vor der nächsten Runde trainiert.",
  calibrationRows: "Kalibrierungszeilen",
  calibrationRowsHint: "Daran zeigt sich, welcher Block am wenigsten gebraucht wird.",
  distillation: "Destillation",
  distillationHint: "Wie stark das feinabgestimmte Modell das kleinere lehrt; 0 schaltet es ab.",
  maxTokens: "Längste Zeile",
  maxTokensHint: "In Token; was länger ist, wird am Anfang gekürzt.",
  rowsPerStep: "Zeilen je Schritt",
  rowsPerStepHint: "Auch Batchgröße genannt.",
  device: "Trainieren mit",
  deviceChecked:
    "Ein Lauf vergleicht sie zuerst mit dem Prozessor; stimmen sie nicht überein, trainiert der Prozessor.",
  deviceUnusable: "Die Grafikkarte ist nicht zu verwenden",
  threads: "Threads",
  threadsHint: "Kerne, die daran arbeiten.",
  seed: "Startzahl",
  seedHint: "Dieselbe Startzahl ergibt denselben Lauf noch einmal.",
  numberProblem: (min, max, whole) =>
    `Geben Sie eine ${whole ? "ganze Zahl" : "Zahl"} von ${whole ? numberText(min) : min} bis ${whole ? numberText(max) : max} ein.`,
  name: "Name",
  nameHint: "So heißt der Lauf; ohne Namen nach seinem Modell und den Daten.",
  whatHappens: "Was geschehen wird",
  story: (name, rows, rounds, dropped, unit) => {
    const what =
      unit === "block"
        ? dropped === 1
          ? "Block"
          : "Blöcke"
        : dropped === 1
          ? "Hälfte"
          : "Hälften von Blöcken";
    const tuned = `Coppice trainiert „${name}“ zuerst an Ihren ${numberText(rows)} Trainingszeilen.`;
    if (dropped === 0) return `${tuned} Bei dieser Tiefe wird nichts entfernt.`;
    const round =
      rounds === 1
        ? "Dann prüft es, was Ihre Fragen am wenigsten brauchen, entfernt es und trainiert erneut"
        : `Dann prüft es in ${numberText(rounds)} Runden, was Ihre Fragen am wenigsten brauchen, entfernt es und trainiert erneut`;
    return `${tuned} ${round}: ${numberText(dropped)} ${what} insgesamt.`;
  },
  measuringLong: "Das Tempo dieses Computers wird mit einigen echten Schritten gemessen.",
  waitsForRun:
    "Ein Lauf ist unterwegs. Die Dauer steht fest, sobald dieser Computer ohne ihn gemessen werden kann.",
  time: "Dauer",
  timeRange: "Spanne",
  about: (value) => `etwa ${value}`,
  memory: "Arbeitsspeicher",
  disk: "Festplatte",
  ofFree: (needed, free) => `${needed} von ${free} frei`,
  timeFrom: (duration) =>
    `Die Dauer ergibt sich aus ${duration} echtem Training, Bewerten und Chat auf diesem Computer; das Feinabstimmen kann früher enden, daher die Spanne.`,
  needsFrom: "Speicher und Festplatte sind aus den Größen von Modell, Daten und Plan berechnet.",
  doesNotFit: "Dieser Plan passt nicht",
  notEnough: {
    memory: "Für diesen Plan reicht der Arbeitsspeicher nicht.",
    disk: "Für diesen Plan reicht der Platz auf der Festplatte nicht.",
  },
  needsAndFree: (needed, free) => `Er braucht ${needed}; ${free} sind frei.`,
  free: (bytes) => `frei ${bytes}`,
  missing: (bytes) => `${bytes} fehlen`,
  changes: {
    lora: "Er passt, wenn statt aller Gewichte nur kleine Zusätze (LoRA) trainiert werden.",
    streamed:
      "Er passt, wenn die Gewichte des Modells immer wieder von der Festplatte gelesen statt im Arbeitsspeicher gehalten werden. Das Ergebnis ist dasselbe, es dauert etwas länger.",
    "smaller-base":
      "Er passt, wenn die eigenen Gewichte des Modells mit weniger Speicher gehalten werden, während die Zusätze trainiert werden. Das Ergebnis kann ein wenig abweichen.",
    "shorter-rows":
      "Er passt, wenn längere Zeilen gekürzt werden; der Anfang eines langen Textes wird dann nicht gelesen.",
    "streamed-and-shorter-rows":
      "Er passt, wenn längere Zeilen gekürzt und die Gewichte des Modells immer wieder von der Festplatte gelesen statt im Arbeitsspeicher gehalten werden, was etwas länger dauert.",
    "lora-and-shorter-rows":
      "Er passt, wenn nur kleine Zusätze (LoRA) trainiert und längere Zeilen gekürzt werden.",
    "fewer-depths":
      "Er passt, wenn vier Blöcke je Runde entfernt werden, sodass weniger Tiefen zur Wahl bleiben.",
    "no-distillation": "Er passt ohne das feinabgestimmte Modell als Lehrer der kleineren.",
  },
  useWhatFits: (bytes) => `Nehmen, was passt: ${bytes}`,
  restStays: "Ihre Daten und die anderen Entscheidungen bleiben, wie sie sind.",
  nothingFits: {
    memory: "Schließen Sie andere Programme, oder wählen Sie ein kleineres Modell.",
    disk: "Schaffen Sie Platz auf dieser Festplatte, oder wählen Sie ein kleineres Modell.",
  },
  forgets: "Es wird Ihr Fach kennen und manches andere vergessen.",
  forgetsText: "Das Ergebnis zeigt, wie viel, gemessen an Ihren Testfragen.",
  chooseWhatFits: "Wählen Sie, was passt, um weiterzugehen.",
  starting: "Coppice liest Ihre Daten noch einmal und reiht den Lauf ein.",
  safe: "Der Start verändert nichts an Ihren Dateien.",
  start: "Kürzen beginnen",
  onBattery: "Dieser Computer läuft mit seinem Akku",
  onBatteryText:
    "Training fordert den Prozessor und leert einen Akku schnell. Ein unterbrochener Lauf geht beim letzten Speichern weiter.",
  startOnBattery: "Mit Akku beginnen",
  startOnMains: "Beginnen, sobald er am Netz ist",
};
