import { DEEPEST_SHARE } from "../../../preload/contract/plans/goal.ts";
import { percentDigits } from "../../../preload/contract/words/figures.ts";
import type { Messages } from "../en.ts";
import { fieldText, numberText, percentText } from "../figures.ts";
import { counted } from "./counted.ts";
import { shownByRows } from "./shown-by-rows.ts";

const units = { block: "Ganze Blöcke", sublayer: "Halbblöcke" };

const shown = (limit: number, isWhole: boolean) => (isWhole ? numberText(limit) : fieldText(limit));

export const target: Messages["target"] = {
  title: "Wie weit soll es zurückgeschnitten werden?",
  aboutPage: "Jede Zwischentiefe bleibt erhalten; Sie können danach neu wählen.",
  dataFirst: "Wählen Sie zuerst ein Modell und Daten.",
  dataFirstText: "Die Schätzungen für jede Tiefe hängen von beiden ab.",
  presetNames: { careful: "Behutsam", half: "Halb" },
  suits: {
    careful:
      "Behutsam passt zu Ihren Daten: Die Antworten sind geschrieben, und die verlieren viel, wenn die Hälfte entfällt.",
    half: "Halb passt zu Ihren Daten: Die Antworten werden gewählt, und das verliert wenig, wenn die Hälfte entfällt.",
  },
  tooShallow:
    "Ihre Daten haben geschriebene Antworten, die bei dieser Kürzung viel verlieren. Behalten Sie mehr, mindestens „Behutsam“.",
  more: "Mehr: Speicher, Tempo, Frist, Programme",
  chooseBy: "Tiefe wählen nach",
  goals: {
    slider: "Schieberegler",
    memory: "Arbeitsspeicher im Chat",
    "tokens-per-second": "Tempo im Chat",
    "no-loss": "Ohne klaren Verlust",
  },
  goalHint: "Kürzt nur so weit, wie das verlangt.",
  goalMemory: "Arbeitsspeicher im Chat, höchstens, in MB",
  goalTokens: "Token pro Sekunde im Chat, mindestens",
  depthAfterMeasuring: "Wie viele Blöcke bleiben, ergibt sich, sobald dieser Computer gemessen ist.",
  goalNoLoss: () =>
    `Kürzt bis auf ${percentText(DEEPEST_SHARE, 0)} der Blöcke und nimmt dann die kleinste Tiefe, bei der Ihre Validierungszeilen einen klaren Verlust ausschließen. Dauert länger.`,
  tooFew: ({ kind, rows, least, usual }, floor) => {
    const outcome =
      rows < least ? "Es wird keine Tiefe empfohlen werden" : "Vielleicht wird keine Tiefe empfohlen werden";
    if (kind === "texts")
      return `${outcome}: Es braucht mindestens ${numberText(least)} Validierungstexte, um ${shownByRows(kind, floor)}; vorhanden: ${numberText(rows)}. Fügen Sie im Datenschritt weitere hinzu.`;
    return `${outcome}: Um ${shownByRows(kind, floor)}, braucht es mindestens ${numberText(least)} Validierungsfragen, oder etwa ${numberText(usual)} für eine Chance von 80 %, wenn sich jede fünfte Antwort ändert; vorhanden: ${numberText(rows)}. Fügen Sie im Datenschritt weitere hinzu.`;
  },
  inTime: "Rechtzeitig fertig sein",
  inTimeAbout: "Trainiert so viel, wie in diese Zeit passt; Messen und Schreiben des Ergebnisses zählen mit.",
  measuringTime: "Coppice misst, wie viel in diese Zeit passt.",
  enoughFor: (share, rounds) => {
    const cut = `in ${counted(rounds, "Runde", "Runden")}`;
    if (share === 1) return `Reicht für das ganze Training ${cut}.`;
    return `Reicht für ${percentText(share, percentDigits(share))} des Trainings, das es ohne Grenze gäbe, ${cut}.`;
  },
  withinMinutes: "Innerhalb von",
  byTime: "Bis",
  minutesLabel: "Minuten, bis es fertig ist",
  byLabel: "Uhrzeit, zu der es fertig ist",
  goesAfter: "Ein anderer Lauf kommt zuerst dran.",
  goesAfterText:
    "Wenn dieser Lauf beginnt, macht er so viel von seinem Training, wie bis dahin noch Zeit ist.",
  tooShort: "Diese Zeit ist für diesen Plan zu kurz.",
  tooShortText: "Geben Sie mehr Zeit, wählen Sie ein kleineres Modell oder weniger Zeilen.",
  depth: "Tiefe",
  depthAndSpeed: (kept, of, times) => `${kept} von ${of} Blöcken, etwa ${times}-mal so schnell`,
  file: "Datei für den Chat",
  chatMemory: "Speicher im Chat",
  chatSpeed: "Tempo im Chat",
  measuring: (done) => `wird gemessen, ${percentText(done, 0)}`,
  notMeasured: "noch nicht gemessen",
  speedFrom: "Hier mit allen und mit der Hälfte der Blöcke gemessen; dazwischen geschätzt.",
  floor: "Untergrenze der Genauigkeit",
  floorAbout:
    "Das Ergebnis ist die kleinste Tiefe, die bei den Validierungsfragen am unteren Ende eines 95-%-Intervalls, Frage für Frage, mindestens diesen Anteil der Genauigkeit des feinabgestimmten Modells behält.",
  floorNeedsQuestions: "Dafür sind Validierungsfragen mit Auswahl nötig; Ihre Daten enthalten keine.",
  floorPercent: "Untergrenze der Genauigkeit in Prozent",
  programs: "Ich möchte es verwenden in",
  programNames: {
    transformers: "Hugging Face transformers",
    "mlx-lm": "MLX (mlx-lm)",
    "llama.cpp": "llama.cpp (GGUF)",
    lmstudio: "LM Studio",
    ollama: "Ollama",
    onnx: "ONNX-Programme",
  },
  noPrograms:
    "Optional. In Coppice läuft das Ergebnis immer; die hier gewählten Programme werden es auch laden können.",
  programsAbout: "Coppice kürzt nur so, dass diese Programme das Ergebnis laden können.",
  wholeBlocks: "Ganze Blöcke entfernen",
  keepBlocks: (blocks) => `${counted(blocks, "Block", "Blöcke")} behalten`,
  chooseLoadable: "Wählen Sie eine Kürzung, die Ihre Programme laden können, um fortzufahren.",
  advanced: ({ trim, method, seed, threads }) =>
    `Erweitert: ${units[trim.unit]}, ${method.kind === "lora" ? `LoRA-Rang ${method.rank}` : method.kind === "full" ? "alle Gewichte" : "einige Gewichte"}, Startwert ${seed}, ${counted(threads, "Thread", "Threads")}`,
  recipe: "Rezept",
  recipes: { coppice: "Coppice", trimllm: "TrimLLM, wie veröffentlicht" },
  recipeHint: {
    coppice:
      "Das feinabgestimmte Modell unterrichtet das kleinere, und nach dem letzten Schnitt folgt ein längeres Training.",
    trimllm:
      "Trainiert nur die Gewichte, die am meisten gebraucht werden, entfernt zwei Halbblöcke auf einmal, später einen, geht nach jedem Schnitt einmal durch Ihre Daten und endet an der Untergrenze der Genauigkeit, falls Sie eine setzen. Dauert viel länger.",
  },
  units,
  unit: "Zu entfernende Einheit",
  unitHint:
    "Nach ganzen Blöcken gekürzte Modelle laufen auch in anderen Programmen. Halbblöcke (nur Attention oder nur MLP) können mehr Genauigkeit erhalten. Außer Coppice und ONNX lädt sie aber nur llama.cpp, und nur bei manchen Arten von Modellen.",
  base: "Gewichte beim Training",
  bases: {
    f32: "32 Bit, genau",
    w8a8: "8 Bit, schneller (w8a8)",
    f16: "16 Bit",
    q8: "8 Bit",
    q4: "4 Bit, am kleinsten",
  },
  baseHint: {
    f32: "Die Gewichte des Modells, unverändert.",
    w8a8: "Halb so viel Speicher für die Blöcke und schneller auf neueren Prozessoren mit int8-Befehlen; andere verwenden gewöhnliche 8 Bit. Das Ergebnis kann leicht abweichen.",
    f16: "Halb so viel Speicher für die Blöcke; das Ergebnis ändert sich kaum.",
    q8: "Etwas mehr als ein Viertel des Speichers für die Blöcke. Das Ergebnis kann leicht abweichen.",
    q4: "Etwa ein Sechstel des Speichers für die Blöcke. Das Ergebnis kann abweichen.",
  },
  vocabulary: "Vokabular",
  vocabularies: { all: "Alle Token des Modells", field: "Token Ihres Fachgebiets" },
  vocabularyHint: {
    all: "Das Modell behält jedes Token, also jedes Wort und jeden Wortteil, den es kennt.",
    field:
      "Behält die Token, die in Ihren Daten vorkommen, und die häufigsten übrigen. Ein kleines Modell wird damit viel kleiner und schneller. Fachfremde Wörter setzt es aus mehr Token zusammen.",
  },
  fieldTokens: (memory, times) =>
    `Nur mit den Token Ihres Fachs bräuchte es im Chat ${memory} und wäre etwa ${times}-mal so schnell wie das Original.`,
  keepFieldTokens: "Nur diese behalten",
  epochs: "Epochen",
  epochsHint:
    "Durchgänge durch Ihre Daten bei der Feinabstimmung. Behalten wird der beste nach den Validierungsdaten.",
  longRows: (long, rows, maxTokens) =>
    `Etwa ${long === 1 ? "eine" : numberText(long)} von ${numberText(rows)} Zeilen ${long === 1 ? "ist" : "sind"} länger als ${numberText(maxTokens)} Token. Was länger ist, verliert den Anfang des Prompts und danach das Ende der Antwort.`,
  device: "Trainieren mit",
  deviceChecked:
    "Ein Lauf vergleicht das Gerät zuerst mit dem Prozessor. Weichen die Ergebnisse ab, trainiert der Prozessor.",
  deviceUnusable: "Die Grafikkarte ist nicht verwendbar",
  control: "Auch das ganze Modell mit ebenso vielen Zeilen trainieren",
  controlHint:
    "Das Ergebnis wird dann mit einem Modell voller Tiefe verglichen, das mit ebenso vielen Zeilen trainiert wurde. Dauert länger.",
  idle: {
    control: "Es wird nichts entfernt, also wird auch kein ganzes Modell zum Vergleich trainiert.",
  },
  scorer: "Bewertung",
  nothingToCount:
    "Ihre Validierungsdaten haben keine Fragen mit Auswahlmöglichkeiten, darum entscheidet die Wahrscheinlichkeit der Antworten.",
  methodList: "Verfahren",
  methodNeeds: (needs) => `Nicht mit diesem Plan: ${needs}.`,
  methodIdle: "Es wird nichts entfernt, also ändert es nichts.",
  chatWeights: "Gewichte im Chat",
  chatPrecisions: {
    default: "Nach der Größe des Modells",
    int8: "8 Bit, nahezu verlustfrei",
    int4: "4 Bit, am kleinsten",
  },
  chatWeightsHint: (precision) =>
    `Jedes Modell dieses Laufs wird für den Chat in ${precision} gespeichert und gemessen.`,
  numberProblem: (min, max, whole) =>
    `Geben Sie eine ${whole ? "ganze Zahl" : "Zahl"} von ${shown(min, whole)} bis ${shown(max, whole)} ein.`,
  name: "Name",
  nameHint: "Name des Laufs. Standardmäßig nach Modell und Daten.",
  whatHappens: "Ablauf",
  story: (name, rows, rounds, dropped, unit) => {
    const tuned = `„${name}“ lernt Ihre ${numberText(rows)} Trainingszeilen.`;
    if (dropped === 0) return `${tuned} Bei dieser Tiefe wird nichts entfernt.`;
    const what =
      unit === "block" ? counted(dropped, "Block", "Blöcke") : counted(dropped, "Halbblock", "Halbblöcke");
    return `${tuned} Dann verliert es ${what}, die Ihre Fragen am wenigsten brauchen, in ${counted(rounds, "Runde", "Runden")}, und lernt nach jeder neu.`;
  },
  measuringLong: "Coppice misst das Tempo dieses Computers mit einigen echten Schritten.",
  waitsForRun: "Ein Lauf ist aktiv. Coppice schätzt die Dauer, sobald er beendet ist.",
  about: (value) => `etwa ${value}`,
  memory: "Arbeitsspeicher",
  disk: "Festplatte",
  ofFree: (needed, free) => `${needed} von ${free} frei`,
  timeFrom: (range) => `${range}, aus einigen echten Schritten auf diesem Computer`,
  doesNotFit: "Dieser Plan passt nicht",
  notEnough: {
    memory: "Für diesen Plan reicht der Arbeitsspeicher nicht.",
    disk: "Für diesen Plan reicht der Platz auf der Festplatte nicht.",
  },
  needsAndFree: (needed, free) => `Er braucht ${needed}, aber nur ${free} sind frei.`,
  free: (bytes) => `frei ${bytes}`,
  missing: (bytes) => `${bytes} fehlen`,
  changes: {
    lora: "Er passt, wenn Coppice statt aller Gewichte nur Adapter (LoRA) trainiert.",
    streamed:
      "Er passt, wenn Coppice die Gewichte des Modells laufend von der Festplatte liest, statt sie im Arbeitsspeicher zu halten. Das Ergebnis ist dasselbe, es dauert aber etwas länger.",
    "smaller-base":
      "Er passt, wenn Coppice die Gewichte des Modells mit weniger Bit speichert, während es die Adapter trainiert. Das Ergebnis kann leicht abweichen.",
    "shorter-rows":
      "Er passt, wenn Coppice lange Zeilen abschneidet; der Anfang eines langen Textes entfällt dann.",
    "streamed-and-shorter-rows":
      "Er passt, wenn Coppice lange Zeilen abschneidet und die Gewichte des Modells laufend von der Festplatte liest, was etwas länger dauert.",
    "lora-and-shorter-rows":
      "Er passt, wenn Coppice nur Adapter (LoRA) trainiert und lange Zeilen abschneidet.",
    "fewer-depths":
      "Er passt, wenn Coppice pro Runde doppelt so viel entfernt, sodass weniger Tiefen erhalten bleiben.",
    "no-distillation": "Er passt ohne Destillation vom feinabgestimmten Modell.",
  },
  useWhatFits: (bytes) => `Passenden Plan verwenden: ${bytes}`,
  restStays: "Ihre Daten und die anderen Einstellungen ändern sich nicht.",
  nothingFits: {
    memory: "Schließen Sie andere Programme oder wählen Sie ein kleineres Modell.",
    disk: "Schaffen Sie Platz auf dieser Festplatte oder wählen Sie ein kleineres Modell.",
  },
  forgets:
    "Das Modell wird Ihr Fachgebiet kennen und manches andere vergessen. Das Ergebnis zeigt, wie viel.",
  measureFirst: "Warten Sie, bis dieser Computer gemessen ist, um fortzufahren.",
  chooseWhatFits: "Wählen Sie einen passenden Plan, um fortzufahren.",
  starting: "Coppice liest Ihre Daten erneut und stellt den Lauf in die Warteschlange.",
  safe: "Ihre Dateien werden nicht verändert.",
  start: "Kürzen starten",
  onBattery: "Dieser Computer läuft im Akkubetrieb",
  onBatteryText:
    "Das Training beansprucht den Prozessor stark und leert den Akku schnell. Ein unterbrochener Lauf wird ab dem letzten Speicherstand fortgesetzt.",
  startOnBattery: "Im Akkubetrieb starten",
  startOnMains: "Bei Netzbetrieb starten",
};
