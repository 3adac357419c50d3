/** Byte-level byte-pair encoding (Sennrich et al., arXiv 1508.07909; bytes as in GPT-2): learns a vocabulary from text. */

/** GPT-2's pattern for the pieces that merges stay within; `ByteLevel` with `use_regex` applies the same one. */
const piecePattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/**
 * GPT-2's printable stand-in for every byte, indexed by byte: printable Latin-1 stands for itself, the others for
 * U+0100 onwards, in order.
 */
export const byteCharacters: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : next++);
  });
})();

export interface BytePairEncoding {
  /** Token → id: the special tokens, the 256 bytes, then one for each merge. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Pairs of tokens in the order they are merged. */
  readonly merges: readonly (readonly [string, string])[];
}

/** Pieces of `text` as byte characters, each digit a piece of its own. */
export function pieces(text: string): string[] {
  return text
    .split(/(\p{N})/u)
    .flatMap((part) => part.match(piecePattern) ?? [])
    .map((piece) => [...new TextEncoder().encode(piece)].map((byte) => byteCharacters[byte]!).join(""));
}

interface Word {
  symbols: string[];
  readonly count: number;
}

/** A space cannot occur in a token (bytes are printable), so it separates the two halves of a pair. */
const pairKey = (left: string, right: string) => `${left} ${right}`;

function pairsOf({ symbols }: Word): string[] {
  return symbols.slice(1).map((right, index) => pairKey(symbols[index]!, right));
}

function mergePair(symbols: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let index = 0; index < symbols.length; index++) {
    if (symbols[index] === left && symbols[index + 1] === right) {
      merged.push(left + right);
      index++;
    } else merged.push(symbols[index]!);
  }
  return merged;
}

/** The pair that is most frequent; of equals, the first in code-unit order, so that the result depends on nothing else. */
function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  let bestCount = 1;
  for (const [key, count] of counts)
    if (count > bestCount || (count === bestCount && best !== undefined && key < best))
      [best, bestCount] = [key, count];
  return best;
}

/**
 * Learns merges from `texts` until the vocabulary has `vocabularySize` tokens or no pair occurs twice. The caller must leave
 * special tokens out of the texts. Throws a RangeError if the size has no room for the bytes.
 */
export function trainBytePairEncoding(
  texts: Iterable<string>,
  vocabularySize: number,
  specialTokens: readonly string[],
): BytePairEncoding {
  const vocabulary = new Map<string, number>();
  for (const token of [...specialTokens, ...byteCharacters]) vocabulary.set(token, vocabulary.size);
  if (vocabulary.size > vocabularySize)
    throw new RangeError(
      `${vocabularySize} tokens have no room for ${vocabulary.size} special tokens and bytes.`,
    );

  const frequencies = new Map<string, number>();
  for (const text of texts)
    for (const piece of pieces(text)) frequencies.set(piece, (frequencies.get(piece) ?? 0) + 1);
  const words: Word[] = [...frequencies].map(([piece, count]) => ({ symbols: [...piece], count }));

  const counts = new Map<string, number>();
  const places = new Map<string, Set<Word>>();
  const add = (word: Word, key: string, change: number) => {
    const count = (counts.get(key) ?? 0) + change;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
    if (change > 0) {
      const set = places.get(key);
      if (set) set.add(word);
      else places.set(key, new Set([word]));
    }
  };
  for (const word of words) for (const key of pairsOf(word)) add(word, key, word.count);

  const merges: (readonly [string, string])[] = [];
  while (vocabulary.size < vocabularySize) {
    const best = mostFrequent(counts);
    if (best === undefined) break;
    const [left, right] = best.split(" ") as [string, string];
    merges.push([left, right]);
    if (!vocabulary.has(left + right)) vocabulary.set(left + right, vocabulary.size);
    const touched = places.get(best)!;
    places.delete(best);
    for (const word of touched) {
      for (const key of pairsOf(word)) add(word, key, -word.count);
      word.symbols = mergePair(word.symbols, left, right);
      for (const key of pairsOf(word)) add(word, key, word.count);
    }
  }
  return { vocabulary, merges };
}
