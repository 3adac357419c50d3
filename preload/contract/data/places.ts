/** Places in documents, by what their number counts: lines of a text, pages of a PDF, slides of a presentation. */
import { EXTENSIONS, extensionOf } from "./data-files.ts";
import type { DataFormat } from "./data.ts";

export type PlaceKind = "line" | "row" | "page" | "slide" | "chapter" | "paragraph";

const KINDS: Readonly<Record<DataFormat, PlaceKind>> = {
  jsonl: "line",
  json: "line",
  csv: "line",
  text: "line",
  markdown: "line",
  xlsx: "row",
  xls: "row",
  ods: "row",
  parquet: "row",
  pdf: "page",
  picture: "page",
  pptx: "slide",
  odp: "slide",
  epub: "chapter",
  docx: "paragraph",
  doc: "paragraph",
  odt: "paragraph",
  rtf: "paragraph",
  html: "paragraph",
  eml: "paragraph",
  msg: "paragraph",
  xml: "paragraph",
};

export function placeKindOf(format: DataFormat): PlaceKind {
  return KINDS[format];
}

/** The kind of place by a document's name, without the ".gz" of a compressed one; a line if the extension is unknown. */
export function placeKindByName(name: string): PlaceKind {
  const extension = extensionOf(name.replace(/\.gz$/i, ""));
  const format = (Object.keys(EXTENSIONS) as DataFormat[]).find((one) => EXTENSIONS[one].includes(extension));
  return format === undefined ? "line" : KINDS[format];
}

/** Where the text of a row comes from. For a record, the document's name also ends with the place ("answers.jsonl, 12"). */
export interface OriginPlace {
  /** Empty if the row names none; the place is then the row's number. */
  readonly document: string;
  readonly place: number;
}

/** The document's name without the place, and what the place counts. */
export function placeIn({ document, place }: OriginPlace): { name: string; kind: PlaceKind } {
  if (document === "") return { name: "", kind: "row" };
  const ending = `, ${place}`;
  const name = document.endsWith(ending) ? document.slice(0, -ending.length) : document;
  return { name, kind: placeKindByName(name) };
}

/** In English: "page 3". */
export const placeText = (kind: PlaceKind, place: number): string => `${kind} ${place.toLocaleString("en")}`;
