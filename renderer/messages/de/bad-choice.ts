/** Why a choice cannot be used. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import type { UnitKind } from "../../../preload/contract/plans/plan.ts";
import type { RunState } from "../../../preload/contract/runs/run.ts";
import type {
  BadChoice,
  BadChoiceReason,
  SettingIssue,
} from "../../../preload/contract/failures/bad-choice.ts";
import { durationText, numberText, speedText } from "../figures.ts";

const BAD_CHOICE: WordsFor<BadChoice> = {
  option: ({ option, reason }) => `${option}: ${reason}.`,

  "time-not-measured": ({ seconds }) =>
    `Eine Zeit von ${durationText(seconds)}: Dieser Computer wurde für diesen Plan noch nicht gemessen.`,
  "speed-not-measured": ({ tokensPerSecond }) =>
    `Ein Tempo von ${speedText(tokensPerSecond)}: Dieser Computer wurde für diesen Plan noch nicht gemessen.`,
  "too-many-units": ({ units, unit, has }) =>
    `Eine Tiefe von ${units} ${unitsDative[unit]}: Das Modell hat nur ${has}.`,
  "healed-depth": ({ units, unit, ends }) =>
    `Das Heilen einer Tiefe von ${units} ${unitsDative[unit]}: ${ends.length === 0 ? "Es wird nichts gekürzt" : `Die Runden enden mit ${ends.join(", ")}; wählen Sie davon`}.`,
  "no-healing": ({ units, unit }) =>
    `Das Heilen einer Tiefe von ${units} ${unitsDative[unit]}: Dieser Plan hat keine Epochen zum Heilen.`,
  "teaching-tokens": ({ device }) =>
    `Token lehren: Auf ${device} lehrt das abgestimmte Modell nur mit seinen letzten verborgenen Zuständen; wählen Sie den Prozessor oder WebGPU.`,
  "unknown-method": ({ method, known }) => `Das Verfahren „${method}“: Bekannt sind ${known.join(", ")}.`,
  "method-setting": ({ method, ...issue }) => `Das Verfahren „${method}“: ${issueText(issue)}.`,
  "method-needs": ({ text }) => text.de,
  "unknown-scorer": ({ scorer, known }) => `Die Bewertung „${scorer}“: Bekannt sind ${known.join(", ")}.`,
  "settings-not-json": ({ path, detail }) =>
    `Die Einstellungsdatei „${path}“: Das ist kein JSON (${detail}).`,
  "settings-file": ({ path, ...issue }) => `Die Einstellungsdatei „${path}“: ${issueText(issue)}.`,
  setting: ({ name, detail }) => `Die Einstellung „${name}“: ${detail}.`,
  "too-many-measured": ({ rows, most }) =>
    `Ein Test- oder Validierungsdatensatz von ${numberText(rows)} Zeilen: Höchstens ${numberText(most)} können gemessen werden; verwenden Sie weniger.`,

  "run-without-model": ({ run, state }) =>
    `Der Lauf „${run}“: Er hat noch kein Modell; sein Zustand ist: ${states[state]}.`,
  "run-running": ({ run }) => `Der Lauf „${run}“: Er läuft; halten Sie ihn zuerst an.`,
  "run-not-running": ({ run }) => `Der Lauf „${run}“: Er läuft nicht.`,
  "run-done": ({ run }) => `Der Lauf „${run}“: Er ist schon fertig.`,
  "run-already": ({ run, state }) => `${run}: Der Lauf ist schon in diesem Zustand: ${states[state]}.`,
  "depth-not-measured": ({ depth }) => `Die Tiefe „${depth}“: Der Lauf hat sie nicht gemessen.`,
  "unknown-depth": ({ depth, depths }) =>
    `Die Tiefe „${depth}“: ${depths.length === 0 ? "Der Lauf hat noch keine Tiefe erreicht" : `Der Lauf hat ${depths.join(", ")}`}.`,
  "no-depth": "Exportieren: Der Lauf hat noch keine Tiefe erreicht.",
  "export-type": ({ type, format, types }) =>
    `Der Typ ${type}: Gewichte im Format „${format}“ werden ${types.length === 0 ? "mit 16 Bits" : `als ${types.join(", ")}`} gespeichert.`,
  "adapter-of-weights": "Ein Adapter: Dieser Lauf hat Gewichte statt eines Adapters trainiert.",
  "not-elsewhere": ({ choice }) =>
    `Dieser Lauf ist anderswo nicht möglich, wegen: ${choice}. Möglich ist nur das übliche Rezept: Adapter, ganze Blöcke, das Maß nll-halving, keine weiteren Verfahren und keine Zeitgrenze.`,
  "adapter-of-part": ({ whole }) =>
    `Ein Adapter: In dieser Tiefe fehlen Teile des Modells, was ein Adapter nicht ausdrücken kann; in „${whole}“ fehlt nichts.`,
  "reciting-unfinished": "Wörtliches Wiedergeben: Der Lauf ist noch nicht fertig.",
  "improving-unfinished": ({ run }) => `Den Lauf „${run}“ verbessern: Er ist noch nicht fertig.`,
  "repeating-unfinished": ({ run }) => `Aus allem lernen: Der Lauf „${run}“ ist noch nicht fertig.`,
  "repeating-again": ({ run }) =>
    `Aus allem lernen: Der Lauf „${run}“ ist selbst eine Verbesserung oder hat schon aus allem gelernt. Nehmen Sie den Lauf davor.`,
  "improving-deleted": ({ run }) => `Den Lauf „${run}“ verbessern: Sein Modell wurde gelöscht.`,
  "answer-of-no-run":
    "Diese Antwort korrigieren: Das Modell, das geantwortet hat, stammt aus keinem Lauf und lässt sich darum nicht weiter trainieren.",
  "other-model": ({ path }) => `Das Modell „${path}“: Es ist nicht das, mit dem der Lauf begann.`,
  "empty-prompt": "Der Prompt ist leer.",
  "no-shape": ({ shape }) => `Die Form der Antwort: Die Form ${shape} gibt es nicht.`,
  "no-token": ({ id }) => `Der Prompt: Das Modell hat kein Token ${id}.`,
  "no-model-loaded": "Es ist noch kein Modell geladen.",
  "no-vectors":
    "Vektoren: Nur der native Decoder auf dem Prozessor berechnet sie, und er führt dieses Modell hier nicht aus. Falls eine Grafikkarte antwortet, wählen Sie in den Einstellungen den Prozessor.",

  "path-not-chosen": ({ path }) =>
    `${path}: Der Pfad wurde nicht in Coppice gewählt; wählen Sie ihn über eine Schaltfläche oder ziehen Sie ihn ins Fenster.`,
  "folder-taken": ({ folder, run }) =>
    `Der Ordner „${folder}“: Der Lauf „${run}“ wird sein Modell dorthin schreiben.`,
  "folder-not-empty": ({ folder }) => `Der Ordner „${folder}“: Er ist nicht leer.`,
  "file-exists": ({ path }) => `Die Datei „${path}“: Es gibt sie schon; wählen Sie einen anderen Namen.`,
  "handed-on": ({ path }) =>
    `Die Datei „${path}“: Jemand hat dieses Modell weitergegeben; öffnen Sie es erst im ersten Schritt eines neuen Laufs.`,
  "copy-inside": ({ folder }) => `${folder}: Er liegt in dem Ordner, der kopiert werden soll.`,
  "second-copy":
    "Eine zweite Kopie: Es wird schon kopiert; warten Sie, bis die Kopie fertig ist, oder brechen Sie sie ab.",
  "no-home-folder":
    "Der übliche Ordner von Coppice: Dieses Konto hat keinen Benutzerordner; nennen Sie mit --home oder COPPICE_HOME einen.",
  "old-report": "Dieser Bericht: Inzwischen gibt es einen neueren.",

  "data-set-awaited": ({ name }) =>
    `Der Datensatz „${name}“: Ein Lauf, der ihn braucht, wird gerade vorbereitet; versuchen Sie es gleich noch einmal.`,
  "data-set-needed": ({ name, run }) =>
    `Der Datensatz „${name}“: Der Lauf „${run}“ ist noch nicht fertig und braucht ihn; schließen Sie den Lauf zuerst ab oder löschen Sie ihn.`,
  "no-passages": ({ name }) =>
    `Der Datensatz „${name}“: Er hat keine Textstücke aus Dokumenten, aus denen Fragen entstehen könnten.`,
  "no-questions": ({ name }) => `Der Datensatz „${name}“: Er hat noch keine Fragen.`,
  "no-checked-questions": ({ name }) => `Der Datensatz „${name}“: Er hat noch keine geprüften Fragen.`,
  "no-question-rows": ({ name }) =>
    `Der Datensatz „${name}“: Aus keiner seiner Fragen kann eine Zeile werden; lassen Sie weitere schreiben oder stellen Sie sie mit ihren Textstücken.`,
  "writing-already": ({ name }) =>
    `Der Datensatz „${name}“: Es werden schon Fragen geschrieben; halten Sie das zuerst an.`,
  "only-not-in-text":
    "Nur „Nicht im Text“ schreiben: Das verwendet Einzelheiten und Definitionen aus anderen Textstücken; wählen Sie auch eine dieser Arten.",

  "hub-address": ({ address }) =>
    `HF_ENDPOINT (${address}): Das ist keine Adresse wie https://models.example.org.`,
  "repository-name": ({ name }) => `Der Name „${name}“: Namen im Hub haben die Form BESITZER/NAME.`,
  revision: ({ revision }) => `Die Revision „${revision}“: Sie ist keine von Git.`,
  "access-token": "Dieses Zugangstoken: Zugangstoken des Hubs beginnen mit „hf_“.",
  "no-downloads": "Herunterladen: Dieses Paket wurde ohne Downloads gebaut.",
  downloading: ({ model }) =>
    `Herunterladen von ${model}: Ein anderer Download läuft; warten Sie, bis er fertig ist, oder brechen Sie ihn ab.`,
  "not-in-repository": ({ model, file }) => `Herunterladen von ${model}: Darin gibt es ${file} nicht.`,
  "removing-while-downloading":
    "Einen Download entfernen: Ein anderer Download läuft; warten Sie, bis er fertig ist, oder brechen Sie ihn ab.",
  "not-downloaded": ({ path }) => `„${path}“ entfernen: Coppice hat es nicht heruntergeladen.`,
  "model-needed": ({ model, run }) =>
    `${model} entfernen: Der Lauf „${run}“ braucht es noch; warten Sie, bis er fertig ist, oder brechen Sie ihn ab.`,
  "no-update-address": "Nach Updates suchen: Dieses Paket hat keine Adresse dafür.",
  "no-update": () => "Dieses Update: Dafür liegt kein Update bereit; suchen Sie noch einmal.",
};

const unitsDative: Readonly<Record<UnitKind, string>> = { block: "Blöcken", sublayer: "Halbblöcken" };

const states: Readonly<Record<RunState, string>> = {
  queued: "in der Warteschlange",
  running: "läuft",
  paused: "angehalten",
  done: "fertig",
  failed: "fehlgeschlagen",
  cancelled: "abgebrochen",
};

function issueText({ key, problem }: SettingIssue): string {
  if (problem === null) return `„${key}“ kommt in keinem Plan vor`;
  return `${key === "" ? "Die Angabe" : `„${key}“`} ist falsch (${problem})`;
}

export const badChoiceText = (reason: BadChoiceReason): string => inWords<BadChoice>(BAD_CHOICE, reason);
