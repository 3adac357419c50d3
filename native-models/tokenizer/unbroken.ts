/**
 * Splits a long piece of text where byte-pair encoding cannot merge, which changes only the time it takes: with SentencePiece, a
 * whole document is one piece, which would be merged in one heap and never be found in a cache of words. Two neighbouring
 * characters that no vocabulary entry contains side by side stay separate in every encoding.
 */

const LONGEST_UNCUT = 48;

/** Finding the neighbours takes as long as merging this many characters uncut. */
const WORTH = 2 ** 14;

/** The last code point plus one: used to combine two of them into one number. */
const CODE_POINTS = 0x110000;

/**
 * The splitter for this vocabulary. Pieces up to 48 characters stay whole, and so do all until enough text was announced by `prepare`, which
 * is called with the length of each text before the time limit of a text starts.
 */
export function cutUnbroken(vocabulary: { keys(): Iterable<string> }): {
  cut: (piece: string) => string[];
  prepare: (length: number) => void;
} {
  let neighbours: Set<number> | null = null;
  let announced = 0;
  const prepare = (length: number) => {
    announced += length;
    if (announced > WORTH) neighbours ??= neighboursIn(vocabulary.keys());
  };
  const cut = (piece: string) => {
    if (piece.length <= LONGEST_UNCUT || !neighbours) return [piece];
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
  return { cut, prepare };
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
