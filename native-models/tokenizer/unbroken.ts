/**
 * Splits a long piece of text where byte-pair encoding cannot merge, which changes only the time it takes: with SentencePiece, a
 * whole document is one piece, which would be merged in one heap and never be found in a cache of words. Two neighbouring
 * characters that no vocabulary entry contains side by side stay separate in every encoding.
 */

import { once } from "./prepared.ts";
import type { Prepared } from "./prepared.ts";

const LONGEST_UNCUT = 48;

/** The last code point plus one: used to combine two of them into one number. */
const CODE_POINTS = 0x110000;

/** The splitter for this vocabulary. Pieces up to 48 characters stay whole. */
export function cutUnbroken(vocabulary: Iterable<string>): Prepared<{ cut: (piece: string) => string[] }> {
  const neighboursOf = once(() => neighboursIn(vocabulary));
  const cut = (piece: string) => {
    if (piece.length <= LONGEST_UNCUT) return [piece];
    const neighbours = neighboursOf();
    const parts: string[] = [];
    let start = 0;
    let before = piece.codePointAt(0)!;
    for (let at = before > 0xffff ? 2 : 1; at < piece.length;) {
      const after = piece.codePointAt(at)!;
      if (!neighbours.has(before * CODE_POINTS + after)) {
        parts.push(piece.slice(start, at));
        start = at;
      }
      at += after > 0xffff ? 2 : 1;
      before = after;
    }
    parts.push(piece.slice(start));
    return parts;
  };
  return { cut, prepare: () => void neighboursOf() };
}

function neighboursIn(vocabulary: Iterable<string>): Set<number> {
  const neighbours = new Set<number>();
  for (const token of vocabulary) {
    let before = -1;
    for (const character of token) {
      const after = character.codePointAt(0)!;
      if (before >= 0) neighbours.add(before * CODE_POINTS + after);
      before = after;
    }
  }
  return neighbours;
}
