import type { FinishedRun } from "./finished-run.ts";

/** Of 300 questions the base gets 30% right, the tuned model 70%, the trimmed one 66%. */
export const clauses: FinishedRun = {
  name: "Clauses",
  base: { units: 8, right: (question) => question % 10 < 3, tokensPerSecond: 80 },
  tuned: { units: 8, right: (question) => question % 10 < 7, tokensPerSecond: 81 },
  depths: [
    { units: 6, right: (question) => question % 10 < 7, tokensPerSecond: 105 },
    { units: 4, right: (question) => question % 50 < 33, tokensPerSecond: 150 },
  ],
};
