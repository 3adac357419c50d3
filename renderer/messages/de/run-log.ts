/** A run's log. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import { timeOfDayText } from "../../../preload/contract/plans/time-of-day.ts";
import type { LogLine, RunLog } from "../../../preload/contract/runs/log-line.ts";
import { counted } from "./counted.ts";
import { problemText } from "./devices.ts";

const RUN_LOG: WordsFor<RunLog> = {
  "earlier-trainer": "Ein früherer Trainingsprozess dieses Laufs wird noch beendet; der Lauf wartet darauf.",
  elsewhere: "Auf einem anderen Computer trainiert. Hier folgt der Rest: Chat-Modelle, Antworten und Tempo.",
  "no-graphics": ({ problem }) =>
    `Die Grafikkarte ist nicht verwendbar (${problemText(problem)}). Dieser Lauf trainiert auf dem Prozessor.`,
  "no-int8": ({ device }) =>
    `Gewichte lassen sich nicht in int8 multiplizieren (${device === "cpu" ? "dieser Prozessor rechnet dabei nicht exakt" : "das können nur Prozessoren"}). Dieser Lauf speichert sie in gewöhnlichen 8 Bit (q8).`,
  "less-time": ({ why, doneBy, share }) => {
    const [begin, end] =
      why === "waited"
        ? ["Der Lauf musste warten.", "seines Trainings"]
        : ["Der Lauf war angehalten.", "des restlichen Trainings"];
    return share === null
      ? `${begin} Er wird später als ${timeOfDayText(doneBy)} fertig, weil zu wenig Zeit bleibt.`
      : `${begin} Bis ${timeOfDayText(doneBy)} ist Zeit für ${Math.round(100 * share)} % ${end}.`;
  },
  "no-time": ({ name }) => `Für „${name}“ reicht die Zeit nicht: es entfällt, und was folgt, wird getan.`,
  "rows-in-time": ({ rows, of, name }) => `Die Zeit reicht für ${rows} von ${of} Zeilen („${name}“).`,
  "trained-parts": ({ full, adapters }) =>
    `Ab hier wird trainiert: ${full} Teile ganz, ${adapters} durch Adapter.`,
  "best-epoch": ({ epoch }) =>
    `Der Validierungsverlust war nach Epoche ${epoch} am niedrigsten. Die Feinabstimmung geht von dort aus weiter.`,
  dropped: ({ round, unit, units, scorer, byLikelihood }) =>
    `Runde ${round}: ${unit === "block" ? "Block" : "Halbblock"} ${units.join(", ")} entfernt (${scorer}).${byLikelihood ? " Es gab keine richtigen Antworten zu zählen, deshalb entschied ihre Wahrscheinlichkeit." : ""}`,
  "timed-alone": ({ blocks }) =>
    `Zwei Chat-Modelle passen nicht zugleich in den Arbeitsspeicher; darum wurde das Tempo des Modells mit ${counted(blocks, "Block", "Blöcken")} allein gemessen. Andere Programme können den Vergleich mit dem Original verzerren.`,
};

export const logText = (line: LogLine): string => inWords<RunLog>(RUN_LOG, line);
