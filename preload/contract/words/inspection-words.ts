/** English texts about inspected data, for the command line and the English window. */
import { REFUSED_FORMATS, refusedFormatOf } from "../data/refused-formats.ts";
import type { ReadSheet } from "../data/inspection.ts";
import type { NotRead } from "../failures/left-out.ts";
import { counted } from "./figures.ts";

const WHY_NOT_READ: Readonly<Record<NotRead["why"], string>> = {
  "other-file": "",
  archive: "in too many archives",
  unreadable: "cannot be read",
  encrypted: "protected by a password",
  link: "a link",
  outside: "its name leads out of the archive",
  duplicate: "a second file of this name",
  "too-large": "too large when unpacked",
  "too-deep": "in too many folders",
  "no-text": "no text was found in it",
  "saved-page": "a part of a saved page",
  excluded: "you left it out",
};

/** What is not read, by the name of its file. */
export type NotReadName = Omit<NotRead, "path"> & { readonly name: string };

/** "b.zip (cannot be read)", "talk.ppt (save it as PPTX)". */
export function notReadName({ name, why }: NotReadName): string {
  const refused = why === "other-file" ? refusedFormatOf(name) : undefined;
  const reason = refused ? `save it as ${REFUSED_FORMATS[refused].saveAs}` : WHY_NOT_READ[why];
  return reason === "" ? name : `${name} (${reason})`;
}

/** How many hidden rows and columns there are in the sheets that are read. */
export function hiddenIn(sheets: readonly ReadSheet[]): { rows: number; columns: number } {
  const read = sheets.filter(({ unread }) => unread === null);
  return {
    rows: read.reduce((sum, { hiddenRows = 0 }) => sum + hiddenRows, 0),
    columns: read.reduce((sum, { hiddenColumns = 0 }) => sum + hiddenColumns, 0),
  };
}

/** "1 hidden row and 2 hidden columns"; empty if there are none. */
export function hiddenText({ rows, columns }: { rows: number; columns: number }): string {
  const hidden = (count: number, one: string) => (count === 0 ? [] : [counted(count, `hidden ${one}`)]);
  return [...hidden(rows, "row"), ...hidden(columns, "column")].join(" and ");
}
