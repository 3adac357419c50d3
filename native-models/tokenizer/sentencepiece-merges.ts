/**
 * Merges for a SentencePiece vocabulary, which has scores and no merges (Kudo & Richardson 2018, arXiv 1808.06226). Byte-
 * pair encoding joins the two neighbours whose joint piece has the highest score, so every way to cut a piece in two is
 * a merge, ranked by the piece's score. The cuts of one piece come in the order of their left part's id, as in the
 * tokenizer.json files that transformers' converter wrote for Llama.
 */

/** Control and byte tokens are not among `pieces`, so that no text can spell one. */
export function mergesFromScores(
  pieces: ReadonlyMap<string, { id: number; score: number }>,
): [string, string][] {
  const merges: { pair: [string, string]; leftId: number; pieceId: number; score: number }[] = [];
  for (const [piece, { id, score }] of pieces) {
    let left = "";
    for (const character of piece) {
      const right = piece.slice(left.length);
      const leftId = pieces.get(left)?.id;
      if (leftId !== undefined && pieces.has(right)) {
        merges.push({ pair: [left, right], leftId, pieceId: id, score });
      }
      left += character;
    }
  }
  merges.sort((a, b) => b.score - a.score || a.pieceId - b.pieceId || a.leftId - b.leftId);
  return merges.map(({ pair }) => pair);
}
