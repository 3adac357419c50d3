/** What a person or a document says inside a rendered chat template is plain text, whatever it spells. */
import { escaped } from "./pre-tokenize.ts";

/**
 * Breaks the spelling of a special token. A character that Unicode keeps for a program's own use; encoding drops it when the special
 * tokens have been found.
 */
export const MARK = "\ufdd0";

const markers = new WeakMap<readonly string[], (text: string) => string>();

/**
 * What puts a mark behind the first character of whatever is spelt like one of the special tokens, so that even `Tokenizer.encode`
 * with `special` takes it for plain text. Made once for a list.
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
    // One token may end another: where the longer is broken, the shorter may still be whole.
    while (marked.search(spelt) >= 0) marked = marked.replace(spelt, broken);
    return marked;
  };
}
