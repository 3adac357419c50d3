/** Draws a PDF's page in grey, for recognition. */
import { OCR_DPI } from "../../../preload/contract/data/ocr.ts";
import { memoryOf } from "../pdf/pdfium.ts";
import type { PdfDocument } from "../pdf/pdfium.ts";

/** A picture with one byte a pixel, and its resolution. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly dpi: number;
}

/** An A2 page at 300 dpi; a larger one is drawn smaller. */
const MOST_PIXELS = 36e6;
/** FPDFBitmap_Gray */
const GREY = 1;
/** FPDF_GRAYSCALE, FPDF_ANNOT */
const FLAGS = 0x08 | 0x01;
const WHITE = 0xffffffff;

/** The page with index `index`, from 0, at no more than the wanted resolution; undefined if it is damaged. */
export function drawPage(document: PdfDocument, index: number, wantedDpi = OCR_DPI): GreyPicture | undefined {
  const { api } = document;
  return document.withPage(index, (page) => {
    const [widthPoints, heightPoints] = [api.FPDF_GetPageWidthF(page), api.FPDF_GetPageHeightF(page)];
    if (!(widthPoints > 0 && heightPoints > 0)) return undefined;
    const dpi = Math.min(wantedDpi, 72 * Math.sqrt(MOST_PIXELS / (widthPoints * heightPoints)));
    const width = Math.max(1, Math.floor((widthPoints * dpi) / 72));
    const height = Math.max(1, Math.floor((heightPoints * dpi) / 72));
    const bitmap = api.FPDFBitmap_CreateEx(width, height, GREY, 0, 0);
    if (bitmap === 0) return undefined;
    try {
      api.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
      api.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, FLAGS);
      const [from, stride] = [api.FPDFBitmap_GetBuffer(bitmap), api.FPDFBitmap_GetStride(bitmap)];
      const pixels = new Uint8Array(width * height);
      const memory = memoryOf(api);
      for (let y = 0; y < height; y++)
        pixels.set(memory.subarray(from + y * stride, from + y * stride + width), y * width);
      return { width, height, pixels, dpi };
    } finally {
      api.FPDFBitmap_Destroy(bitmap);
    }
  });
}

/** As a portable graymap, which leptonica reads without decoding. */
export function graymap({ width, height, pixels }: GreyPicture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}
