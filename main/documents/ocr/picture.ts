/** Pictures (PNG, JPEG, TIFF) of pages, whose text was recognised. */
import type { BadDataReason } from "../../../preload/contract/failures/bad-data.ts";
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { picturePages } from "./picture-file.ts";
import { documentKey, failedPages, recognisedPage } from "../pdf/recognised.ts";
import type { RecognisedPage } from "../pdf/recognised.ts";
import { pageBlocks } from "../pdf/page-blocks.ts";
import { readDocumentBytes } from "../files/regular-file.ts";
import type { DocumentFormat } from "../row.ts";

/** The blocks of a picture, or of a TIFF's pages. Throws `not-found`, `unreadable`, and `bad-data`: no text, or none recognised yet. */
export const picture: DocumentFormat = {
  extensions: EXTENSIONS.picture,
  open(path, { recognised } = {}) {
    const refuse = (reason: BadDataReason): never => fail({ code: "bad-data", path, reason });
    if (recognised === undefined) refuse("picture");
    const bytes = readDocumentBytes(path);
    const key = documentKey(bytes);
    const pages = Array.from({ length: picturePages(bytes) ?? 0 }, (_, index) =>
      recognisedPage(recognised!, key, index + 1),
    );
    const found = pages.filter((page): page is RecognisedPage => page !== undefined && page.words.length > 0);
    if (found.length === 0) {
      const problem = pages.find((page) => page?.problem !== undefined)?.problem;
      refuse({ code: "nothing-recognised", problem: problem ?? null });
    }
    const { blocks } = pageBlocks(pages.map((page) => [{ words: page?.words ?? [], rules: [] }]));
    const emptyPages = pages.length - found.length;
    const failed = failedPages(pages);
    const details = {
      pages: pages.length,
      emptyPages,
      recognisedPages: found.length,
      ...(failed.length > 0 && { failedPages: failed }),
    };
    return { format: "picture", kind: "text", details, blocks };
  },
};
