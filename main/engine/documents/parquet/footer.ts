/**
 * The footer of a Parquet file: its columns, and the positions of its column chunks
 * (https://parquet.apache.org/docs/file-format/metadata/).
 */
import { refuse } from "./bad-parquet.ts";
import { leavesOf, SCHEMA_ELEMENT, schemaTree } from "./schema.ts";
import type { Node } from "./schema.ts";
import { countIn, listIn, numberIn, structIn, structsIn, textOf, ThriftReader } from "./thrift.ts";
import type { Shape, Struct } from "./thrift.ts";

const MARK = "PAR1";
const ENCRYPTED_MARK = "PARE";
const TAIL_BYTES = 8;
const LARGEST_FOOTER_BYTES = 16 * 2 ** 20;
/** A useful row takes at least a byte even when compressed; a smaller file may still repeat up to this many. */
const ROWS_OF_ANY_FILE = 100_000;

/** Reads bytes of the file, all of which must exist. */
export type ReadBytes = (offset: number, length: number) => Buffer;

export interface Chunk {
  readonly leaf: Node;
  readonly codec: number;
  readonly values: number;
  readonly offset: number;
  readonly packedBytes: number;
}

export interface RowGroup {
  readonly rows: number;
  /** One per leaf of the columns, in order. */
  readonly chunks: readonly Chunk[];
}

export interface Footer {
  readonly columns: readonly Node[];
  readonly groups: readonly RowGroup[];
}

const COLUMN: Shape = {
  1: "value",
  3: { 3: ["value"], 4: "value", 5: "value", 7: "value", 9: "value", 11: "value" },
  8: {},
};
const FILE: Shape = { 2: [SCHEMA_ELEMENT], 3: "value", 4: [{ 1: [COLUMN], 3: "value" }] };

/** Reads the footer of a file of `sizeBytes`. Throws `BadParquet`. */
export function readFooter(read: ReadBytes, sizeBytes: number): Footer {
  if (sizeBytes < MARK.length + TAIL_BYTES) refuse("is too short for a Parquet file");
  const tail = read(sizeBytes - TAIL_BYTES, TAIL_BYTES);
  const mark = tail.toString("latin1", 4);
  if (mark === ENCRYPTED_MARK) refuse("is encrypted; save it without encryption");
  if (mark !== MARK) refuse("lacks its end; it is truncated");
  const length = tail.readUInt32LE(0);
  if (length > sizeBytes - MARK.length - TAIL_BYTES)
    refuse(`has a footer that is larger (${length} bytes) than the file`);
  if (length > LARGEST_FOOTER_BYTES) refuse(`has a footer over ${LARGEST_FOOTER_BYTES / 2 ** 20} MiB`);
  const file = new ThriftReader(read(sizeBytes - TAIL_BYTES - length, length)).struct(FILE);
  const columns = schemaTree(structsIn(file, 2));
  const leaves = columns.flatMap(leavesOf);
  const groups = structsIn(file, 4).map((group) => rowGroup(group, leaves, sizeBytes));
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== countIn(file, 3)) refuse("contradicts itself about the number of its rows");
  if (rows > Math.max(sizeBytes, ROWS_OF_ANY_FILE)) refuse(`claims more rows (${rows}) than it has bytes`);
  return { columns, groups };
}

function rowGroup(group: Struct, leaves: readonly Node[], sizeBytes: number): RowGroup {
  const columns = structsIn(group, 1);
  if (columns.length !== leaves.length) refuse("has a row group that lacks columns");
  const chunks = columns.map((column, index) => chunkOf(column, leaves[index]!, sizeBytes));
  return { rows: countIn(group, 3), chunks };
}

function chunkOf(column: Struct, leaf: Node, sizeBytes: number): Chunk {
  if (column.has(8)) refuse("has encrypted columns; save it without encryption");
  if (column.has(1)) refuse("has columns in other files");
  const data = structIn(column, 3) ?? refuse("has a column without a description");
  if (textOf(listIn(data, 3).slice(-1)[0]) !== leaf.name)
    refuse("has columns in another order than its schema");
  const [page, dictionary] = [countIn(data, 9), countIn(data, 11, 0)];
  const offset = dictionary > 0 && dictionary < page ? dictionary : page;
  const packedBytes = countIn(data, 7);
  if (offset < MARK.length || packedBytes > sizeBytes - offset) refuse("has a column outside the file");
  return { leaf, codec: numberIn(data, 4), values: countIn(data, 5), offset, packedBytes };
}
