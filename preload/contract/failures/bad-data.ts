/** Why a file cannot be used as data: a code where it is found, words where a person reads it. */
import type { Said } from "../../../native-models/codes.ts";
import type { LeftOutReason, NotRead } from "./left-out.ts";
import type { PageProblem } from "./page-problem.ts";

/** What a person calls a file of a format that is recognised by its first bytes. */
export type ClaimedKind =
  | "word"
  | "odt"
  | "epub"
  | "odp"
  | "presentation"
  | "spreadsheet"
  | "parquet"
  | "pdf"
  | "rtf"
  | "outlook"
  | "picture";

/** Formats that are not read (preload/contract/data/refused-formats.ts). */
export type RefusedFormatName =
  | "oldPresentation"
  | "binaryWorkbook"
  | "xmlWorkbook"
  | "flatOpenDocument"
  | "oldWorkbook"
  | "mailbox"
  | "oldWord";

export interface BadData {
  empty: null;
  "only-a-header": null;
  /** Broken inside, in ways that differ only for the program that wrote it. */
  damaged: null;
  truncated: null;
  "damaged-or-unsupported": null;
  "damaged-page": { page: number };
  /** Files of Coppice's own. */
  "damaged-data-set": null;
  "damaged-improvement": null;

  "too-large": { mib: number };
  /** `parts`: it can be saved in parts; otherwise a person can unpack it first. */
  "unpacks-to-much": { mib: number; parts: boolean };
  "large-row-groups": null;
  "too-many-columns": { most: number };
  "too-many-cells": null;
  "too-many-files": { most: number };
  "archive-over-4-gb": null;
  compression: { method: string | null };
  "nested-too-deep": null;

  password: null;
  encrypted: null;
  "encrypted-message": null;
  "encrypted-documents": null;
  "copy-protected": null;

  "refused-format": { format: RefusedFormatName };
  misnamed: { as: ClaimedKind };
  "old-office": null;
  model: null;
  gzip: null;
  zip: null;
  "no-mail": null;
  "unknown-odf": null;
  picture: null;

  "no-documents": { formats: readonly string[] };
  "no-documents-but": { file: string; format: RefusedFormatName };
  "no-split": { splits: readonly string[] };
  "not-from-archive": { why: NotRead["why"] | null };

  "no-text": null;
  "no-text-place": null;
  "only-imports": null;
  "only-drawings": null;
  "only-pictures": null;
  "unmapped-letters": null;
  /** `problem`: of the page whose recognition failed. */
  "nothing-recognised": { problem: PageProblem | null };
  entities: null;
  "xml-data": null;
  "no-table": null;
  "no-visible-table": null;
  "large-group": { group: string };

  "unknown-encoding": { encoding: string };
  "utf-16": null;
  "not-utf-8": null;
  "not-text": null;
  "long-line": null;
  "open-quote": null;

  "several-lists": { names: readonly string[] };
  "no-list": null;
  "bad-json": null;
  "json-list": null;
  "part-of-json": null;
  "no-object": null;
  "no-prompt": null;
  "no-correction": null;
  /** `place`: what all rows of the document are, or one of them is. */
  row: { place: "file" | "line" | "row"; why: LeftOutReason };
}
export type BadDataReason = Said<BadData>;
