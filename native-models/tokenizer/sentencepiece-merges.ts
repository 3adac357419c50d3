/**
 * Merges for a SentencePiece vocabulary, which has scores and no merges (Kudo & Richardson 2018, arXiv 1808.06226). Byte-
 * pair encoding joins the two neighbours whose joint piece has the highest score, so every way to cut a piece in two is
 * a merge, ranked by the piece's score. Among the cuts of equal score the longer left part comes first, then the longer
 * right part: the order of transformers' converter, so that an exported tokenizer.json equals the one it would write.
 */

/** `pieces` in the order of their ids; control and byte tokens are not among them, so that no text can spell one. */
export function mergesFromScores(
  pieces: ReadonlyMap<string, { id: number; score: number }>,
): [string, string][] {
  const merges: { left: string; right: string; score: number; leftLength: number; rightLength: number }[] =
    [];
  for (const [piece, { score }] of pieces) {
    const characters = Array.from(piece);
    const cuts = characters
      .slice(1)
      .map((_, index) => ({
        left: characters.slice(0, index + 1).join(""),
        right: characters.slice(index + 1).join(""),
        score,
        leftLength: index + 1,
        rightLength: characters.length - index - 1,
      }))
      .filter(({ left, right }) => pieces.has(left) && pieces.has(right))
      .sort((a, b) => pieces.get(a.left)!.id - pieces.get(b.left)!.id);
    merges.push(...cuts);
  }
  merges.sort((a, b) => b.score - a.score || b.leftLength - a.leftLength || b.rightLength - a.rightLength);
  return merges.map(({ left, right }) => [left, right]);
}
