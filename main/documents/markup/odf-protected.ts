/** OpenDocument files with a password, whose parts are encrypted (OASIS OpenDocument 1.3, part 2, 4.8). */
import { BadDocument } from "../bad-document.ts";
import type { ZipArchive } from "../files/zip.ts";

const MANIFEST = "META-INF/manifest.xml";

/** Throws `BadDocument` for a file whose parts are encrypted. */
export function refuseProtected(archive: ZipArchive): void {
  if (archive.has(MANIFEST) && archive.read(MANIFEST).includes("encryption-data"))
    throw new BadDocument("password");
}
