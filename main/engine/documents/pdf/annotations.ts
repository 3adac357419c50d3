/** What is placed over a page: the fields of a form, and texts that somebody typed onto it (ISO 32000-1, 12.5 and 12.7). */
import type { PdfDocument } from "./pdfium.ts";

/** FPDF_ANNOT_WIDGET */
const WIDGET = 20;
/** FPDF_ANNOT_APPEARANCEMODE_NORMAL */
const NORMAL = 0;
/** FLAT_NORMALDISPLAY, FLATTEN_SUCCESS */
const [AS_SHOWN, CHANGED] = [0, 1];
/** No real page has more; a page with more is read without them. */
const MOST_ANNOTATIONS = 10_000;

/** Merges visible annotations into the page in memory, which must be loaded again to include them; false if nothing changed. */
export function flattenAnnotations({ api }: PdfDocument, page: number): boolean {
  const count = api.FPDFPage_GetAnnotCount(page);
  if (count === 0 || count > MOST_ANNOTATIONS) return false;
  for (let index = 0; index < count; index++) {
    const annotation = api.FPDFPage_GetAnnot(page, index);
    if (annotation === 0) continue;
    const isWidget = api.FPDFAnnot_GetSubtype(annotation) === WIDGET;
    if (isWidget && !api.EPDFAnnot_HasAppearanceStream(annotation, NORMAL))
      api.EPDFAnnot_GenerateFormFieldAP(annotation);
    api.FPDFPage_CloseAnnot(annotation);
  }
  return api.FPDFPage_Flatten(page, AS_SHOWN) === CHANGED;
}
