/** Recognises a page of a PDF, or of a picture file. */
import { OCR_LANGUAGES } from "../../../preload/contract/data/ocr.ts";
import { isPdfiumFailure, PdfDocument } from "../pdf/pdfium.ts";
import { drawPage, graymap } from "./page-picture.ts";
import { pictureFile } from "./picture-file.ts";
import type { RecognisedPage } from "../pdf/recognised.ts";
import { recognise, UnreadablePicture } from "./tesseract.ts";
import type { FoundText } from "./tesseract.ts";
import type { PageProblem } from "../../../preload/contract/failures/page-problem.ts";

/** The ratio of a font's size to the height of a line with ascenders and descenders. */
const SIZE_OF_HEIGHT = 1.1;
/** Lines whose height differs from the page's usual one by less than this factor get its size, because heights are only measured. */
const SAME_HEIGHT = 1.25;

/** The text of page `page`, from 1. If it cannot be read, `problem` says why. */
export async function recognisePage(bytes: Uint8Array, page: number): Promise<RecognisedPage> {
  try {
    const picture = isPdf(bytes) ? await pageOf(bytes, page) : pictureFile(bytes, page);
    if ("problem" in picture) return without(picture.problem);
    const found = await recognise(picture.bytes, OCR_LANGUAGES);
    return { words: wordsIn(found, picture), confidence: found.confidence };
  } catch (error) {
    if (error instanceof UnreadablePicture) return without("picture-damaged");
    if (isPdfiumFailure(error)) return without("page-damaged-or-large");
    throw error;
  }
}

const without = (problem: PageProblem): RecognisedPage => ({
  words: [],
  confidence: 0,
  problem,
  isFinal: true,
});

const isPdf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 1024)).includes("%PDF-");

async function pageOf(
  bytes: Uint8Array,
  page: number,
): Promise<{ bytes: Uint8Array; dpi: number; height: number } | { problem: PageProblem }> {
  const document = await PdfDocument.open(bytes);
  const picture = drawPage(document, page - 1);
  document.close();
  if (!picture) return { problem: "page-damaged" };
  return { bytes: graymap(picture), dpi: picture.dpi, height: picture.height };
}

function wordsIn(
  { words }: FoundText,
  { dpi, height }: { dpi: number; height: number },
): RecognisedPage["words"] {
  const points = (pixels: number) => Math.round((pixels * 7200) / dpi) / 100;
  const heights = words.map((word) => word.height).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1] ?? 0;
  return words.map(({ text, left, right, baseline, height: own }) => {
    const isUsual = Math.max(own, usual) <= SAME_HEIGHT * Math.min(own, usual);
    return {
      text,
      left: points(left),
      right: points(right),
      baseline: points(height - baseline),
      size: Math.max(1, Math.round(2 * points(SIZE_OF_HEIGHT * (isUsual ? usual : own))) / 2),
      isBold: false,
    };
  });
}
