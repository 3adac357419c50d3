/** The words, rules and pictures of a PDF's page, with their places in points, in frames in which text is upright, y from the bottom. */
import { withAccents } from "./accents.ts";
import { flattenAnnotations } from "./annotations.ts";
import { boxIn, frameOf, quarterTurns } from "./direction.ts";
import { GlyphReader } from "./glyphs.ts";
import type { Glyph, HiddenCharacters } from "./glyphs.ts";
import { boundsOf, objectsOf } from "./page-objects.ts";
import type { PageObjects, Rule } from "./page-objects.ts";
import type { PdfDocument } from "./pdfium.ts";
import { isPoint, isRightToLeft } from "./reading-direction.ts";

/** Characters without a space between them, on one line. */
export interface Word {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  /** The font's size. */
  readonly size: number;
  readonly isBold: boolean;
  /** Whether nothing separates it from the word before. */
  readonly isGlued?: boolean;
  /** Whether a space precedes it, however narrow its gap. */
  readonly followsSpace?: boolean;
}

/** Text that runs in one direction, in a frame in which it is upright. */
export interface DirectedText {
  readonly words: readonly Word[];
  readonly rules: readonly Rule[];
}

export interface PageContent {
  /** The direction with the most text first, then others, such as a stamp along the margin. Empty on a page without text. */
  readonly texts: readonly DirectedText[];
  /** The share of the page that its largest picture covers, from 0 to 1. */
  readonly pictureShare: number;
  readonly hidden: HiddenCharacters;
  /** The share of the visible characters that the file does not map to Unicode, from 0 to 1. */
  readonly unmappedShare: number;
}

/** A page without text is a scan if a picture covers more than this share of it. */
const SCAN_SHARE = 0.1;

export const isScanned = ({ texts, pictureShare }: PageContent): boolean =>
  texts.length === 0 && pictureShare > SCAN_SHARE;

/**
 * The page with index `index`, from 0, including what was filled in or typed over it; undefined if it is damaged. A scan is left to
 * recognition, which sees that as well.
 */
export function readPage(document: PdfDocument, index: number): PageContent | undefined {
  const read = document.withPage(index, (page) => {
    const content = contentOf(document, page);
    const isChanged = content && !isScanned(content) && flattenAnnotations(document, page);
    return { content, isChanged };
  });
  if (!read?.isChanged) return read?.content;
  return document.withPage(index, (page) => contentOf(document, page)) ?? read.content;
}

function contentOf(document: PdfDocument, page: number): PageContent | undefined {
  const bounds = boundsOf(document, page);
  const objects = objectsOf(document, page, bounds);
  const text = document.api.FPDFText_LoadPage(page);
  if (text === 0) return undefined;
  try {
    const reader = new GlyphReader(document, text, bounds, objects);
    const glyphs = reader.read();
    return {
      texts: textsOf(withAccents(glyphs), objects),
      pictureShare: objects.pictureShare,
      hidden: reader.hidden,
      unmappedShare: reader.unmapped / Math.max(1, glyphs.length + reader.unmapped),
    };
  } finally {
    document.api.FPDFText_ClosePage(text);
  }
}

function textsOf(glyphs: readonly Glyph[], { rules }: PageObjects): DirectedText[] {
  const byDirection = new Map<number, Glyph[]>();
  for (const glyph of glyphs) {
    const turns = quarterTurns(glyph.style.angle);
    const found = byDirection.get(turns) ?? [];
    byDirection.set(turns, found);
    found.push(glyph);
  }
  const directions = [...byDirection].sort(([a, one], [b, other]) => other.length - one.length || a - b);
  return directions.map(([, found]) => {
    const frame = frameOf(medianAngle(found) - (runsDown(found) ? Math.PI / 2 : 0));
    const turnedRules = rules.map((rule) => {
      const box = boxIn(frame, rule);
      return { ...box, isHorizontal: box.right - box.left > box.top - box.bottom };
    });
    return { words: wordsOf(found, frame), rules: turnedRules };
  });
}

/** A scan may be slanted, and its recognised text with it. */
function medianAngle(glyphs: readonly Glyph[]): number {
  const angles = glyphs.map(({ style }) => style.angle).sort((a, b) => a - b);
  return angles[angles.length >> 1] ?? 0;
}

/** Whether most characters are below the one before, as in vertical Chinese and Japanese: then columns are read as lines. */
function runsDown(glyphs: readonly Glyph[]): boolean {
  const below = glyphs.slice(1).filter(({ box, origin, style }, index) => {
    const before = glyphs[index]!;
    const down = before.origin.y - origin.y;
    return (
      Math.abs(before.box.left - box.left) < 0.5 * style.size &&
      down > 0.4 * style.size &&
      down < 2 * style.size
    );
  });
  return glyphs.length > 2 && below.length > 0.6 * (glyphs.length - 1);
}

/** A larger gap between characters, in font sizes, separates words even without a space. */
const WORD_GAP = 0.25;
/** Characters that overlap by more than this, in font sizes, were not written one after the other. */
const OVERLAP = 0.6;
/** The baselines of one word may differ by this, in font sizes; those of superscripts and subscripts differ more. */
const SAME_BASELINE = 0.1;

/** What PDFium returns for characters that a font maps to U+FFFF, such as the lines of a form. */
const UNMAPPED = /^(?:ff){3,}$/;

const isSlantedLetter = (glyph: Glyph | undefined): boolean =>
  glyph !== undefined && glyph.style.isSlanted && /\p{L}/u.test(glyph.text);

/** Whether two characters are the ligature of lam and alef, which every Arabic font has and PDFium spells in the wrong order. */
const isTurnedLigature = (before: Glyph, { text, origin }: Glyph): boolean =>
  text === "\u0644" &&
  /^[\u0622\u0623\u0625\u0627]$/.test(before.text) &&
  before.origin.x === origin.x &&
  before.origin.y === origin.y;

interface OpenWord {
  text: string;
  left: number;
  right: number;
  readonly baseline: number;
  size: number;
  boldCharacters: number;
  readonly isGlued: boolean;
  readonly followsSpace: boolean;
  readonly isRightToLeft: boolean;
}

function wordsOf(glyphs: readonly Glyph[], frame: ReturnType<typeof frameOf>): Word[] {
  const words: OpenWord[] = [];
  let word: OpenWord | undefined;
  for (const [index, glyph] of glyphs.entries()) {
    const { text, style, box, origin, startsWord } = glyph;
    const { left, right } = boxIn(frame, box);
    if (isPoint(text)) {
      if (word && left < word.right && right > word.left) word.text += text;
      continue;
    }
    const baseline = frame(origin.x, origin.y).y;
    const gap = word ? (word.isRightToLeft ? word.left - right : left - word.right) : 0;
    const size = Math.max(style.size, word?.size ?? 0);
    const isNear = word !== undefined && gap <= WORD_GAP * size && gap >= -OVERLAP * size;
    const isNext = isNear && !startsWord && Math.abs(baseline - word!.baseline) <= size;
    if (!word || !isNext || Math.abs(baseline - word.baseline) > SAME_BASELINE * size) {
      const isInSlanted = isSlantedLetter(glyph) && isSlantedLetter(glyphs[index - 1]);
      const followsSpace = glyph.followsSpace || (startsWord && isInSlanted);
      const place = { left, right, baseline, size: style.size };
      const joins = { isGlued: isNext, followsSpace, isRightToLeft: isRightToLeft(text) };
      word = { text: "", ...place, boldCharacters: 0, ...joins };
      words.push(word);
    }
    const before = glyphs[index - 1];
    if (before && isTurnedLigature(before, glyph)) word.text = word.text.replace(/.$/u, text + before.text);
    else word.text += text;
    if (word.isRightToLeft) word.left = Math.min(word.left, left);
    word.right = Math.max(word.right, right);
    word.size = Math.max(word.size, style.size);
    if (style.isBold) word.boldCharacters += text.length;
  }
  const readable = words.filter(({ text }) => !UNMAPPED.test(text));
  return readable.map(({ boldCharacters, isRightToLeft: _, ...rest }) => ({
    ...rest,
    isBold: 2 * boldCharacters > rest.text.length,
  }));
}
