/** A page of a dataset's rows, all of them or those with certain words. */
import type { SplitName } from "../../../preload/contract/data.ts";
import type { PreviewRow } from "../../../preload/contract/inspection.ts";
import { previewOf } from "./preview.ts";
import { textsOf } from "./row.ts";
import { storedRows } from "./stored-rows.ts";

/** Enough to judge a row by, little enough for a page in one message. */
const SHOWN_CHARACTERS = 2000;

export interface RowsAsked {
  /** A dataset's folder. */
  readonly folder: string;
  readonly split: SplitName;
  /** Rows that have this text, in any case; empty: all. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** The rows from `offset` on, and how many were found in all. Throws `unreadable`, `bad-data`. */
export async function lookThrough({
  folder,
  split,
  search,
  offset,
  limit,
}: RowsAsked): Promise<{ rows: PreviewRow[]; found: number }> {
  const wanted = search.trim().toLowerCase();
  const rows: PreviewRow[] = [];
  let found = 0;
  for await (const row of storedRows(folder, split)) {
    if (wanted !== "" && !textsOf(row).some((text) => text.toLowerCase().includes(wanted))) continue;
    if (found >= offset && rows.length < limit) rows.push(previewOf(row, SHOWN_CHARACTERS));
    found++;
  }
  return { rows, found };
}
