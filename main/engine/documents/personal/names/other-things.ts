/** Diseases, tests, organisations and places that bear a person's name. */
import { EPONYM_BEFORE, EPONYM_WORDS, ORGANISATION_WORDS } from "./stop-words.ts";
import { keyOf } from "./words.ts";
import type { Words } from "./words.ts";

/** Whether the word after a name makes it one of these: "Crohn's disease", "Weber GmbH", "Weber & …". */
export function isBeforeOtherWord(words: Words, last: number): boolean {
  const next = words.at(last + 1);
  if (next === "&") return true;
  const key = keyOf(next);
  return words.isAdjacent(last) && (ORGANISATION_WORDS.has(key) || EPONYM_WORDS.has(key));
}

/** Whether the word before a name makes it one of these: "Morbus Crohn", "St. Anna". */
export function isAfterEponymWord(words: Words, first: number): boolean {
  return EPONYM_BEFORE.has(keyOf(words.before(first)));
}
