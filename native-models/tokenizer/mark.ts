/** Text from a person or a document stays plain text inside a rendered chat template, whatever it contains. */
import { escaped } from "./pre-tokenize.ts";

/**
 * Interrupts the text of a special token. A Unicode noncharacter reserved for internal use; encoding removes it after the special
 * tokens have been found.
 */
export const MARK = "\ufdd0";

const markers = new WeakMap<readonly string[], (text: string) => string>();

/**
 * Returns a function that inserts a mark after the first character of anything that looks like one of the special tokens, so that
 * even `Tokenizer.encode` with `special` treats it as plain text. Created once per list.
 */
export function marker(specialTokens: readonly string[]): (text: string) => string {
  const made = markers.get(specialTokens) ?? makeMarker(specialTokens);
  markers.set(specialTokens, made);
  return made;
}

function makeMarker(specialTokens: readonly string[]): (text: string) => string {
  const spellings = specialTokens.filter((token) => token !== "" && !token.includes(MARK));
  if (spellings.length === 0) return (text) => text;
  const longestFirst = spellings.sort((a, b) => b.length - a.length).map(escaped);
  const spelt = new RegExp(longestFirst.join("|"), "g");
  const broken = ([first, ...rest]: string) => (rest.length === 0 ? "" : first! + MARK + rest.join(""));
  return (text) => {
    let marked = text.split(MARK).join("");
    // One token may end with another: if the longer is interrupted, the shorter may still be intact.
    while (marked.search(spelt) >= 0) marked = marked.replace(spelt, broken);
    return marked;
  };
}
