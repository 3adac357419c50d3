/** The names of documents as texts that can be searched: "Akten/befund_anna_schmidt.pdf". */
import { PARTICLES } from "./names/stop-words.ts";

/** A path as a text of the same length. */
export interface NameText {
  readonly text: string;
  /** Whether the name has no capital, so that capitals do not show which words are names: each word has one in `text`. */
  readonly isLowerCase: boolean;
}

const EXTENSION = /\.(?=\w{1,5}$)/;

/** Each part of the path, and the extension, is a line; its words are separated by spaces. What precedes `from` is left out. */
export function textOfName(path: string, from = 0): NameText {
  const lines = path
    .slice(from)
    .replace(/[^/\\]+/g, readable)
    .replace(/[/\\]/g, "\n");
  const [stem] = path.split(EXTENSION, 1) as [string];
  return { text: "\n".repeat(from) + lines, isLowerCase: !/\p{Lu}[^/\\]*$/u.test(stem) };
}

function readable(part: string): string {
  const [stem] = part.split(EXTENSION, 1) as [string];
  const separators = stem.includes("@") ? /$/g : stem.includes(" ") ? /_/g : /[-_+.]/g;
  const words = stem.replace(separators, " ") + part.slice(stem.length).replace(".", "\n");
  return /\p{Lu}/u.test(stem) ? words : words.replace(/(?<![\p{L}\p{M}])\p{Ll}[\p{L}\p{M}]*/gu, capitalised);
}

/** A word with a capital; a particle, and one whose capital would be two letters, stay as they are. */
function capitalised(word: string): string {
  const whole = word.replace(/^./u, (letter) => letter.toUpperCase());
  return whole.length === word.length && !PARTICLES.has(word) ? whole : word;
}
