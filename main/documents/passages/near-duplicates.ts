/**
 * Finds texts that are nearly the same: MinHash over shingles of words (Broder 1997), candidates from bands of hashes (locality-sensitive
 * hashing), and an exact comparison of the candidates' shingles. Linear in the length of all texts, with the same result everywhere.
 */
import { wordsIn } from "../../../native-models/evaluation/words.ts";
import { Random } from "../../../native-models/random.ts";
import { Groups } from "./groups.ts";

/** Texts with at least this share of common shingles (Jaccard) are nearly the same. */
const NEARLY_THE_SAME = 0.8;

/** Consecutive words. A changed word in a passage of 200 costs 1.5% of its shingles. */
const SHINGLE_WORDS = 3;
/** 16 bands of 4 hashes: a pair with 0.8 of its shingles in common shares a band with probability 0.9998, one with 0.3 with 0.12. */
const BANDS = 16;
const BAND_HASHES = 4;

/** For each text, the index of the first text of its group: its own if no other is nearly the same. */
export function nearDuplicates(texts: readonly string[]): Int32Array {
  const groups = new NearGroups();
  for (const text of texts) groups.add(text);
  return Int32Array.from(texts, (_, index) => groups.of(index));
}

/**
 * Texts, added one after another, in groups of those that are nearly the same. Pairs are joined, so two texts of a group may be less
 * similar.
 */
export class NearGroups {
  readonly #groups = new Groups();
  readonly #shingles: Uint32Array[] = [];
  readonly #buckets = Array.from({ length: BANDS }, () => new Map<number, number>());

  /** Returns whether no text that was added before is nearly the same. */
  add(text: string): boolean {
    const own = shinglesOf(text);
    const index = this.#shingles.push(own) - 1;
    if (own.length === 0) return true;
    for (const [band, hash] of bandsOf(own).entries()) {
      const bucket = this.#buckets[band]!;
      const other = bucket.get(hash);
      if (other === undefined) {
        bucket.set(hash, index);
        continue;
      }
      if (this.of(other) !== this.of(index) && similarity(this.#shingles[other]!, own) >= NEARLY_THE_SAME)
        this.#groups.join(other, index);
    }
    return this.of(index) === index;
  }

  /** The index of the first text of a text's group. */
  of(index: number): number {
    return this.#groups.of(index);
  }
}

/** A text that has this share of another one contains it. */
const CONTAINED = 0.5;
/**
 * A sequence of this many words that two texts have in common was copied. Every fourth sequence, chosen by its hash, is compared; a text
 * needs at least four of these.
 */
const COPIED_WORDS = 8;
const SAMPLED = 4;
const FEWEST_SAMPLES = 4;
/** A sequence that more texts have is no sign that two of them belong together. */
const MOST_HAVING = 4;

/** For each text, the index of the first text of its group. Two texts are joined if they share half of the shorter one. */
export function containing(texts: readonly string[]): Int32Array {
  const counts: number[] = [];
  const having = new Map<number, number[]>();
  for (const [index, text] of texts.entries()) {
    const sampled = shinglesOf(text, COPIED_WORDS).filter((hash) => hash % SAMPLED === 0);
    counts.push(sampled.length);
    for (const hash of sampled) {
      const others = having.get(hash);
      if (!others) having.set(hash, [index]);
      else if (others.length <= MOST_HAVING) others.push(index);
    }
  }
  const common = new Map<number, number>(); // by two indices as one number
  for (const some of having.values()) {
    if (some.length > MOST_HAVING) continue;
    for (const [i, b] of some.entries()) {
      for (const a of some.slice(0, i)) {
        const pair = a * texts.length + b;
        common.set(pair, (common.get(pair) ?? 0) + 1);
      }
    }
  }
  const groups = new Groups();
  for (const [pair, count] of common) {
    const [a, b] = [Math.floor(pair / texts.length), pair % texts.length];
    const fewest = Math.min(counts[a]!, counts[b]!);
    if (fewest >= FEWEST_SAMPLES && count >= CONTAINED * fewest) groups.join(a, b);
  }
  return Int32Array.from(texts, (_, index) => groups.of(index));
}

/** The hashes of a text's shingles, ascending and each once. Case and punctuation do not count. */
function shinglesOf(text: string, size = SHINGLE_WORDS): Uint32Array {
  const words = wordsIn(text).map(hashOf);
  if (words.length === 0) return new Uint32Array();
  const count = Math.max(1, words.length - size + 1);
  const hashes = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    let hash = 0;
    for (const word of words.slice(i, i + size)) hash = mixed(Math.imul(hash, 31) + word);
    hashes[i] = hash;
  }
  hashes.sort();
  return hashes.filter((hash, i) => i === 0 || hash !== hashes[i - 1]);
}

/** FNV-1a. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash;
}

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of `hash`. */
function mixed(hash: number): number {
  let bits = hash | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const random = new Random(1, "near-duplicates");
/** The permutations h ↦ factor · (h xor mask), modulo 2³². */
const masks = Int32Array.from({ length: BANDS * BAND_HASHES }, () => random.bits() | 0);
const factors = Int32Array.from({ length: BANDS * BAND_HASHES }, () => random.bits() | 1);

/** A hash for each band of a text's signature, which is the minimum of each permutation. */
function bandsOf(shingles: Uint32Array): Uint32Array {
  const bands = new Uint32Array(BANDS);
  for (let i = 0; i < masks.length; i++) {
    const [mask, factor] = [masks[i]!, factors[i]!];
    let least = 0xffffffff;
    for (const shingle of shingles) {
      const value = Math.imul(shingle ^ mask, factor) >>> 0;
      if (value < least) least = value;
    }
    const band = Math.floor(i / BAND_HASHES);
    bands[band] = mixed(Math.imul(bands[band]!, 31) + least);
  }
  return bands;
}

/** The Jaccard similarity of two ascending lists. */
function similarity(a: Uint32Array, b: Uint32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) [common, i, j] = [common + 1, i + 1, j + 1];
    else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return common / (a.length + b.length - common);
}
