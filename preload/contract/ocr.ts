/** Recognising the text of scanned pages and pictures. */
import { z } from "zod";

/** Tesseract's codes of the languages whose data is part of the program. */
export const OcrLanguage = z.enum(["eng", "deu"]);
export type OcrLanguage = z.infer<typeof OcrLanguage>;

/** Read together: which of them a page is in need not be known. */
export const OCR_LANGUAGES: readonly OcrLanguage[] = OcrLanguage.options;

/** How far recognition is: pages done, and all that had no text. */
export const RecognitionProgress = z.object({ done: z.number(), of: z.number() });
export type RecognitionProgress = z.infer<typeof RecognitionProgress>;

/** The resolution at which pages are read. */
export const OCR_DPI = 300;
