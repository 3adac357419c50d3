/** Documents that are compound files, distinguished by their content. */
import { REFUSED_FORMATS } from "../../../preload/contract/data/refused-formats.ts";
import { CompoundFile } from "./compound-file.ts";
import type { CompoundFormat } from "./compound-file.ts";
import { doc } from "./office/doc/body.ts";
import { msg } from "./mail/msg.ts";
import type { DocumentFormat } from "./row.ts";
import { xls } from "./sheets/spreadsheet.ts";
import { BadDocument, openWhole, refuseFormat } from "./whole-document.ts";

/** The stream with all of a newer Office document that is protected ([MS-OFFCRYPTO] 2.3.4.4). */
const ENCRYPTED = "EncryptedPackage";

const kinds: readonly CompoundFormat[] = [doc, xls, msg];

/** Opens any of them. Throws `not-found`, `unreadable`, and `bad-data`: damaged, protected, another kind of file, no text or table. */
export const compound: DocumentFormat = {
  extensions: kinds.flatMap(({ extensions }) => extensions),
  open: (path, _, readAttached) =>
    openWhole(path, (bytes) => {
      const file = new CompoundFile(bytes);
      const kind = kinds.find((kind) => kind.isIn(file));
      if (file.hasStream("PowerPoint Document")) refuseFormat(REFUSED_FORMATS.oldPresentation);
      if (file.hasStream("Book")) refuseFormat(REFUSED_FORMATS.oldWorkbook);
      if (!kind) throw new BadDocument(whatItIs(file));
      return kind.read(file, readAttached);
    }),
};

function whatItIs(file: CompoundFile): string {
  return file.hasStream(ENCRYPTED)
    ? "it is protected by a password; save it without one"
    : "it is an old or protected Office file; save it as DOCX or XLSX, without a password";
}
