/**
 * Merges for a SentencePiece vocabulary, which has scores but no merges (Kudo & Richardson 2018, arXiv 1808.06226). Byte-pair
 * encoding joins the two neighbours whose joint piece has the highest score, so every way to split a piece in two is a merge,
 * ranked by the piece's score. The splits of one piece are ordered by their left part's id, as in the tokenizer.json files that
 * transformers' converter wrote for models with such a vocabulary.
 */

/**
 * Ids of left part, right part and piece, three per merge, best first. `pieces` contains ids; control and byte tokens are not
 * among them, so that no text can produce one. `scores` has a score for each id.
 */
export function mergesFromScores(pieces: ReadonlyMap<string, number>, scores: ArrayLike<number>): Int32Array {
  const merges: number[] = [];
  const ranked = [...pieces].sort(([, a], [, b]) => scores[b]! - scores[a]! || a - b);
  for (const [piece, id] of ranked) {
    const cuts: [number, number][] = [];
    for (let at = 1; at < piece.length; at++) {
      if (isSecondHalf(piece.charCodeAt(at))) continue;
      const left = pieces.get(piece.slice(0, at));
      const right = left === undefined ? undefined : pieces.get(piece.slice(at));
      if (left !== undefined && right !== undefined) cuts.push([left, right]);
    }
    cuts.sort(([a], [b]) => a - b);
    for (const [left, right] of cuts) merges.push(left, right, id);
  }
  return Int32Array.from(merges);
}

/** Whether a code unit is the second half of a surrogate pair. */
function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
