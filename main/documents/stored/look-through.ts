/** A page of a dataset's rows: of all, or of those that contain a text. */
import type { SplitName } from "../../../preload/contract/data/data.ts";
import type { PreviewRow } from "../../../preload/contract/data/inspection.ts";
import { searchable } from "../../../preload/contract/searchable.ts";
import { previewOf } from "../preview.ts";
import { textsOf } from "../row.ts";
import type { Row } from "../row.ts";
import { unparsedRows } from "./stored-rows.ts";

/** Enough to judge a row by. */
const SHOWN_CHARACTERS = 2000;
/** A page is one message, so it ends with the row that reaches this. */
const PAGE_BYTES = 500_000;

export interface RowsAsked {
  /** A dataset's folder. */
  readonly folder: string;
  readonly split: SplitName;
  /** Only rows that contain this text (`searchable`); empty: all rows. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/**
 * The rows from `offset` on, fewer than `limit` if they are long, and how many were found in all. Rows that are neither shown nor
 * searched are only counted. Throws `unreadable`, `bad-data`.
 */
export function lookThrough({ folder, split, search, offset, limit }: RowsAsked): {
  rows: PreviewRow[];
  found: number;
} {
  const wanted = searchable(search.trim());
  const rows: PreviewRow[] = [];
  let [found, bytes] = [0, 0];
  for (const parse of unparsedRows(folder, split)) {
    const isOnPage = found >= offset && rows.length < limit && bytes < PAGE_BYTES;
    if (wanted !== "" || isOnPage) {
      const row = parse();
      if (row === null || (wanted !== "" && !hasText(row, wanted))) continue;
      if (isOnPage) {
        const shown = previewOf(row, SHOWN_CHARACTERS);
        bytes += Buffer.byteLength(JSON.stringify(shown));
        rows.push(shown);
      }
    }
    found++;
  }
  return { rows, found };
}

const hasText = (row: Row, wanted: string) => textsOf(row).some((text) => searchable(text).includes(wanted));
