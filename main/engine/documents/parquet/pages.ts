/** The pages of a column chunk, as levels and values. */
import { refuse } from "./bad-parquet.ts";
import { unpacked } from "./compression.ts";
import { ENCODING, PageReader, readRuns } from "./encodings.ts";
import type { Chunk } from "./footer.ts";
import { PHYSICAL } from "./schema.ts";
import type { Leaf, Node } from "./schema.ts";
import { countIn, numberIn, structIn, ThriftReader } from "./thrift.ts";
import type { Shape, Struct } from "./thrift.ts";
import { readPlain, readValues } from "./values.ts";
import type { Scalar } from "./values.ts";

/** The content of a chunk: for each entry its definition and repetition level, and the existing values. */
export interface ChunkContent {
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
  readonly values: readonly Scalar[];
}

/** Counts down the bytes that a row group may still unpack to, and the values that it may still have. */
export class GroupLimit {
  #bytes = 128 * 2 ** 20;
  #values = 2 ** 24;

  /** Throws `BadParquet`. */
  takeBytes = (bytes: number): void => {
    this.#bytes -= bytes;
    if (this.#bytes < 0)
      refuse("unpacks to more than 128 MiB for one group of rows; write it with smaller groups");
  };

  /** Throws `BadParquet`. */
  takeValues = (values: number): void => {
    this.#values -= values;
    if (this.#values < 0)
      refuse("has more than 16 million values in one row group; write it with smaller row groups");
  };
}

const PAGE = { data: 0, index: 1, dictionary: 2, data2: 3 };
const PAGE_HEADER: Shape = {
  1: "value",
  2: "value",
  3: "value",
  5: { 1: "value", 2: "value", 3: "value", 4: "value" },
  7: { 1: "value", 2: "value" },
  8: { 1: "value", 2: "value", 4: "value", 5: "value", 6: "value", 7: "value" },
};

interface Page {
  readonly entries: number;
  readonly encoding: number;
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
  readonly rest: PageReader;
}

/** Reads a chunk's pages out of its bytes. Throws `BadParquet`. */
export function readChunk(chunk: Chunk, bytes: Buffer, limit: GroupLimit): ChunkContent {
  limit.takeValues(chunk.values);
  const leaf = chunk.leaf.leaf!;
  const definitions = new Uint8Array(chunk.values);
  const repetitions = new Uint8Array(chunk.values);
  const pieces: Scalar[][] = [];
  let dictionary: Scalar[] | null = null;
  let done = 0;
  for (let at = 0; done < chunk.values;) {
    const header = new ThriftReader(bytes, at);
    const head = header.struct(PAGE_HEADER);
    const type = numberIn(head, 1);
    const packedBytes = countIn(head, 3);
    if (packedBytes > bytes.length - header.at) refuse("has a page that ends outside its column");
    const packed = bytes.subarray(header.at, (at = header.at + packedBytes));
    if (type === PAGE.index) continue;
    limit.takeBytes(countIn(head, 2));
    if (type === PAGE.dictionary) {
      const { encoding, count } = dictionaryHead(head);
      if (encoding !== ENCODING.plain && encoding !== ENCODING.plainDictionary)
        refuse("has a damaged dictionary");
      limit.takeValues(count);
      dictionary = readPlain(new PageReader(unpacked(chunk.codec, packed, countIn(head, 2))), count, leaf);
      continue;
    }
    const page = type === PAGE.data2 ? secondPage(head, packed, chunk) : firstPage(head, packed, chunk, type);
    if (page.entries > chunk.values - done) refuse("has more values in its pages than stated");
    definitions.set(page.definitions, done);
    repetitions.set(page.repetitions, done);
    done += page.entries;
    pieces.push(valuesOf(page, dictionary, chunk.leaf, leaf, limit));
  }
  return { definitions, repetitions, values: pieces.length === 1 ? pieces[0]! : pieces.flat() };
}

function dictionaryHead(head: Struct): { encoding: number; count: number } {
  const own = structIn(head, 7) ?? refuse("has a dictionary without a description");
  return { count: countIn(own, 1), encoding: numberIn(own, 2) };
}

/** A page whose levels are compressed together with its values. */
function firstPage(head: Struct, packed: Buffer, chunk: Chunk, type: number): Page {
  const own = (type === PAGE.data ? structIn(head, 5) : undefined) ?? refuse("has a page of an unknown type");
  const entries = entriesIn(own, chunk);
  const rest = new PageReader(unpacked(chunk.codec, packed, countIn(head, 2)));
  const levels = (encoding: number, most: number): Uint8Array => {
    if (most === 0) return new Uint8Array(entries);
    if (encoding !== ENCODING.runs) refuse("was written by a very old program; rewrite it");
    return levelsOf(rest.take(rest.uint32()), entries, most);
  };
  const repetitions = levels(numberIn(own, 4), chunk.leaf.repetition);
  const definitions = levels(numberIn(own, 3), chunk.leaf.definition);
  return { entries, encoding: numberIn(own, 2), repetitions, definitions, rest };
}

/** A page whose levels are uncompressed before its values. */
function secondPage(head: Struct, packed: Buffer, chunk: Chunk): Page {
  const own = structIn(head, 8) ?? refuse("has a page without a description");
  const entries = entriesIn(own, chunk);
  const outer = new PageReader(packed);
  const repetitions = levelsOf(outer.take(countIn(own, 6)), entries, chunk.leaf.repetition);
  const definitions = levelsOf(outer.take(countIn(own, 5)), entries, chunk.leaf.definition);
  const bytes = countIn(head, 2) - outer.at;
  const packedValues = packed.subarray(outer.at);
  if (bytes < 0) refuse("has a page that is smaller than its levels");
  const values = own.get(7) === false ? packedValues : unpacked(chunk.codec, packedValues, bytes);
  return { entries, encoding: numberIn(own, 4), repetitions, definitions, rest: new PageReader(values) };
}

function entriesIn(own: Struct, { values }: Chunk): number {
  const entries = countIn(own, 1);
  return entries <= values ? entries : refuse("has more values in its pages than stated");
}

function levelsOf(bytes: Buffer, entries: number, most: number): Uint8Array {
  const levels = new Uint8Array(entries);
  if (most > 0) readRuns(new PageReader(bytes), 32 - Math.clz32(most), levels);
  return levels;
}

function valuesOf(
  { entries, encoding, definitions, rest }: Page,
  dictionary: Scalar[] | null,
  node: Node,
  leaf: Leaf,
  limit: GroupLimit,
): Scalar[] {
  let count = entries;
  if (node.definition > 0)
    count = definitions.reduce((sum, level) => sum + (level === node.definition ? 1 : 0), 0);
  if (count === 0) return [];
  if (encoding === ENCODING.dictionary || encoding === ENCODING.plainDictionary) {
    if (!dictionary) return refuse("lacks a dictionary");
    const indices = new Uint32Array(count);
    readRuns(rest, rest.byte(), indices);
    return Array.from(indices, (index) =>
      index < dictionary.length ? dictionary[index]! : refuse("has an index outside its dictionary"),
    );
  }
  if (encoding === ENCODING.runs && leaf.type === PHYSICAL.boolean) {
    const bits = new Uint8Array(count);
    readRuns(new PageReader(rest.take(rest.uint32())), 1, bits);
    return Array.from(bits, (bit) => bit === 1);
  }
  return readValues(rest, encoding, count, leaf, limit.takeBytes);
}
