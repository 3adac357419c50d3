/** A page of a dataset's rows, all of them or those with certain words. */
import type { SplitName } from "../../../preload/contract/data.ts";
import type { PreviewRow } from "../../../preload/contract/inspection.ts";
import { previewOf } from "./preview.ts";
import { textsOf } from "./row.ts";
import { storedRows } from "./stored-rows.ts";

/** Enough to judge a row by. */
const SHOWN_CHARACTERS = 2000;
/** A page is one message, so it ends with the row that reaches this. */
const PAGE_BYTES = 500_000;

export interface RowsAsked {
  /** A dataset's folder. */
  readonly folder: string;
  readonly split: SplitName;
  /** Rows that have this text, in any case; empty: all. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** The rows from `offset` on, fewer than `limit` if they are long, and how many were found in all. Throws `unreadable`, `bad-data`. */
export async function lookThrough({
  folder,
  split,
  search,
  offset,
  limit,
}: RowsAsked): Promise<{ rows: PreviewRow[]; found: number }> {
  const wanted = search.trim().toLowerCase();
  const rows: PreviewRow[] = [];
  let [found, bytes] = [0, 0];
  for await (const row of storedRows(folder, split)) {
    if (wanted !== "" && !textsOf(row).some((text) => text.toLowerCase().includes(wanted))) continue;
    if (found >= offset && rows.length < limit && bytes < PAGE_BYTES) {
      const shown = previewOf(row, SHOWN_CHARACTERS);
      bytes += Buffer.byteLength(JSON.stringify(shown));
      rows.push(shown);
    }
    found++;
  }
  return { rows, found };
}
