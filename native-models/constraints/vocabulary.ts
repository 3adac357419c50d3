/** A tokenizer's tokens as a trie of their bytes, in which all tokens that a grammar allows are found in one walk. */
import type { TokenText } from "../tokenizer.ts";
import { ALL, HIGHEST, without } from "./regular/ranges.ts";
import type { Ranges } from "./regular/ranges.ts";

export interface Tokens extends TokenText {
  /** The highest id plus one. */
  readonly vocabularySize: number;
  /** The ids of a text. */
  readonly encode?: (text: string) => readonly number[];
}

/** A token, with a character for each of its bytes. */
interface Entry {
  readonly id: number;
  readonly text: string;
}

/** Nodes in the order of a walk from the root, parents before their children, children by their bytes. */
export class Vocabulary {
  /** The byte that leads to a node. */
  readonly bytes: Uint8Array;
  /** How many bytes lead to a node. */
  readonly depths: Uint16Array;
  /** The node after this one's subtree. */
  readonly ends: Int32Array;
  /** For each node, the place of its first id in `ids`; several tokens may have the same bytes. */
  readonly firsts: Int32Array;
  readonly ids: Int32Array;
  readonly longestToken: number;
  /** The characters that can be written whatever came before: usually all. */
  readonly characters: Ranges;

  private constructor(sorted: readonly Entry[], characters: Ranges) {
    const nodes = countNodes(sorted.map(({ text }) => text));
    this.ids = Int32Array.from(sorted, ({ id }) => id);
    this.bytes = new Uint8Array(nodes);
    this.depths = new Uint16Array(nodes);
    this.ends = new Int32Array(nodes);
    this.firsts = new Int32Array(nodes + 1).fill(sorted.length);
    let count = 0;
    const path: number[] = [];
    const close = (depth: number) => {
      while (path.length > depth) this.ends[path.pop()!] = count;
    };
    let before = "";
    for (const [place, { text }] of sorted.entries()) {
      if (place > 0 && text === before) continue;
      const shared = sharedLength(before, text);
      close(shared);
      for (let depth = shared; depth < text.length; depth++) {
        path.push(count);
        this.bytes[count] = text.charCodeAt(depth);
        this.depths[count] = depth + 1;
        this.firsts[count++] = place;
      }
      before = text;
    }
    close(0);
    this.longestToken = sorted.reduce((most, { text }) => Math.max(most, text.length), 0);
    this.characters = characters;
  }

  /** Encodes bytes with the longest possible token each time; empty if some byte has no token. */
  longestTokens(bytes: Uint8Array): number[] {
    const found: number[] = [];
    for (let at = 0; at < bytes.length;) {
      const { id, length } = this.#longest(bytes, at);
      if (length === 0) return [];
      found.push(id);
      at += length;
    }
    return found;
  }

  #longest(bytes: Uint8Array, from: number): { id: number; length: number } {
    let best = { id: -1, length: 0 };
    let [node, end] = [0, this.bytes.length];
    for (let at = from; at < bytes.length; at++) {
      while (node < end && this.bytes[node] !== bytes[at]) node = this.ends[node]!;
      if (node >= end) break;
      const first = this.firsts[node]!;
      if (first < this.firsts[node + 1]!) best = { id: this.ids[first]!, length: at - from + 1 };
      end = this.ends[node]!;
      node++;
    }
    return best;
  }

  /** Special tokens write nothing, and `endIds` end an answer even if a tokenizer has them as text, so both are left out. */
  static of(tokens: Tokens, endIds: readonly number[]): Vocabulary {
    const its = vocabularies.get(tokens) ?? new Map<string, Vocabulary>();
    vocabularies.set(tokens, its);
    const known = its.get(endIds.join());
    if (known) return known;
    const all: Entry[] = [];
    for (let id = 0; id < tokens.vocabularySize; id++) {
      if (tokens.isSpecial(id) || endIds.includes(id)) continue;
      const bytes = tokens.tokenBytes(id);
      // A character for each byte, so that texts compare as their bytes do.
      if (bytes.length > 0) all.push({ id, text: Buffer.from(bytes).toString("latin1") });
    }
    const bytes = new Set(all.filter(({ text }) => text.length === 1).map(({ text }) => text.charCodeAt(0)));
    // With these, whatever character a token has begun can be finished.
    const finishes = CONTINUATIONS.every((byte) => bytes.has(byte));
    const usable = finishes ? all : all.filter(({ text }) => isWhole(text));
    usable.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.id - b.id));
    const made = new Vocabulary(usable, finishes ? begunByTokens(bytes) : wholeCharacters(usable));
    its.set(endIds.join(), made);
    return made;
  }
}

const CONTINUATIONS = Array.from({ length: 0x40 }, (_, at) => 0x80 + at);

/** The bytes that begin characters in UTF-8. */
const LEADS = Array.from({ length: 0xf5 }, (_, byte) => byte).filter((byte) => byte < 0x80 || byte >= 0xc2);

/** The characters that begin with a byte. */
function begunBy(byte: number): readonly [first: number, last: number] {
  if (byte < 0x80) return [byte, byte];
  const [shift, bits, least] =
    byte < 0xe0 ? [6, 0x1f, 0x80] : byte < 0xf0 ? [12, 0x0f, 0x800] : [18, 0x07, 0x10000];
  const first = (byte & bits) << shift;
  return [Math.max(first, least), Math.min(first + 2 ** shift - 1, HIGHEST)];
}

/** All characters but those whose first byte is not a token: many vocabularies lack bytes that their texts did not have. */
function begunByTokens(bytes: ReadonlySet<number>): Ranges {
  const lacking = LEADS.filter((byte) => !bytes.has(byte));
  return lacking.length === 0 ? ALL : without(ALL, lacking.map(begunBy));
}

const decodes = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether bytes are whole characters: without tokens for bytes, others might never be finished. */
function isWhole(text: string): boolean {
  try {
    return decodes.decode(Buffer.from(text, "latin1")) !== "";
  } catch {
    return false;
  }
}

/** The characters that are tokens. */
function wholeCharacters(entries: readonly Entry[]): Ranges {
  const texts = entries.map(({ text }) => Buffer.from(text, "latin1").toString());
  const codes = new Set(
    texts.filter((text) => Array.from(text).length === 1).map((text) => text.codePointAt(0)!),
  );
  return [...codes].sort((a, b) => a - b).map((code) => [code, code] as const);
}

/** Those of each tokenizer, by the ids that end an answer. */
const vocabularies = new WeakMap<Tokens, Map<string, Vocabulary>>();

function countNodes(sorted: readonly string[]): number {
  let [count, before] = [0, ""];
  for (const text of sorted) {
    count += text.length - sharedLength(before, text);
    before = text;
  }
  return count;
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
