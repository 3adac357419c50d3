/** Personal data in the names of documents: "Akten/Befund Anna Schmidt.pdf". */
import type { Place } from "./found.ts";
import { PARTICLES } from "./names/stop-words.ts";

/** A part of a name between slashes, as a text with the same number of characters, and where it begins. */
export interface NamePart {
  readonly text: string;
  readonly start: number;
  /** Whether it has no capital, so that capitals do not show which words are names: each word has one in `text`. */
  readonly isLowerCase: boolean;
}

/** "Schmidt, Anna" at the beginning is read as the content of a field. */
const REVERSED = /^\p{Lu}[\p{L}-]+, \p{Lu}[\p{L}-]+(?![\p{L}-])/u;
const FIELD = "Name: ";

/** The parts of a path from a position on, as texts: the extension on a line of its own, words separated by spaces. */
export function partsOfName(path: string, from = 0): NamePart[] {
  let next = from;
  return path
    .slice(from)
    .split(/[/\\]/)
    .map((part) => {
      const named = { ...readable(part), start: next };
      next += part.length + 1;
      return asField(named);
    });
}

/** The part that a preview examines. */
export const lastPartOfName = (path: string): NamePart => partsOfName(path).at(-1)!;

/** The places in all parts, counted from the beginning of the path. */
export function placesInName(parts: readonly NamePart[], found: readonly (readonly Place[])[]): Place[] {
  return parts.flatMap(({ start }, i) =>
    found[i]!.map((place) => ({ ...place, start: place.start + start, end: place.end + start })),
  );
}

function readable(part: string): Omit<NamePart, "start"> {
  let text = part.replace(/\.(?=\w{1,5}$)/, "\n");
  const [stem] = text.split("\n", 1) as [string];
  if (!stem.includes("@")) text = text.replace(stem.includes(" ") ? /_/g : /[-_+.]/g, " ");
  const isLowerCase = !/\p{Lu}/u.test(stem);
  return {
    text: isLowerCase ? text.replace(/(?<![\p{L}\p{M}])\p{Ll}[\p{L}\p{M}]*/gu, capitalised) : text,
    isLowerCase,
  };
}

/** A word with a capital; a particle, and one whose capital would be two letters, stay as they are. */
function capitalised(word: string): string {
  const whole = word.replace(/^./u, (letter) => letter.toUpperCase());
  return whole.length === word.length && !PARTICLES.has(word) ? whole : word;
}

function asField({ text, start, isLowerCase }: NamePart): NamePart {
  if (!REVERSED.test(text.normalize("NFC"))) return { text, start, isLowerCase };
  return { text: FIELD + text, start: start - FIELD.length, isLowerCase };
}
