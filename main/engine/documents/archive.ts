/** Documents that are ZIP archives, distinguished by their content. */
import { REFUSED_FORMATS } from "../../../preload/contract/data/refused-formats.ts";
import { docx } from "./office/docx.ts";
import { epub } from "./markup/epub.ts";
import { odf } from "./office/odf.ts";
import { pptx } from "./office/pptx.ts";
import type { DocumentFormat } from "./row.ts";
import { ods, xlsx } from "./sheets/spreadsheet.ts";
import { BadDocument, openWhole, refuseFormat } from "./whole-document.ts";
import type { ArchivedFormat } from "./whole-document.ts";
import { LARGEST_UNPACKED_BYTES, ZipArchive } from "./files/zip.ts";

const kinds: readonly ArchivedFormat[] = [xlsx, ods, docx, odf, epub, pptx];

/** Opens any of them. Throws `not-found`, `unreadable`, and `bad-data`: damaged, protected, another kind of archive, no text or table. */
export const archived: DocumentFormat = {
  extensions: kinds.flatMap(({ extensions }) => extensions),
  open: (path, options) =>
    openWhole(path, (bytes) => {
      const unpacking = options?.unpacking ?? { leftBytes: LARGEST_UNPACKED_BYTES };
      const archive = new ZipArchive(bytes, LARGEST_UNPACKED_BYTES, unpacking);
      const kind = kinds.find((kind) => kind.isIn(archive));
      if (archive.has("xl/workbook.bin")) refuseFormat(REFUSED_FORMATS.binaryWorkbook);
      if (!kind) throw new BadDocument(whatItIs(archive));
      return kind.read(archive);
    }),
};

function whatItIs(archive: ZipArchive): string {
  if (archive.has("encrypted-package")) return "it is protected by a password; save it without one";
  if (archive.has("content.xml")) return "it is an OpenDocument file without text, slides or sheets";
  return "it is a ZIP archive, not a document; unpack it first";
}
