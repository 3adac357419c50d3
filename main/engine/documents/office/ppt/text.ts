/** The texts of a PowerPoint presentation, with what their paragraphs look like ([MS-PPT] 2.9). */
import type { SlideParagraph } from "../slide-paragraphs.ts";
import { RECORD } from "./records.ts";
import type { PptRecord } from "./records.ts";
import { numberingsIn } from "./numberings.ts";
import type { Numbering } from "./numberings.ts";

/** Kinds of text ([MS-PPT] 2.13.33). */
const [TITLE, BODY, NOTES, CENTRED_TITLE, HALF_BODY, QUARTER_BODY] = [0, 1, 2, 6, 7, 8];

export interface SlideText {
  readonly isTitle: boolean;
  readonly isNotes: boolean;
  /** Whether its paragraphs are items of a list unless they say otherwise. */
  readonly isList: boolean;
  readonly kind: number;
  readonly paragraphs: readonly StyledParagraph[];
}

/** A paragraph as it is stored; `hasMark` is undefined if it looks as its kind of text does. */
interface StyledParagraph {
  readonly text: string;
  readonly level: number;
  readonly hasMark: boolean | undefined;
  /** Which of the text's numberings it has. */
  readonly numbering: number;
}

/** Fields, which have a character in the text: dates, numbers of slides, footers. */
const FIELDS: ReadonlySet<number> = new Set([
  RECORD.slideNumber,
  RECORD.dateTime,
  RECORD.genericDate,
  RECORD.header,
  RECORD.footer,
  RECORD.rtfDateTime,
]);

/** The texts in a list of records: each begins with its kind. */
export function textsIn(records: Iterable<PptRecord>): SlideText[] {
  const groups: PptRecord[][] = [];
  for (const record of records)
    if (record.type === RECORD.textKind) groups.push([record]);
    else groups[groups.length - 1]?.push(record);
  return groups.map(textOf);
}

function textOf([header, ...records]: readonly PptRecord[]): SlideText {
  const kind = header!.data.length >= 4 ? header!.data.readUInt32LE(0) : -1;
  const stored = records.find(({ type }) => type === RECORD.characters || type === RECORD.bytes);
  const text = stored?.data.toString(stored.type === RECORD.characters ? "utf16le" : "latin1") ?? "";
  const fields = new Set(
    records.flatMap(({ type, data }) => (FIELDS.has(type) && data.length >= 4 ? [data.readInt32LE(0)] : [])),
  );
  const style = records.find(({ type }) => type === RECORD.textStyle)?.data ?? Buffer.alloc(0);
  return {
    isTitle: kind === TITLE || kind === CENTRED_TITLE,
    isNotes: kind === NOTES,
    isList: kind === BODY || kind === HALF_BODY || kind === QUARTER_BODY,
    kind,
    paragraphs: paragraphsOf(text, fields, stylesIn(style, text.length + 1)),
  };
}

interface Run {
  readonly end: number;
}
interface ParagraphRun extends Run {
  readonly level: number;
  readonly hasMark: boolean | undefined;
}
interface CharacterRun extends Run {
  readonly numbering: number;
}
interface Styles {
  readonly ofParagraphs: readonly ParagraphRun[];
  readonly ofCharacters: readonly CharacterRun[];
}

function paragraphsOf(text: string, fields: ReadonlySet<number>, styles: Styles): StyledParagraph[] {
  const paragraphs: StyledParagraph[] = [];
  let [start, paragraphRun, characterRun] = [0, 0, 0];
  for (const part of text.split("\r")) {
    while ((styles.ofParagraphs[paragraphRun]?.end ?? Infinity) <= start) paragraphRun++;
    while ((styles.ofCharacters[characterRun]?.end ?? Infinity) <= start) characterRun++;
    const { level = 0, hasMark } = styles.ofParagraphs[paragraphRun] ?? {};
    const from = start;
    const shown =
      fields.size === 0 ? part : [...part.split("")].filter((_, i) => !fields.has(from + i)).join("");
    paragraphs.push({
      text: shown.replace(/\v/g, "\n"),
      level: level + 1,
      hasMark,
      numbering: styles.ofCharacters[characterRun]?.numbering ?? 0,
    });
    start += part.length + 1;
  }
  return paragraphs;
}

/** Bits of the mask of a paragraph's properties ([MS-PPT] 2.9.21), in the order of the properties, with their bytes. */
const PARAGRAPH_PROPERTIES: readonly (readonly [mask: number, bytes: number])[] = [
  [0x80, 2],
  [0x10, 2],
  [0x40, 2],
  [0x20, 4],
  [0x800, 2],
  [0x1000, 2],
  [0x2000, 2],
  [0x4000, 2],
  [0x100, 2],
  [0x400, 2],
  [0x8000, 2],
];
const [HAS_MARK, MARK_FLAGS, TAB_STOPS] = [1, 0xf, 0x100000];
const AFTER_TAB_STOPS = [0x10000, 0xe0000, 0x200000];
/** The same of characters ([MS-PPT] 2.9.14), after their style. */
const CHARACTER_PROPERTIES: readonly (readonly [mask: number, bytes: number])[] = [
  [0x10000, 2],
  [0x200000, 2],
  [0x400000, 2],
  [0x800000, 2],
  [0x20000, 2],
  [0x40000, 4],
  [0x80000, 2],
];
const CHARACTER_STYLE = 0xffff;

/** The runs of equal paragraphs, then those of equal characters, which together cover `length`. A damaged rest is left out. */
function stylesIn(data: Buffer, length: number): Styles {
  const ofParagraphs: ParagraphRun[] = [];
  const ofCharacters: CharacterRun[] = [];
  try {
    let at = 0;
    const next = (bytes: 2 | 4) => data.readUIntLE((at += bytes) - bytes, bytes);
    const skip = (mask: number, properties: readonly (readonly [mask: number, bytes: number])[]) => {
      for (const [bit, bytes] of properties) if (mask & bit) at += bytes;
    };
    for (let end = 0; end < length && at < data.length;) {
      end += next(4);
      const level = next(2);
      const mask = next(4);
      const flags = mask & MARK_FLAGS ? next(2) : 0;
      skip(mask, PARAGRAPH_PROPERTIES);
      const tabStops = mask & TAB_STOPS ? next(2) : 0;
      at += 4 * tabStops;
      for (const bits of AFTER_TAB_STOPS) if (mask & bits) at += 2;
      const hasMark = mask & HAS_MARK ? (flags & HAS_MARK) !== 0 : undefined;
      ofParagraphs.push({ end, level: Math.min(level, 8), hasMark });
    }
    for (let end = 0; end < length && at < data.length;) {
      end += next(4);
      const mask = next(4);
      const style = mask & CHARACTER_STYLE ? next(2) : 0;
      skip(mask, CHARACTER_PROPERTIES);
      ofCharacters.push({ end, numbering: (style >> 10) & 0xf });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return { ofParagraphs, ofCharacters };
}

/** The paragraphs of a text as they are shown, with the numberings that its shape or the document keeps for it. */
export function shownParagraphs(text: SlideText, numberings: Buffer | undefined): SlideParagraph[] {
  const numbers: readonly (Numbering | undefined)[] = numberings ? numberingsIn(numberings) : [];
  return text.paragraphs.map(({ text: shown, level, hasMark = text.isList, numbering }) => ({
    text: shown,
    level,
    mark: hasMark ? (numbers[numbering] ?? "-") : null,
  }));
}
