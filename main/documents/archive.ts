/** Documents that are ZIP archives or compound files, distinguished by their content. */
import type { BadDataReason } from "../../preload/contract/failures/bad-data.ts";
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
import { refuse } from "./bad-document.ts";
import { openWhole } from "./whole-document.ts";
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
      if (archive.has("xl/workbook.bin")) refuse({ code: "refused-format", format: "binaryWorkbook" });
      if (!kind) return refuse(whatItIs(archive));
      return kind.read(archive);
    }),
};

function whatItIs(archive: ZipArchive): BadDataReason {
  if (archive.has("encrypted-package")) return "password";
  if (archive.has("content.xml")) return "unknown-odf";
  return "zip";
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
      if (file.hasStream("PowerPoint Document"))
        refuse({ code: "refused-format", format: "oldPresentation" });
      if (file.hasStream("Book")) refuse({ code: "refused-format", format: "oldWorkbook" });
      if (!kind) return refuse(file.hasStream(ENCRYPTED) ? "password" : "old-office");
      return kind.read(file, readAttached);
    }),
};
