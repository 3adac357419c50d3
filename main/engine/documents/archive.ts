/** Documents that are ZIP archives or compound files, distinguished by their content. */
import { REFUSED_FORMATS } from "../../../preload/contract/data/refused-formats.ts";
import { CompoundFile } from "./compound-file.ts";
import type { CompoundFormat } from "./compound-file.ts";
import { msg } from "./mail/msg.ts";
import { doc } from "./office/doc/body.ts";
import { docx } from "./office/docx.ts";
import { epub } from "./markup/epub.ts";
import { odf } from "./office/odf.ts";
import { pptx } from "./office/pptx.ts";
import type { DocumentFormat } from "./row.ts";
import { ods, xls, xlsx } from "./sheets/spreadsheet.ts";
import { BadDocument, openWhole, refuseFormat } from "./whole-document.ts";
import type { ArchivedFormat } from "./whole-document.ts";
import { LARGEST_UNPACKED_BYTES, ZipArchive } from "./files/zip.ts";

const archives: readonly ArchivedFormat[] = [xlsx, ods, docx, odf, epub, pptx];

/** Opens any of them. Throws `not-found`, `unreadable`, and `bad-data`: damaged, protected, another kind of archive, no text or table. */
export const archived: DocumentFormat = {
  extensions: archives.flatMap(({ extensions }) => extensions),
  open: (path, options) =>
    openWhole(path, (bytes) => {
      const unpacking = options?.unpacking ?? { leftBytes: LARGEST_UNPACKED_BYTES };
      const archive = new ZipArchive(bytes, LARGEST_UNPACKED_BYTES, unpacking);
      const kind = archives.find((kind) => kind.isIn(archive));
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

/** The stream with all of a newer Office document that is protected ([MS-OFFCRYPTO] 2.3.4.4). */
const ENCRYPTED = "EncryptedPackage";

const compounds: readonly CompoundFormat[] = [doc, xls, msg];

/** Opens any of them. Throws `not-found`, `unreadable`, and `bad-data`: damaged, protected, another kind of file, no text or table. */
export const compound: DocumentFormat = {
  extensions: compounds.flatMap(({ extensions }) => extensions),
  open: (path, _, readAttached) =>
    openWhole(path, (bytes) => {
      const file = new CompoundFile(bytes);
      const kind = compounds.find((kind) => kind.isIn(file));
      if (file.hasStream("PowerPoint Document")) refuseFormat(REFUSED_FORMATS.oldPresentation);
      if (file.hasStream("Book")) refuseFormat(REFUSED_FORMATS.oldWorkbook);
      if (!kind)
        throw new BadDocument(
          file.hasStream(ENCRYPTED)
            ? "it is protected by a password; save it without one"
            : "it is an old or protected Office file; save it as DOCX or XLSX, without a password",
        );
      return kind.read(file, readAttached);
    }),
};
