/** The application's languages. */

export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

/** The language to use: the chosen one, else the first of the system's ("de-AT", "fr") that is supported, else English. */
export function resolveLanguage(chosen: Language | "system", system: readonly string[]): Language {
  if (chosen !== "system") return chosen;
  const known = system.map((tag) => tag.split("-")[0]!).find((name) => name in languages);
  return (known as Language | undefined) ?? "en";
}
