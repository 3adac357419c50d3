/** Names that the program gives what it makes, in a person's language; they can be changed. */
import type { Language } from "../../../preload/contract/language.ts";

const names = {
  en: {
    corrections: (run: string) => `Corrections of ${run}`,
    improved: (run: string, number: number) => `${run}, improved${number > 1 ? ` ${number}` : ""}`,
  },
  de: {
    corrections: (run: string) => `Korrekturen zu ${run}`,
    improved: (run: string, number: number) => `${run}, verbessert${number > 1 ? ` ${number}` : ""}`,
  },
} satisfies Record<Language, unknown>;

/** The data set of the corrections of a run, by its name. */
export const correctionsName = (language: Language, run: string): string => names[language].corrections(run);

/** The `number`th run that improves a run, by its name. */
export const improvedName = (language: Language, run: string, number: number): string =>
  names[language].improved(run, number);
