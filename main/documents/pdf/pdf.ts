/** PDF, through PDFium: the text of its pages as blocks, and that of scanned pages if it was recognised. */
import type { BadDataReason } from "../../../preload/contract/failures/bad-data.ts";
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import type { FileDetails } from "../../../preload/contract/data/inspection.ts";
import { documentKey, failedPages, recognisedPage } from "./recognised.ts";
import type { RecognisedPage } from "./recognised.ts";
import { pageBlocks } from "./page-blocks.ts";
import { isScanned, readPage } from "./page-content.ts";
import type { PageContent } from "./page-content.ts";
import { isPdfiumFailure, PdfDocument, PdfRefusal } from "./pdfium.ts";
import { cut } from "../preview.ts";
import { readDocumentBytes } from "../files/regular-file.ts";
import type { DocumentFormat, ReadingOptions } from "../row.ts";

/** A PDF ends with this marker; a few programs append something. */
const END_MARK = "%%EOF";
const END_BYTES = 4096;

/** A page's text is of no use if more than this share of its characters has no Unicode mapping. */
const MOST_UNMAPPED = 0.3;
/** How many distinct headers and footers are reported as examples; the rest are only counted. */
const REPORTED_LINES = 3;
const LONGEST_LINE = 80;
/** How many pages are listed by number at most. */
const MOST_NAMED_PAGES = 1000;

/**
 * The blocks of a PDF, placed by page. Throws `not-found`, `unreadable`, and `bad-data`: damaged, truncated, protected, without
 * text.
 */
export const pdf: DocumentFormat = {
  extensions: EXTENSIONS.pdf,
  async open(path, options = {}) {
    const bytes = readDocumentBytes(path);
    const refuse = (reason: BadDataReason): never => fail({ code: "bad-data", path, reason });
    const pages = withRecognised(await pagesOf(bytes, refuse), bytes, options);
    const emptyPages = pages.filter(({ texts }) => texts.length === 0).length;
    if (emptyPages === pages.length) refuse(whyNoText(pages));
    const { blocks, runningLines } = pageBlocks(pages.map(({ texts }) => texts));
    const details = { ...detailsOf(pages), emptyPages, ...reportedLines(runningLines) };
    return { format: "pdf", kind: "text", details, blocks };
  },
};

/** The numbers, from 1, of the pages that need text recognition. Throws what opening throws, except for a lack of text. */
export async function pagesToRecognise(path: string, bytes: Buffer): Promise<number[]> {
  const pages = await pagesOf(bytes, (reason) => fail({ code: "bad-data", path, reason }));
  return numbersOf(pages, needsRecognition);
}

/** A page as it is used. */
interface UsedPage extends PageContent {
  readonly isRecognised?: boolean;
  /** The result of its recognition, if that failed. */
  readonly failed?: RecognisedPage;
}

const isUnmapped = ({ unmappedShare }: PageContent) => unmappedShare > MOST_UNMAPPED;
const needsRecognition = (page: PageContent) => isScanned(page) || isUnmapped(page);

/** Unmapped text is left out; recognised text replaces what is missing. */
function withRecognised(
  pages: readonly PageContent[],
  bytes: Buffer,
  { recognised }: ReadingOptions,
): UsedPage[] {
  const key = recognised === undefined || !pages.some(needsRecognition) ? "" : documentKey(bytes);
  return pages.map((page, index) => {
    if (!needsRecognition(page)) return page;
    const found = recognised === undefined ? undefined : recognisedPage(recognised, key, index + 1);
    if (!found) return { ...page, texts: [] };
    if (found.problem !== undefined) return { ...page, texts: [], failed: found };
    const texts = found.words.length === 0 ? [] : [{ words: found.words, rules: [] }];
    return { ...page, texts, isRecognised: true };
  });
}

function whyNoText(pages: readonly UsedPage[]): BadDataReason {
  const problem = pages.find(({ failed }) => failed)?.failed?.problem ?? null;
  if (problem !== null || pages.some((page) => page.isRecognised))
    return { code: "nothing-recognised", problem };
  if (pages.some(isUnmapped)) return "unmapped-letters";
  return pages.some(isScanned) ? "only-pictures" : "no-text";
}

function detailsOf(pages: readonly UsedPage[]): FileDetails {
  const isMissing = ({ isRecognised, failed }: UsedPage) => !isRecognised && !failed;
  const scannedPages = numbersOf(pages, (page) => isScanned(page) && isMissing(page));
  const unmappedPages = numbersOf(pages, (page) => isUnmapped(page) && isMissing(page));
  const failed = failedPages(pages.slice(0, MOST_NAMED_PAGES).map((page) => page.failed));
  const recognisedPages = pages.filter((page) => page.isRecognised).length;
  const hiddenCharacters = pages.reduce((sum, { hidden }) => sum + hidden.invisible + hidden.outside, 0);
  return {
    pages: pages.length,
    ...(scannedPages.length > 0 && { scannedPages }),
    ...(unmappedPages.length > 0 && { unmappedPages }),
    ...(failed.length > 0 && { failedPages: failed }),
    ...(recognisedPages > 0 && { recognisedPages }),
    ...(hiddenCharacters > 0 && { hiddenCharacters }),
  };
}

function reportedLines(lines: readonly string[]): Pick<FileDetails, "runningLines"> {
  if (lines.length === 0) return {};
  const examples = [...new Set(lines)].slice(0, REPORTED_LINES).map((line) => cut(line, LONGEST_LINE));
  return { runningLines: { count: lines.length, examples } };
}

function numbersOf<Page>(pages: readonly Page[], is: (page: Page) => boolean): number[] {
  const numbers = pages.flatMap((page, index) => (is(page) ? [index + 1] : []));
  return numbers.slice(0, MOST_NAMED_PAGES);
}

async function pagesOf(bytes: Buffer, refuse: (reason: BadDataReason) => never): Promise<PageContent[]> {
  if (!bytes.subarray(-END_BYTES).includes(END_MARK)) refuse("truncated");
  const document = await opened(bytes, refuse);
  const page = (index: number) =>
    unlessGivenUp(() => readPage(document, index)) ?? refuse({ code: "damaged-page", page: index + 1 });
  const pages = Array.from({ length: document.pageCount }, (_, index) => page(index));
  unlessGivenUp(() => document.close());
  return pages;
}

/** Undefined if PDFium gives up. */
function unlessGivenUp<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isPdfiumFailure(error)) return undefined;
    throw error;
  }
}

async function opened(bytes: Buffer, refuse: (reason: BadDataReason) => never): Promise<PdfDocument> {
  try {
    return await PdfDocument.open(bytes);
  } catch (error) {
    if (!(error instanceof PdfRefusal) && !isPdfiumFailure(error)) throw error;
    const isProtected = error instanceof PdfRefusal && error.isProtected;
    return refuse(isProtected ? "password" : "damaged");
  }
}
