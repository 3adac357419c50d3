/** Diseases, tests, organisations and places that bear a person's name. */
import { isGivenName } from "./given-names.ts";
import { readTitles } from "./read-name.ts";
import { EPONYM_BEFORE, EPONYM_WORDS, ORGANISATION_WORDS } from "./stop-words.ts";
import type { Words } from "./words.ts";

/** Whether the word after a name makes it one of these: "Crohn's disease", "Weber GmbH", "Weber & …". */
export function isBeforeOtherWord(words: Words, last: number): boolean {
  if (words.at(last + 1) === "&") return !isPersonAfter(words, last + 1);
  const key = words.key(last + 1);
  return words.isAdjacent(last) && (ORGANISATION_WORDS.has(key) || EPONYM_WORDS.has(key));
}

/** Whether the word before a name makes it one of these: "Morbus Crohn", "St. Anna". */
export function isAfterOtherWord(words: Words, first: number): boolean {
  return EPONYM_BEFORE.has(words.key(words.before(first)));
}

/** Whether a name is the end of an organisation's: "… & Weber". */
export function isAfterPartner(words: Words, first: number): boolean {
  return words.at(first - 1) === "&" && !isPersonAfter(words, first - 1);
}

/** Whether a person follows an ampersand: "Jan Klein & Frau Weber", "Jan & Anna Weber". */
function isPersonAfter(words: Words, ampersand: number): boolean {
  return readTitles(words, ampersand + 1) !== null || isGivenName(words.key(ampersand + 1));
}
