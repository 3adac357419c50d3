/** The look of a page's text objects, which is the same for all characters of one. */
import { isWhite } from "./page-objects.ts";
import type { PdfDocument } from "./pdfium.ts";
import { isTexText } from "./tex-text.ts";

export interface TextStyle {
  /** The size as it appears on the page, in points. */
  readonly size: number;
  readonly isBold: boolean;
  /** Italic or oblique, as words are: their letters reach over the space after them. */
  readonly isSlanted: boolean;
  /** The angle of the line, in radians, counterclockwise. */
  readonly angle: number;
  /** In a font of TeX's text encoding (tex-text.ts). */
  readonly isTexText: boolean;
  /** Drawn neither filled nor as an outline, such as the text that recognition lays under a scan. */
  readonly isInvisible: boolean;
  /** As white as paper. */
  readonly isWhite: boolean;
  /** Marked as a header, a footer or a page number (ISO 32000-1, 14.8.2.2). */
  readonly isPagination: boolean;
}

/** FPDF_TEXTRENDERMODE_INVISIBLE, _CLIP */
const HIDING_MODES = [3, 7];
/** ISO 32000-1, table 123 */
const ITALIC = 1 << 6;
const FORCE_BOLD = 1 << 18;
const BOLD_WEIGHT = 600;
const BOLD_NAME = /bold|black|heavy|demi/i;
const SLANTED_NAME = /ital|obli|slant/i;
/** TeX's slanted letters for formulas, which stand apart without being words. */
const FORMULA_NAME = /cmmi|math/i;

/** The styles of a page's text objects, each read only once. */
export class TextStyles {
  readonly #document: PdfDocument;
  readonly #text: number;
  readonly #known = new Map<number, TextStyle>();

  /** `text`: the handle of the page's text. */
  constructor(document: PdfDocument, text: number) {
    this.#document = document;
    this.#text = text;
  }

  /** The style of the character at `index` of the page's text. */
  of(index: number): TextStyle {
    const object = this.#document.api.FPDFText_GetTextObject(this.#text, index);
    const known = this.#known.get(object);
    if (known) return known;
    const style = this.#styleOf(object, index);
    this.#known.set(object, style);
    return style;
  }

  #styleOf(object: number, index: number): TextStyle {
    const { api } = this.#document;
    const text = this.#text;
    const matrix = this.#document.floats(6, (address) => api.FPDFText_GetMatrix(text, index, address!));
    const [a = 1, b = 0, c = 0, d = 1] = matrix ?? [];
    const colour = this.#document.integers(4, (...to) =>
      api.FPDFText_GetFillColor(text, index, to[0]!, to[1]!, to[2]!, to[3]!),
    );
    return {
      size: Math.abs(api.FPDFText_GetFontSize(text, index)) * Math.hypot(c, d),
      angle: Math.atan2(b, a),
      ...this.#fontOf(index),
      isInvisible: HIDING_MODES.includes(api.FPDFTextObj_GetTextRenderMode(object)),
      isWhite: colour !== undefined && isWhite(colour),
      isPagination: this.#isPagination(object),
    };
  }

  #fontOf(index: number): Pick<TextStyle, "isBold" | "isSlanted" | "isTexText"> {
    const { api } = this.#document;
    const text = this.#text;
    let flags = 0;
    const bytes = this.#document.bytes(256, (address) => {
      let length = 0;
      const found = this.#document.integers(1, (to) => {
        length = api.FPDFText_GetFontInfo(text, index, address, 256, to!);
        return length > 0;
      });
      flags = found?.[0] ?? 0;
      return length;
    });
    const name = bytes.toString("latin1").replace(/\0.*$/s, "");
    const isNamedBold = BOLD_NAME.test(name) || (flags & FORCE_BOLD) !== 0;
    return {
      isBold: isNamedBold || api.FPDFText_GetFontWeight(text, index) >= BOLD_WEIGHT,
      isSlanted: (SLANTED_NAME.test(name) || (flags & ITALIC) !== 0) && !FORMULA_NAME.test(name),
      isTexText: isTexText(name),
    };
  }

  #isPagination(object: number): boolean {
    const { api } = this.#document;
    for (let i = 0; i < api.FPDFPageObj_CountMarks(object); i++) {
      const mark = api.FPDFPageObj_GetMark(object, i);
      const name = this.#utf16((to, bytes, length) => api.FPDFPageObjMark_GetName(mark, to, bytes, length));
      if (name !== "Artifact") continue;
      const type = this.#utf16((to, bytes, length) =>
        api.FPDFPageObjMark_GetParamStringValue(mark, "Type", to, bytes, length),
      );
      if (type === "Pagination") return true;
    }
    return false;
  }

  /** A UTF-16 text of at most 64 bytes; empty if the call returns false. */
  #utf16(call: (address: number, bytes: number, length: number) => boolean): string {
    const bytes = this.#document.bytes(64, (address) => {
      const found = this.#document.integers(1, (length) => call(address, 64, length!));
      return found?.[0] ?? 0;
    });
    return bytes.toString("utf16le").replace(/\0.*$/s, "");
  }
}
