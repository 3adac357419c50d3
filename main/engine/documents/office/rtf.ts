/** Rich Text (RTF): headings, paragraphs, lists, tables and notes, in any code page. */
import { EXTENSIONS } from "../../../../preload/contract/data/data-files.ts";
import type { DocumentFormat } from "../row.ts";
import { rtfBlocks } from "./rtf/reader.ts";
import { openWhole } from "../whole-document.ts";

/** The blocks of an RTF file. Throws `not-found`, `unreadable`, and `bad-data`: truncated, no text. */
export const rtf: DocumentFormat = {
  extensions: EXTENSIONS.rtf,
  open: (path) => openWhole(path, (bytes) => ({ format: "rtf", blocks: rtfBlocks(bytes) })),
};
