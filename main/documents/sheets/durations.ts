/** Durations in XLSX, which hucre reads as dates. */
import { dateToSerial } from "hucre";
import type { Sheet, Workbook } from "hucre/xlsx";
import { isDurationFormat } from "./cell-text.ts";

type WorkbookRead = Pick<Workbook, "sheets" | "dateSystem">;

/** Excel counts a 29 February 1900, so that its days are the same dates for hucre as those before it: 1,450 hours were 1,426. */
const FROM = Date.UTC(1900, 1, 28);
const BEFORE = Date.UTC(1900, 2, 1);

/** A workbook as hucre reads it: again, with days counted from 1904, if the dates do not show which durations they were. */
export async function readWithDurations(
  read: (dateSystem: "auto" | "1904") => Promise<WorkbookRead>,
): Promise<WorkbookRead> {
  const workbook = await read("auto");
  const unclear = workbook.sheets.map((sheet) => [...unclearIn(sheet)]);
  if (workbook.dateSystem === "1904" || unclear.flat().length === 0) return workbook;
  const { sheets } = await read("1904");
  for (const [index, places] of unclear.entries())
    for (const [row, column] of places) {
      const days = sheets[index]!.rows[row]![column];
      if (days instanceof Date) workbook.sheets[index]!.rows[row]![column] = dateToSerial(days, true);
    }
  return workbook;
}

function* unclearIn({ cells, rows }: Sheet): Generator<[row: number, column: number]> {
  for (const [key, { style }] of cells ?? []) {
    if (!isDurationFormat(style?.numFmt ?? "")) continue;
    const [row, column] = key.split(",").map(Number) as [number, number];
    const value = rows[row]?.[column];
    if (value instanceof Date && value.getTime() >= FROM && value.getTime() < BEFORE) yield [row, column];
  }
}
