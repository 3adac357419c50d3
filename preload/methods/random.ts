/** Random scores by the seed of the run: the baseline that any other scorer has to beat. */
import type { ScorerSpec } from "./method.ts";

export const random: ScorerSpec = {
  id: "random",
  kind: "scorer",
  passes: ({ blocks }) => ({ kind: "forward", passes: 0, blocks }),
  text: {
    en: {
      name: "Random",
      hint: "Cuts blocks at random, by the seed: a baseline to compare other scorers with.",
    },
    de: {
      name: "Zufall",
      hint: "Entfernt zufällige Blöcke nach dem Startwert: eine Vergleichsgröße für andere Bewertungen.",
    },
  },
};
