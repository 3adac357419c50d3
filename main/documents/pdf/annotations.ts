/** What is placed over a page: the fields of a form, and texts that somebody typed onto it (ISO 32000-1, 12.5 and 12.7). */
import type { PdfDocument } from "./pdfium.ts";

/** FPDF_ANNOT_WIDGET */
const WIDGET = 20;
/** FPDF_ANNOT_APPEARANCEMODE_NORMAL */
const NORMAL = 0;
/** FLAT_NORMALDISPLAY, FLATTEN_SUCCESS */
const [AS_SHOWN, CHANGED] = [0, 1];
/** FPDF_OBJECT_STRING */
const STRING = 3;
/** A longer appearance shows something. */
const MOST_APPEARANCE_BYTES = 4096;
/** Operators that show text, or another content (ISO 32000-1, 8.8 and 9.4.3). */
const SHOWS_TEXT = /T[jJ]|['"]|Do/;
/** No real page has more; a page with more is read without them. */
const MOST_ANNOTATIONS = 10_000;

/** Merges visible annotations into the page in memory, which must be loaded again to include them; false if nothing changed. */
export function flattenAnnotations(document: PdfDocument, page: number): boolean {
  const { api } = document;
  const count = api.FPDFPage_GetAnnotCount(page);
  if (count === 0 || count > MOST_ANNOTATIONS) return false;
  for (let index = 0; index < count; index++) {
    const annotation = api.FPDFPage_GetAnnot(page, index);
    if (annotation === 0) continue;
    const isWidget = api.FPDFAnnot_GetSubtype(annotation) === WIDGET;
    if (isWidget && !isShown(document, annotation)) api.EPDFAnnot_GenerateFormFieldAP(annotation);
    api.FPDFPage_CloseAnnot(annotation);
  }
  return api.FPDFPage_Flatten(page, AS_SHOWN) === CHANGED;
}

/** Whether a field has an appearance. That of a value shows text: programs that fill forms in may leave it to the reader to draw. */
function isShown(document: PdfDocument, annotation: number): boolean {
  const { api } = document;
  if (!api.EPDFAnnot_HasAppearanceStream(annotation, NORMAL)) return false;
  if (api.FPDFAnnot_GetValueType(annotation, "V") !== STRING) return true;
  const length = api.FPDFAnnot_GetAP(annotation, NORMAL, 0, 0);
  if (length > MOST_APPEARANCE_BYTES) return true;
  const appearance = document.bytes(length, (to) => api.FPDFAnnot_GetAP(annotation, NORMAL, to, length));
  return SHOWS_TEXT.test(appearance.toString("utf16le"));
}
