/** Block influence (ShortGPT, arXiv 2403.03853): how little a unit changes its input. */
import type { ScorerSpec } from "./method.ts";

export const influence: ScorerSpec = {
  id: "influence",
  kind: "scorer",
  paper: "arXiv 2403.03853",
  passes: ({ blocks }) => ({ kind: "forward", passes: 1, blocks }),
  text: {
    en: {
      name: "Block influence",
      hint: "Measures how much each block changes its input. Faster, but less exact.",
    },
    de: {
      name: "Block Influence",
      hint: "Misst, wie stark jeder Block seine Eingabe verändert. Schneller, aber weniger genau.",
    },
  },
};
