/** Word documents of 1997 to 2003 (DOC): headings, paragraphs, lists, tables, notes, text boxes; no layout, pictures, headers, footers ([MS-DOC]). */
import { EXTENSIONS } from "../../../../preload/contract/data/data-files.ts";
import type { CompoundFormat } from "../compound-file.ts";
import { wordBlocks } from "./doc/body.ts";
import { FileInformation, WORD_STREAM } from "./doc/file-information.ts";

export const doc: CompoundFormat = {
  extensions: EXTENSIONS.doc,
  isIn: (file) => file.hasStream(WORD_STREAM),
  read: (file) => ({ format: "doc", blocks: wordBlocks(new FileInformation(file)) }),
};
