/** PDF, through unpdf (pdf.js): the text of its pages. */
import { getDocumentProxy } from "unpdf";
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import type { Block } from "./blocks.ts";
import { paragraphsOf, withoutRepeatedLines } from "./pdf-page.ts";
import type { PageLine, PageParagraph } from "./pdf-page.ts";
import { preparePdfRuntime } from "./pdf-runtime.ts";
import { readDocumentBytes } from "./regular-file.ts";
import type { DocumentFormat } from "./row.ts";

/** A PDF ends with this marker; a few programs append something. */
const END_MARK = "%%EOF";
const END_BYTES = 4096;

/**
 * The paragraphs of a PDF, numbered by page. Throws `not-found`, `unreadable`, and `bad-data`: damaged, truncated, protected, without
 * text.
 */
export const pdf: DocumentFormat = {
  extensions: EXTENSIONS.pdf,
  async open(path) {
    const bytes = readDocumentBytes(path);
    const refuse = (reason: string): never => fail({ code: "bad-data", path, reason });
    if (!bytes.subarray(-END_BYTES).includes(END_MARK))
      refuse("the end of the PDF is missing; the file is truncated");
    const missing = new MissingMaps();
    const pages = await withoutStrayRejections(() => pagesOf(bytes, missing, refuse));
    if (missing.first !== null)
      refuse(
        `its font leaves the characters to a map for Chinese, Japanese or Korean (${missing.first}), which is not read; save it as DOCX`,
      );
    const emptyPages = pages.filter((lines) => lines.length === 0).length;
    if (emptyPages === pages.length)
      refuse("the PDF contains no text, only pictures of pages; run text recognition (OCR) over it first");
    const blocks = paragraphsOf(withoutRepeatedLines(pages)).map(blockOf);
    return { format: "pdf", kind: "text", details: { pages: pages.length, emptyPages }, blocks };
  },
};

/** pdf.js drops promises of parts that turn out to be unneeded; in a damaged file their rejection would end the process. */
async function withoutStrayRejections<T>(read: () => Promise<T>): Promise<T> {
  const ignore = () => {};
  process.on("unhandledRejection", ignore);
  try {
    return await read();
  } finally {
    await new Promise((resolve) => setImmediate(resolve)); // those of the last page arrive one turn later
    process.off("unhandledRejection", ignore);
  }
}

/**
 * The maps from codes to characters that a PDF may name instead of embedding. None is bundled: pdf.js requests one here, and
 * continues without the text.
 */
class MissingMaps {
  first: string | null = null;

  /** The factory through which pdf.js requests such files. */
  get factory(): new () => object {
    const asked = (filename: string) => (this.first ??= filename.replace(/\.bcmap$/, "").slice(0, 40));
    return class {
      fetch({ kind, filename }: { kind: string; filename: string }): Promise<never> {
        if (kind === "cMapUrl") asked(filename);
        return Promise.reject(new Error(`${filename} is not bundled`));
      }
    };
  }
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

async function pagesOf(
  bytes: Buffer,
  missing: MissingMaps,
  refuse: (reason: string) => never,
): Promise<PageLine[][]> {
  const pdf = await opened(bytes, missing, refuse);
  try {
    const pages: PageLine[][] = [];
    for (let number = 1; number <= pdf.numPages; number++) {
      pages.push(await linesOfPage(pdf, number).catch(() => refuse(`page ${number} of the PDF is damaged`)));
    }
    return pages;
  } finally {
    await pdf.destroy();
  }
}

async function opened(bytes: Buffer, missing: MissingMaps, refuse: (reason: string) => never): Promise<Pdf> {
  preparePdfRuntime();
  try {
    const maps = {
      BinaryDataFactory: missing.factory,
      cMapUrl: "maps/",
      cMapPacked: true,
      useWorkerFetch: false,
    };
    return await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0, useSystemFonts: false, ...maps });
  } catch (error) {
    const { name } = error as Error;
    return refuse(
      name === "PasswordException"
        ? "the PDF is protected by a password; save it without one"
        : "the PDF is damaged",
    );
  }
}

async function linesOfPage(pdf: Pdf, number: number): Promise<PageLine[]> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  const lines: PageLine[] = [];
  let text = "";
  let place: Omit<PageLine, "text"> | undefined;
  const end = () => {
    if (place && text.trim() !== "") lines.push({ text: text.replace(/\s+/g, " "), ...place });
    [text, place] = ["", undefined];
  };
  for (const item of items) {
    if (!("str" in item)) continue;
    const [, , , , x, y] = item.transform as [number, number, number, number, number, number];
    // A letter without a character in the font is a NUL; lone surrogates are kept.
    text += item.str.replace(/[\0\p{Surrogate}]/gu, "");
    if (item.str.trim() !== "") place ??= { x, y, height: item.height };
    if (item.hasEOL) end();
  }
  end();
  page.cleanup();
  return lines;
}

function blockOf({ page, text }: PageParagraph): Block {
  return { kind: "paragraph", place: page, text };
}
