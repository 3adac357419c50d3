/** Recognising the text of scanned pages and pictures. */
import { z } from "zod";

/** Tesseract's codes of the bundled languages. */
export const OcrLanguage = z.enum(["eng", "deu"]);
export type OcrLanguage = z.infer<typeof OcrLanguage>;

/** Recognised together, so that a page's language need not be known. */
export const OCR_LANGUAGES: readonly OcrLanguage[] = OcrLanguage.options;

/** The progress of recognition: pages done, of all pages without text. */
export const RecognitionProgress = z.object({ done: z.number(), of: z.number() });
export type RecognitionProgress = z.infer<typeof RecognitionProgress>;

/** The resolution at which pages are rendered for recognition. */
export const OCR_DPI = 300;
