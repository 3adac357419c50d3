/** The visible characters of a page, one at a time, and how many hidden ones there are. */
import type { PageObjects } from "./page-objects.ts";
import type { Box, PdfDocument } from "./pdfium.ts";
import { texText } from "./tex-text.ts";
import { TextStyles } from "./text-style.ts";
import type { TextStyle } from "./text-style.ts";

/** A character, or a ligature's characters, with its place on the page. */
export interface Glyph {
  readonly text: string;
  readonly style: TextStyle;
  /** As wide as the font says, so that the next character begins where this one ends. */
  readonly box: Box;
  readonly origin: { readonly x: number; readonly y: number };
  /** Whether a space or the end of a line precedes it. */
  readonly startsWord: boolean;
  /** Whether the file itself has that space; others are where PDFium sees a gap. */
  readonly followsSpace: boolean;
}

/** Characters that are left out because nobody sees them on the page. */
export interface HiddenCharacters {
  /** Drawn invisibly, in white on white, or smaller than a point. */
  readonly invisible: number;
  /** Beyond the edges of the page. */
  readonly outside: number;
}

/** Text below this size, in points, cannot be read by a person. */
const SMALLEST_SIZE = 1;
/** Invisible text over a picture that covers more than this share of the page is a scan's recognised text. */
const SCAN_SHARE = 0.5;

/** PDFium's mark of a hyphen at the end of a line. */
const LINE_HYPHEN = 0x02;
/** Symbol and Wingdings have their bullets in the private use area; TeX's second text font has its own among the control characters. */
const BULLETS = /[\x88\uf0b7\uf0a7\uf076\uf0d8\uf0fc\uf06c\uf06e\uf0a8]/;
const PRIVATE = /[\ue000-\uf8ff]/;
const LIGATURES = /[\ufb00-\ufb06]/g;

export class GlyphReader {
  readonly #document: PdfDocument;
  readonly #text: number;
  readonly #bounds: Box;
  readonly #objects: PageObjects;
  readonly #styles: TextStyles;
  #invisible = 0;
  #outside = 0;
  /** Visible characters that the file does not map to Unicode. */
  unmapped = 0;

  /** `text`: the handle of the page's text. */
  constructor(document: PdfDocument, text: number, bounds: Box, objects: PageObjects) {
    this.#document = document;
    this.#text = text;
    this.#bounds = bounds;
    this.#objects = objects;
    this.#styles = new TextStyles(document, text);
  }

  get hidden(): HiddenCharacters {
    return { invisible: this.#invisible, outside: this.#outside };
  }

  /** The visible characters, in the order of the file. */
  read(): Glyph[] {
    const { api } = this.#document;
    const glyphs: Glyph[] = [];
    let [startsWord, followsSpace] = [true, false];
    for (let i = 0, count = api.FPDFText_CountChars(this.#text); i < count; i++) {
      const code = api.FPDFText_GetUnicode(this.#text, i);
      const isGenerated = api.FPDFText_IsGenerated(this.#text, i) === 1;
      const ofTex = isGenerated ? undefined : texText(code);
      const character = ofTex !== undefined && this.#styles.of(i).isTexText ? ofTex : characterOf(code);
      if (/^\s*$/.test(character) && character !== "") {
        startsWord = true;
        followsSpace ||= !isGenerated;
      } else if (!isGenerated || code === LINE_HYPHEN) {
        const glyph = this.#glyph(i, character);
        if (glyph) {
          glyphs.push({ ...glyph, startsWord, followsSpace });
          [startsWord, followsSpace] = [false, false];
        }
      }
    }
    return glyphs;
  }

  #glyph(index: number, character: string): Omit<Glyph, "startsWord" | "followsSpace"> | undefined {
    const { api } = this.#document;
    const style = this.#styles.of(index);
    const box = this.#boxOf(index);
    const origin = this.#document.doubles(2, (x, y) => api.FPDFText_GetCharOrigin(this.#text, index, x!, y!));
    if (!box || !origin || style.isPagination || !this.#isSeen(style, box)) return undefined;
    const isUnmapped = character === "" || api.FPDFText_HasUnicodeMapError(this.#text, index) === 1;
    if (isUnmapped) this.unmapped++;
    if (character === "") return undefined;
    return { text: character, style, box, origin: { x: origin[0]!, y: origin[1]! } };
  }

  #boxOf(index: number): Box | undefined {
    const { api } = this.#document;
    const found = this.#document.floats(4, (to) => api.FPDFText_GetLooseCharBox(this.#text, index, to!));
    if (!found) return undefined;
    const [left, top, right, bottom] = found as [number, number, number, number]; // FS_RECTF
    return { left, bottom: Math.min(bottom, top), right, top: Math.max(bottom, top) };
  }

  /** Whether a character is visible; counts those that are not. */
  #isSeen({ isInvisible, isWhite, size }: TextStyle, box: Box): boolean {
    const [x, y] = [(box.left + box.right) / 2, (box.bottom + box.top) / 2];
    if (!contains(this.#bounds, x, y)) {
      this.#outside++;
      return false;
    }
    const isUnderScan = isInvisible && this.#objects.pictureShare > SCAN_SHARE;
    const isWhiteOnWhite = isWhite && !this.#objects.grounds.some((ground) => contains(ground, x, y));
    if ((isInvisible && !isUnderScan) || isWhiteOnWhite || size < SMALLEST_SIZE) {
      this.#invisible++;
      return false;
    }
    return true;
  }
}

/** The text of a character; empty for one without a meaning. Ligatures are spelt out. */
function characterOf(code: number): string {
  if (code === LINE_HYPHEN) return "-";
  if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return "";
  if (code === 0xfffd || code === 0xfffe || code === 0xffff || code > 0x10ffff) return "";
  if (code >= 0xd800 && code <= 0xdfff) return "";
  const character = String.fromCodePoint(code);
  if (BULLETS.test(character)) return "•";
  if (code >= 0x7f && code <= 0x9f && code !== 0x85) return "";
  return PRIVATE.test(character) ? "" : character.replace(LIGATURES, (found) => found.normalize("NFKC"));
}

const contains = ({ left, bottom, right, top }: Box, x: number, y: number) =>
  x >= left && x <= right && y >= bottom && y <= top;
