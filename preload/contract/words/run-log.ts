/** A run's log in English. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import { timeOfDayText } from "../plans/time-of-day.ts";
import type { LogLine, RunLog } from "../runs/log-line.ts";
import { counted } from "./figures.ts";
import { deviceProblemText } from "./sentence.ts";

const RUN_LOG: WordsFor<RunLog> = {
  "earlier-trainer": "An earlier trainer of this run is ending: waiting for it.",
  elsewhere: "Trained on another computer. What is left is done here: chat models, answers and speed.",
  "no-graphics": ({ problem }) =>
    `The graphics processor cannot be used (${deviceProblemText(problem)}). This run is trained on the processor.`,
  "no-int8": ({ device }) =>
    `Weights cannot be multiplied in int8 (${device === "cpu" ? "this processor does not do it exactly" : "only processors do it"}). This run stores them in ordinary 8 bits (q8).`,
  "less-time": ({ why, doneBy, share }) => {
    const [begin, end] =
      why === "waited"
        ? ["The run had to wait.", "its training"]
        : ["The run was paused.", "the training that is left"];
    return share === null
      ? `${begin} It will be done later than ${timeOfDayText(doneBy)}, since too little time is left.`
      : `${begin} Until ${timeOfDayText(doneBy)} there is time for ${Math.round(100 * share)}% of ${end}.`;
  },
  "no-time": ({ name }) => `There is no time for "${name}": it is left out, and what follows is done.`,
  "rows-in-time": ({ rows, of, name }) => `There is time for ${rows} of ${of} rows of "${name}".`,
  "trained-parts": ({ full, adapters }) =>
    `Trained from here on: ${full} parts in full, ${adapters} by adapters.`,
  "best-epoch": ({ epoch }) =>
    `The validation loss was lowest after epoch ${epoch}. Tuning continues from there.`,
  dropped: ({ round, unit, units, scorer, byLikelihood }) =>
    `Round ${round}: dropped ${unit} ${units.join(", ")} by ${scorer}${byLikelihood ? ", which had no right answers to count: the likelihood of the answers decided" : ""}.`,
  "timed-alone": ({ blocks }) =>
    `Two chat models do not fit into memory at once, so the one with ${counted(blocks, "block")} was timed alone. Other programs may distort how its speed compares with the original's.`,
};

export const logText = (line: LogLine): string => inWords<RunLog>(RUN_LOG, line);
