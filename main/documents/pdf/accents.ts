/** Combines accents with their letters: fonts without accented letters, such as TeX's first ones, draw one over the other. */
import { addTo } from "../blocks/lists.ts";
import type { Glyph } from "./glyphs.ts";
import type { Box } from "./pdfium.ts";

/** Accents as characters of their own, and their combining forms (Unicode, 7.9). */
const COMBINING: Readonly<Record<string, string>> = {
  "`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308",
  "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}; // prettier-ignore
/** Letters that lose their dot below an accent. */
const DOTLESS: Readonly<Record<string, string>> = { ı: "i", ȷ: "j" };
/** How far the middles of an accent and its letter may be apart, and their baselines, in font sizes. */
const NEAR = { middles: 0.25, lines: 0.5 };

/** Glyphs in the order of the file, with each accent that is over a letter combined with it: PDFium may list them far apart. */
export function withAccents(glyphs: readonly Glyph[]): readonly Glyph[] {
  const accents = glyphs.flatMap(({ text }, index) => (text in COMBINING ? [index] : []));
  if (accents.length === 0) return glyphs;
  const all: (Glyph | undefined)[] = [...glyphs];
  const places = placesOf(glyphs);
  for (const index of accents) {
    const accent = glyphs[index]!;
    const homes = places.around(accent).filter((at) => accented(accent, all[at]) !== undefined);
    const [home] = homes.sort((a, b) => distance(accent, all[a]!) - distance(accent, all[b]!));
    if (home === undefined) continue;
    const letter = all[home]!;
    const { startsWord, followsSpace } = home === index + 1 ? accent : letter;
    all[home] = { ...letter, text: accented(accent, letter)!, startsWord, followsSpace };
    all[index] = undefined;
  }
  return all.filter((glyph) => glyph !== undefined);
}

/** The size of a cell of the page, in points. */
const PLACE = 12;

/** The glyphs by their cells of the page, so that an accent on a full page finds its letter quickly. */
function placesOf(glyphs: readonly Glyph[]): { around: (accent: Glyph) => number[] } {
  const found = new Map<string, number[]>();
  const placeOf = ({ box, origin }: Glyph) =>
    [Math.round(middleOf(box) / PLACE), Math.round(origin.y / PLACE)] as const;
  for (const [index, glyph] of glyphs.entries()) addTo(found, placeOf(glyph).join(), index);
  const steps = [0, -1, 1];
  return {
    around(accent) {
      const [x, y] = placeOf(accent);
      return steps.flatMap((dx) => steps.flatMap((dy) => found.get(`${x + dx},${y + dy}`) ?? []));
    },
  };
}

/** The letter with its accent; undefined if the accent is not over it, or there is no such accented letter. */
function accented(accent: Glyph, letter: Glyph | undefined): string | undefined {
  const combining = COMBINING[accent.text];
  if (combining === undefined || !letter || !isOver(accent, letter)) return undefined;
  const text = `${DOTLESS[letter.text] ?? letter.text}${combining}`.normalize("NFC");
  return /^\p{L}$/u.test(text) ? text : undefined;
}

function isOver(accent: Glyph, letter: Glyph): boolean {
  const { size } = letter.style;
  return (
    Math.abs(middleOf(accent.box) - middleOf(letter.box)) < NEAR.middles * size &&
    Math.abs(accent.origin.y - letter.origin.y) < NEAR.lines * size
  );
}

const distance = ({ box, origin }: Glyph, other: Glyph) =>
  Math.abs(middleOf(box) - middleOf(other.box)) + Math.abs(origin.y - other.origin.y);

const middleOf = ({ left, right }: Box) => (left + right) / 2;
