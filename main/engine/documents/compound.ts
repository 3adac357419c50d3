/** Documents that are compound files, distinguished by their entries. */
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { CompoundFile } from "./compound-file.ts";
import { docContent } from "./doc.ts";
import { WORD_STREAM } from "./doc/file-information.ts";
import { msgContent, MSG_STREAM } from "./msg.ts";
import type { DocumentFormat } from "./row.ts";
import { BadDocument, openWhole } from "./whole-document.ts";

/** The stream with all of a newer Office document that is protected ([MS-OFFCRYPTO] 2.3.4.4). */
const ENCRYPTED = "EncryptedPackage";

/** Opens any of them. Throws `not-found`, `unreadable`, and `bad-data`: damaged, protected, another kind of file, no text. */
export const compound: DocumentFormat = {
  extensions: [...EXTENSIONS.doc, ...EXTENSIONS.msg],
  open: (path, _, readAttached) =>
    openWhole(path, (bytes) => {
      const file = new CompoundFile(bytes);
      if (file.hasStream(MSG_STREAM)) return msgContent(file, readAttached);
      if (file.hasStream(WORD_STREAM)) return docContent(file);
      if (file.hasStream(ENCRYPTED))
        throw new BadDocument("it is protected by a password; save it without one");
      throw new BadDocument(
        "it is an old or protected Office file; save it as DOCX or XLSX, without a password",
      );
    }),
};
