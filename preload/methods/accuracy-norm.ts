/** TrimLLM's score (arXiv 2412.11242): right answers without a unit, ties by the norm of what it adds. */
import { leaveOneOut } from "./leave-one-out.ts";
import type { ScorerSpec } from "./method.ts";

export const accuracyNorm: ScorerSpec = {
  id: "accuracy-norm",
  kind: "scorer",
  paper: "arXiv 2412.11242",
  countsAnswers: true,
  passes: (scan) => ({ ...leaveOneOut(scan), passes: scan.units + 2 }), // and a whole pass for the norms
  text: {
    en: {
      name: "Right answers, then norm (TrimLLM)",
      hint: "Leaves out each block in turn and counts the right answers; of equals, the one that adds the most is cut.",
    },
    de: {
      name: "Richtige Antworten, dann Norm (TrimLLM)",
      hint: "Lässt jeden Block einmal weg und zählt die richtigen Antworten; bei Gleichstand wird der Block entfernt, der am meisten beiträgt.",
    },
  },
};
