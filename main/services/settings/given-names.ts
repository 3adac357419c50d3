/** Default names for what the program creates, in the person's language; they can be changed. */
import type { Language } from "../../../preload/contract/words/language.ts";

const names = {
  en: {
    corrections: (run: string) => `Corrections of ${run}`,
    improved: "improved",
    everything: "from everything",
  },
  de: {
    corrections: (run: string) => `Korrekturen zu ${run}`,
    improved: "verbessert",
    everything: "aus allem",
  },
} satisfies Record<Language, unknown>;

/** The name of the data set with the corrections of the run named `run`. */
export const correctionsName = (language: Language, run: string): string => names[language].corrections(run);

/** The name of the `number`th improvement of the run named `run`. */
export const improvedName = (language: Language, run: string, number: number): string =>
  `${run}, ${names[language].improved}${number > 1 ? ` ${number}` : ""}`;

/** The name of the run that repeats the one named `run` on everything. */
export const everythingName = (language: Language, run: string): string =>
  `${run}, ${names[language].everything}`;

/** The name of the run that an improvement with a name of `improvedName` started from; any other name as it is. */
export const unimprovedName = (name: string): string => name.replace(IMPROVED, "");

const IMPROVED = new RegExp(
  `, (?:${Object.values(names)
    .map(({ improved }) => improved)
    .join("|")})(?: \\d+)?$`,
);
