/** What hyparquet does not check: figures of a Parquet file that contradict each other, and how much it would unpack to. */
import { refuse } from "../bad-document.ts";
import type { ColumnMetaData, FileMetaData } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";

const MARK_BYTES = 4;
/** A useful row takes at least a byte even when compressed; a smaller file may still repeat up to this many. */
const ROWS_OF_ANY_FILE = 100_000;
const MOST_COLUMNS = 10_000;
const MOST_NESTED = 1000;
const MOST_GROUP_BYTES = 128 * 2 ** 20;
const MOST_GROUP_VALUES = 2 ** 24;
const CODECS: readonly string[] = ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4", "LZ4_RAW"];

/** Checks what the footer says of a file of this size. Throws `BadDocument`. */
export function checkFooter({ schema, num_rows, row_groups }: FileMetaData, sizeBytes: number): void {
  const nested = schema.filter(({ num_children = 0 }) => num_children > 0);
  if (schema.length > MOST_COLUMNS) refuse({ code: "too-many-columns", most: MOST_COLUMNS });
  if (nested.length > MOST_NESTED) refuse({ code: "too-many-columns", most: MOST_NESTED });
  const leaves = schema.filter(({ type }) => type !== undefined).length;
  if (leaves === 0) refuse("damaged");
  let rows = 0n;
  for (const group of row_groups) {
    if (group.columns.length !== leaves) refuse("damaged");
    group.columns.forEach((column) => {
      if (column.file_path !== undefined) refuse("damaged-or-unsupported");
      if (!column.meta_data || column.crypto_metadata) refuse("encrypted");
      const { data_page_offset: page, total_compressed_size: size, codec } = column.meta_data;
      if (!codec) refuse({ code: "compression", method: null });
      if (!CODECS.includes(codec)) refuse({ code: "compression", method: codec });
      if (page < MARK_BYTES || size < 0 || page + size > sizeBytes) refuse("damaged");
    });
    if (group.num_rows < 0) refuse("damaged");
    rows += group.num_rows;
  }
  if (rows !== num_rows) refuse("damaged");
  if (rows > Math.max(sizeBytes, ROWS_OF_ANY_FILE)) refuse("damaged");
}

/** What the chunks of a row group that were checked so far take. */
export interface Taken {
  bytes: number;
  values: number;
}

/**
 * Checks the pages of a column chunk by their headers, and returns where they end. `taken`: by the other chunks of the row group. Throws
 * `BadDocument`, and what hyparquet throws.
 */
export function checkPages(
  bytes: Uint8Array<ArrayBuffer>,
  { num_values }: ColumnMetaData,
  taken: Taken,
): number {
  taken.values += Number(num_values);
  if (taken.values > MOST_GROUP_VALUES) refuse("large-row-groups");
  const reader = { view: new DataView(bytes.buffer), offset: 0 };
  let [values, hasDictionary] = [0, false];
  while (values < num_values) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    if (!(packed >= 0 && unpacked >= 0 && packed <= bytes.length - reader.offset)) refuse("damaged");
    reader.offset += packed;
    taken.bytes += unpacked;
    if (taken.bytes > MOST_GROUP_BYTES) refuse("large-row-groups");
    hasDictionary ||= header.dictionary_page_header !== undefined;
    const page = header.data_page_header ?? header.data_page_header_v2;
    if (!hasDictionary && page?.encoding.endsWith("_DICTIONARY")) refuse("damaged");
    values += page?.num_values ?? 0;
  }
  if (BigInt(values) !== num_values) refuse("damaged");
  return reader.offset;
}
