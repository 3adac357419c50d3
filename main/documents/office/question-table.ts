import type { Block } from "../blocks/blocks.ts";
import { guessMapping } from "../records/guess-mapping.ts";
import type { DataRecord } from "../row.ts";

/** How much text, such as a title and what to do, may stand before the table. */
const MOST_BLOCKS_BEFORE = 4;

/** The rows of a table of questions and answers, if a document is little else; undefined for any other document. */
export function questionTable(blocks: readonly Block[]): DataRecord[] | undefined {
  const before = blocks.findIndex(({ kind }) => kind === "row");
  const rows = blocks.slice(before).filter((block) => block.kind === "row");
  const [header, ...data] = rows;
  const isTable =
    before + rows.length === blocks.length && rows.every(({ table }) => table === header?.table);
  if (!header?.isHeader || !isTable || before > MOST_BLOCKS_BEFORE) return undefined;
  const columns = header.cells;
  const records = data.map(({ place, cells }): DataRecord => {
    const fields = Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ""]));
    return { line: place, fields, columns };
  });
  const mapping = guessMapping(records.map(({ fields }) => fields));
  return mapping && mapping.kind !== "text" ? records : undefined;
}
