/** Word documents of 1997 to 2003 (DOC): headings, paragraphs, lists, tables, notes, text boxes; no layout, pictures, headers, footers ([MS-DOC]). */
import type { CompoundFile } from "./compound-file.ts";
import { wordBlocks } from "./doc/body.ts";
import { FileInformation } from "./doc/file-information.ts";
import type { TextContent } from "./whole-document.ts";

/** The content of a document. Throws `BadDocument`: damaged, protected, of an older version. */
export function docContent(file: CompoundFile): TextContent {
  return { format: "doc", blocks: wordBlocks(new FileInformation(file)) };
}
