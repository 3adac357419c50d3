/** The language of the window. */

export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

class Spoken {
  now = $state<Language>("en");
}

/** `language.now`, set by the settings. */
export const language = new Spoken();
