/** Tokens and their ids. */
import type { StringList } from "../formats/string-list.ts";

/** The tokens of a vocabulary, a part of what a map from texts to ids has, and its inverse. */
export interface Vocabulary extends Iterable<[string, number]> {
  get(text: string): number | undefined;
  has(text: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<number>;
  textOf(id: number): string | undefined;
  /** The highest id plus one. */
  readonly idsEnd: number;
}

/** The tokens of a tokenizer.json. */
export class TextVocabulary extends Map<string, number> implements Vocabulary {
  #texts: string[] | undefined;

  textOf(id: number): string | undefined {
    return this.#byId[id];
  }

  get idsEnd(): number {
    return this.#byId.length;
  }

  get #byId(): readonly string[] {
    if (this.#texts) return this.#texts;
    const texts: string[] = [];
    for (const [text, id] of this) texts[id] = text;
    return (this.#texts = texts);
  }
}

/** What the hash of no bytes is, and what each further byte multiplies it by: FNV-1a. */
const [BEGINNING, PRIME] = [0x811c9dc5, 0x01000193];

/** Tokens by their places in a list: a hash table over their bytes, so that none is decoded before it is needed. */
export class ByteVocabulary implements Vocabulary {
  readonly #list: StringList;
  /** Ids plus one, by hash; 0: free. */
  readonly #slots: Int32Array;
  readonly #toUtf8 = new TextEncoder();
  #scratch = new Uint8Array(256);

  /** `onTwice` receives the id of a token that an earlier one equals. */
  constructor(list: StringList, onTwice: (id: number) => never) {
    this.#list = list;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * list.length + 2)));
    const { bytes, starts, ends } = list;
    for (let id = 0; id < list.length; id++) {
      const slot = this.#slot(bytes, starts[id]!, ends[id]!, 0, 0);
      if (this.#slots[slot] !== 0) onTwice(id);
      this.#slots[slot] = id + 1;
    }
  }

  get idsEnd(): number {
    return this.#list.length;
  }

  textOf(id: number): string | undefined {
    return this.#list.at(id);
  }

  get(text: string): number | undefined {
    if (3 * text.length > this.#scratch.length) this.#scratch = new Uint8Array(6 * text.length);
    const end = this.#toUtf8.encodeInto(text, this.#scratch).written;
    return this.idOf(this.#scratch, 0, end);
  }

  has(text: string): boolean {
    return this.get(text) !== undefined;
  }

  /** The id of the token whose bytes are those from `start` up to `end`, then those from `from` up to `to`. */
  idOf(bytes: Uint8Array, start: number, end: number, from = 0, to = 0): number | undefined {
    const id = this.#slots[this.#slot(bytes, start, end, from, to)]!;
    return id === 0 ? undefined : id - 1;
  }

  /** The slot of a token, or the free slot for it. */
  #slot(bytes: Uint8Array, start: number, end: number, from: number, to: number): number {
    let hash = BEGINNING;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, PRIME);
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, PRIME);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#slots[slot] !== 0 && !this.#isToken(this.#slots[slot]! - 1, bytes, start, end, from, to))
      slot = (slot + 1) & mask;
    return slot;
  }

  #isToken(id: number, given: Uint8Array, start: number, end: number, from: number, to: number): boolean {
    const { bytes, starts, ends } = this.#list;
    let at = starts[id]!;
    if (ends[id]! - at !== end - start + (to - from)) return false;
    for (let i = start; i < end; i++) if (bytes[at++] !== given[i]) return false;
    for (let i = from; i < to; i++) if (bytes[at++] !== given[i]) return false;
    return true;
  }

  keys(): Iterable<string> {
    return this.#list;
  }

  *values(): Generator<number> {
    for (let id = 0; id < this.idsEnd; id++) yield id;
  }

  *[Symbol.iterator](): Generator<[string, number]> {
    for (let id = 0; id < this.idsEnd; id++) yield [this.#list.at(id)!, id];
  }
}
