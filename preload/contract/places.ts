/** Places in documents, by what their numbers count: a line of a text, a page of a PDF, a slide of a presentation. */
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
  ods: "row",
  parquet: "row",
  pdf: "page",
  picture: "page",
  pptx: "slide",
  odp: "slide",
  epub: "chapter",
  docx: "paragraph",
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

/** By the name of a document, packed or not; a line if its name does not say. */
export function placeKindByName(name: string): PlaceKind {
  const extension = extensionOf(name.replace(/\.gz$/i, ""));
  const format = (Object.keys(EXTENSIONS) as DataFormat[]).find((one) => EXTENSIONS[one].includes(extension));
  return format === undefined ? "line" : KINDS[format];
}

/** Where the text of a row is from; the place of a record also ends the name of its document ("answers.jsonl, 12"). */
export interface Place {
  /** Empty in a data set of an earlier version, which does not say: then the place is the row's. */
  readonly document: string;
  readonly place: number;
}

/** The document's name alone, and what its place is. */
export function placeIn({ document, place }: Place): { name: string; kind: PlaceKind } {
  if (document === "") return { name: "", kind: "row" };
  const ending = `, ${place}`;
  const name = document.endsWith(ending) ? document.slice(0, -ending.length) : document;
  return { name, kind: placeKindByName(name) };
}

/** In English: "page 3". */
export const placeText = (kind: PlaceKind, place: number): string => `${kind} ${place.toLocaleString("en")}`;
