/**
 * A text as searches compare it, in any language of the computer: "Straße" and "STRASSE" are the same, and so are "für" and "fur", whether
 * an accent is a character of its own or not.
 */
export const searchable = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[\p{M}\u00ad]/gu, "")
    .toUpperCase();
