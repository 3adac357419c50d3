/** The entry of the recogniser's process: the text of scanned pages and pictures, one page per job. */
import { dirname } from "node:path";
import { makeFolder, writeFileAtomic } from "../../native-models/formats/atomic.ts";
import { readDocumentBytes } from "../documents/files/regular-file.ts";
import { recognisePage } from "../documents/ocr/recognise-page.ts";
import { recognisedFile } from "../documents/pdf/recognised.ts";
import { recogniser } from "./jobs.ts";
import { serve } from "./process/serve.ts";

serve(recogniser, {
  "recognise-page": async ({ path, key, page, recognised }) => {
    const found = await recognisePage(readDocumentBytes(path), page);
    const file = recognisedFile(recognised, key, page);
    makeFolder(dirname(file));
    await writeFileAtomic(file, JSON.stringify(found));
    return { problem: found.problem ?? null };
  },
});
