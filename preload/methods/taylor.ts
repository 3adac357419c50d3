/** First-order Taylor expansion (as in LLM-Pruner, arXiv 2305.11627): the change of the NLL that a unit's gradient predicts. */
import type { ScorerSpec } from "./method.ts";

export const taylor: ScorerSpec = {
  id: "taylor",
  kind: "scorer",
  paper: "arXiv 2305.11627",
  passes: ({ blocks }) => ({ kind: "training", passes: 1, blocks }),
  text: {
    en: {
      name: "First-order Taylor",
      hint: "Estimates from one backward pass how much less likely the right answers become. Fast.",
    },
    de: {
      name: "Taylor erster Ordnung",
      hint: "Schätzt mit einem Rückwärtslauf, wie viel unwahrscheinlicher die richtigen Antworten werden. Schnell.",
    },
  },
};
