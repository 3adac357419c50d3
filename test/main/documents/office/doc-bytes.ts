/** Hand-made Word documents of 1997 to 2003, byte by byte ([MS-DOC]). */
import { compoundBytes, unicode } from "../compound-bytes.ts";

/** Characters with the same properties; `note`: the kind of note that has its mark here; `box`: the shape that is anchored here. */
export interface DocRun {
  readonly text: string;
  readonly changes?: Buffer;
  readonly note?: "footnotes" | "endnotes";
  readonly box?: number;
}

export interface DocParagraph {
  readonly runs: readonly (string | DocRun)[];
  readonly style?: number;
  readonly changes?: Buffer;
  /** The character that ends it, and its properties. */
  readonly mark?: string;
  readonly markChanges?: Buffer;
  /** Whether its characters have one byte each. */
  readonly isCompressed?: boolean;
  /** The change of its piece (Prm). */
  readonly modifier?: number;
}

interface DocStyle {
  readonly builtIn?: number;
  readonly name: string;
  readonly base?: number;
  readonly isOfCharacters?: boolean;
  readonly paragraph?: Buffer;
  readonly characters?: Buffer;
}

/** `text`: "%1." as shown. */
interface DocLevel {
  readonly format?: number;
  readonly text: string;
  readonly start?: number;
  readonly flags?: number;
  readonly restartsAfter?: number;
}

export interface DocParts {
  readonly paragraphs: readonly DocParagraph[];
  readonly styles?: readonly DocStyle[];
  readonly fonts?: readonly string[];
  /** The levels of each kind of list: one or nine, of which the others are empty. */
  readonly kinds?: readonly (readonly DocLevel[])[];
  /** The lists by their kinds; `starts`: first numbers by level; `level`: the first one, if it is another. */
  readonly lists?: readonly {
    readonly kind: number;
    readonly starts?: Readonly<Record<number, number>>;
    readonly level?: DocLevel;
  }[];
  readonly footnotes?: readonly (readonly DocParagraph[])[];
  readonly endnotes?: readonly (readonly DocParagraph[])[];
  readonly headers?: readonly DocParagraph[];
  readonly boxes?: readonly { readonly shape: number; readonly paragraphs: readonly DocParagraph[] }[];
  readonly data?: Buffer;
  /** Lists of changes that pieces refer to. */
  readonly pieceChanges?: readonly Buffer[];
  /** Whether the text is stored from its end to its beginning, as a fast save may. */
  readonly isReversed?: boolean;
  readonly version?: number;
  readonly flags?: number;
}

const [FIB_BYTES, PAGE_BYTES, PARTS] = [2048, 512, 93];
const FIRST_PART = 154;

export const u16 = (value: number) => Buffer.of(value & 0xff, (value >> 8) & 0xff);
export const u32 = (value: number) => Buffer.concat([u16(value), u16(value >>> 16)]);

/** Changes of properties, each a number and the bytes of its operand. */
export function changes(...list: readonly (readonly [sprm: number, ...operand: number[]])[]): Buffer {
  return Buffer.concat(list.map(([sprm, ...operand]) => Buffer.concat([u16(sprm), Buffer.from(operand)])));
}

export const p = (...runs: readonly (string | DocRun)[]): DocParagraph => ({ runs });

/** The definition of a row whose cells end at these twips; `merges`: their flags. */
export function rowDefinition(rights: readonly number[], merges: readonly number[] = []): Buffer {
  const edges = [0, ...rights].map(u16);
  const cells = rights.map((_, index) => Buffer.concat([u16(merges[index] ?? 0), Buffer.alloc(18)]));
  const operand = Buffer.concat([Buffer.of(rights.length), ...edges, ...cells]);
  return Buffer.concat([u16(0xd608), u16(operand.length + 1), operand]);
}

interface Placed {
  readonly paragraph: DocParagraph;
  readonly text: string;
  readonly position: number;
  offset: number;
}

interface DocStreams {
  readonly main: Buffer;
  readonly table: Buffer;
  readonly data: Buffer;
}

/** The document as a compound file. */
export function docBytes(parts: DocParts): Buffer {
  return docFile(docStreams(parts));
}

/** The compound file with these streams. */
export function docFile({ main, table, data }: DocStreams): Buffer {
  return compoundBytes({ WordDocument: main, "1Table": table, ...(data.length > 0 && { Data: data }) });
}

/** The streams with another part of this number. */
export function withPart({ main, table, data }: DocStreams, number: number, part: Buffer): DocStreams {
  const changed = Buffer.from(main);
  changed.writeUInt32LE(table.length, FIRST_PART + 8 * number);
  changed.writeUInt32LE(part.length, FIRST_PART + 8 * number + 4);
  return { main: changed, table: Buffer.concat([table, part]), data };
}

/** The streams of a document. */
export function docStreams(parts: DocParts): DocStreams {
  const { footnotes = [], endnotes = [], headers = [], boxes = [], data = Buffer.alloc(0) } = parts;
  const documents = [
    parts.paragraphs,
    footnotes.flat(),
    headers,
    endnotes.flat(),
    boxes.flatMap(({ paragraphs }) => paragraphs),
  ];
  const placed: Placed[] = [];
  const lengths = documents.map((paragraphs) => {
    const start = positionAfter(placed);
    for (const paragraph of paragraphs)
      placed.push({ paragraph, text: textOf(paragraph), position: positionAfter(placed), offset: 0 });
    return positionAfter(placed) - start;
  });
  const stored = parts.isReversed ? [...placed].reverse() : placed;
  const texts: Buffer[] = [];
  let offset = FIB_BYTES;
  for (const one of stored) {
    one.offset = offset;
    const bytes = one.paragraph.isCompressed ? Buffer.from(one.text, "latin1") : unicode(one.text);
    texts.push(bytes, Buffer.alloc(bytes.length % 2));
    offset += bytes.length + (bytes.length % 2);
  }
  const text = Buffer.concat([...texts, Buffer.alloc((PAGE_BYTES - (offset % PAGE_BYTES)) % PAGE_BYTES)]);
  const firstPage = (FIB_BYTES + text.length) / PAGE_BYTES;
  const characters = pagesOf(stored.flatMap(runRanges), 1);
  const paragraphs = pagesOf(stored.map(paragraphRange), 13);

  const table: Buffer[] = [];
  const fib = Buffer.alloc(FIB_BYTES);
  let tableBytes = 0;
  const put = (number: number, bytes: Buffer, after: Buffer = Buffer.alloc(0)) => {
    fib.writeUInt32LE(tableBytes, FIRST_PART + 8 * number);
    fib.writeUInt32LE(bytes.length, FIRST_PART + 8 * number + 4);
    table.push(bytes, after);
    tableBytes += bytes.length + after.length;
  };
  const [, ...others] = lengths as [number, ...number[]];
  put(1, stylesBytes(parts.styles ?? []));
  for (const [kind, marks, all] of [["footnotes", 2, footnotes], ["endnotes", 46, endnotes]] as const) {
    if (all.length === 0) continue;
    const found = positionsOf(placed, ({ note }) => note === kind);
    put(marks, plcBytes([...found, lengths[0]!], found.map(() => u16(1))));
    const ends = endsOf(all);
    put(marks + 1, plcBytes([0, ...ends, (ends[ends.length - 1] ?? 0) + 1], []));
  } // prettier-ignore
  put(
    12,
    plcBytes(
      characters.offsets,
      characters.pages.map((_, i) => u32(firstPage + i)),
    ),
  );
  const paragraphPage = firstPage + characters.pages.length;
  put(
    13,
    plcBytes(
      paragraphs.offsets,
      paragraphs.pages.map((_, i) => u32(paragraphPage + i)),
    ),
  );
  put(15, fontBytes(parts.fonts ?? []));
  put(33, piecesBytes(placed, parts.pieceChanges ?? []));
  if (boxes.length > 0) {
    const anchors = positionsOf(placed, ({ box }) => box !== undefined);
    const shapes = placed.flatMap(({ paragraph }) => paragraph.runs.flatMap((run) => (typeof run === "object" && run.box !== undefined ? [run.box] : [])));
    put(40, plcBytes([...anchors, lengths[0]!], shapes.map((shape) => Buffer.concat([u32(shape), Buffer.alloc(22)]))));
    const ends = endsOf(boxes.map(({ paragraphs }) => paragraphs));
    const box = (shape: number) => Buffer.concat([Buffer.alloc(14), u32(shape), Buffer.alloc(4)]);
    put(56, plcBytes([0, ...ends, (ends[ends.length - 1] ?? 0) + 1], [...boxes.map(({ shape }) => box(shape)), box(0)]));
  } // prettier-ignore
  if (parts.kinds) put(73, ...kindsBytes(parts.kinds));
  if (parts.lists) put(74, listsBytes(parts.lists));

  fib.writeUInt16LE(0xa5ec, 0);
  fib.writeUInt16LE(parts.version ?? 0xc1, 2);
  fib.writeUInt16LE(0x1200 | (parts.flags ?? 0), 10);
  fib.writeUInt16LE(14, 32);
  fib.writeUInt16LE(22, 62);
  const [notes = 0, headings = 0, ends = 0, boxed = 0] = others;
  for (const [number, length] of [[3, lengths[0]!], [4, notes], [5, headings], [8, ends], [9, boxed]] as const)
    fib.writeUInt32LE(length, 64 + 4 * number); // prettier-ignore
  fib.writeUInt16LE(PARTS, 152);
  return {
    main: Buffer.concat([fib, text, ...characters.pages, ...paragraphs.pages]),
    table: Buffer.concat(table),
    data,
  };
}

const textOf = ({ runs, mark = "\r" }: DocParagraph) =>
  runs.map((run) => (typeof run === "string" ? run : run.text)).join("") + mark;

function positionAfter(placed: readonly Placed[]): number {
  const last = placed[placed.length - 1];
  return last ? last.position + last.text.length : 0;
}

function positionsOf(placed: readonly Placed[], isIt: (run: DocRun) => boolean): number[] {
  return placed.flatMap(({ paragraph, position }) => {
    let at = position;
    return paragraph.runs.flatMap((run) => {
      const start = at;
      at += typeof run === "string" ? run.length : run.text.length;
      return typeof run === "object" && isIt(run) ? [start] : [];
    });
  });
}

function endsOf(all: readonly (readonly DocParagraph[])[]): number[] {
  let end = 0;
  return all.map((paragraphs) => (end += paragraphs.map(textOf).join("").length));
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** As it is stored, with its length; empty if there are no changes. */
  readonly stored: Buffer;
}

const widthOf = ({ isCompressed }: DocParagraph) => (isCompressed ? 1 : 2);

function runRanges({ paragraph, offset }: Placed): Range[] {
  let at = offset;
  const { mark = "\r", markChanges } = paragraph;
  return [...paragraph.runs, { text: mark, ...(markChanges && { changes: markChanges }) }].map((run) => {
    const start = at;
    const { text, changes = Buffer.alloc(0) } = typeof run === "string" ? { text: run } : run;
    at += widthOf(paragraph) * text.length;
    const stored = changes.length === 0 ? changes : Buffer.concat([Buffer.of(changes.length), changes]);
    return { start, end: at, stored };
  });
}

function paragraphRange({ paragraph, text, offset }: Placed): Range {
  const { style = 0, changes = Buffer.alloc(0) } = paragraph;
  const all = Buffer.concat([u16(style), changes]);
  const stored =
    all.length % 2 === 0
      ? Buffer.concat([Buffer.of(0, all.length / 2), all])
      : Buffer.concat([Buffer.of((all.length + 1) / 2), all]);
  return { start: offset, end: offset + widthOf(paragraph) * text.length, stored };
}

/** Ranges in pages of 512 bytes: offsets, an entry for each range, and from the end backwards what the entries refer to. */
function pagesOf(ranges: readonly Range[], entryBytes: number) {
  const pages: Buffer[] = [];
  const offsets: number[] = [];
  let waiting: Range[] = [];
  const sizeOf = (list: readonly Range[]) =>
    5 + list.reduce((sum, { stored }) => sum + 4 + entryBytes + stored.length + (stored.length % 2), 0);
  const flush = () => {
    const page = Buffer.alloc(PAGE_BYTES);
    page[PAGE_BYTES - 1] = waiting.length;
    let end = PAGE_BYTES - 2;
    for (const [index, { start, stored }] of waiting.entries()) {
      page.writeUInt32LE(start, 4 * index);
      if (stored.length === 0) continue;
      end -= stored.length + (stored.length % 2);
      stored.copy(page, end);
      page[4 * (waiting.length + 1) + entryBytes * index] = end / 2;
    }
    page.writeUInt32LE(waiting[waiting.length - 1]!.end, 4 * waiting.length);
    offsets.push(waiting[0]!.start);
    pages.push(page);
    waiting = [];
  };
  for (const range of ranges.filter(({ start, end }) => end > start)) {
    if (waiting.length > 0 && sizeOf([...waiting, range]) > PAGE_BYTES - 2) flush();
    waiting.push(range);
  }
  if (waiting.length > 0) flush();
  offsets.push(ranges[ranges.length - 1]?.end ?? 0);
  return { pages, offsets };
}

/** Positions, and the data of the ranges between them. */
export function plcBytes(positions: readonly number[], data: readonly Buffer[]): Buffer {
  return Buffer.concat([...positions.map(u32), ...data]);
}

function piecesBytes(placed: readonly Placed[], lists: readonly Buffer[]): Buffer {
  const pieces = placed.map(({ paragraph, offset }) => {
    const place = paragraph.isCompressed ? 2 * offset + 2 ** 30 : offset;
    return Buffer.concat([u16(0), u32(place), u16(paragraph.modifier ?? 0)]);
  });
  const plc = plcBytes([...placed.map(({ position }) => position), positionAfter(placed)], pieces);
  const changes = lists.map((list) => Buffer.concat([Buffer.of(1), u16(list.length), list]));
  return Buffer.concat([...changes, Buffer.of(2), u32(plc.length), plc]);
}

const text = (value: string) => Buffer.concat([u16(value.length), unicode(value)]);
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);

function stylesBytes(styles: readonly DocStyle[]): Buffer {
  const fixed = 10;
  const all = [{ name: "Normal", builtIn: 0 } as DocStyle, ...styles].map((style, index) => {
    const { builtIn = 0xffe, base = index === 0 ? 0xfff : 0, isOfCharacters = false } = style;
    const lists = [
      ...(isOfCharacters ? [] : [Buffer.concat([u16(index), style.paragraph ?? Buffer.alloc(0)])]),
      style.characters ?? Buffer.alloc(0),
    ].map((list) => padded(Buffer.concat([u16(list.length), list])));
    const std = Buffer.concat([
      ...[u16(builtIn), u16((isOfCharacters ? 2 : 1) | (base << 4)), u16(lists.length), u16(0), u16(0)],
      ...[text(style.name), u16(0), ...lists],
    ]);
    return Buffer.concat([u16(std.length), std]);
  });
  const header = Buffer.concat([u16(all.length), u16(fixed), Buffer.alloc(14)]);
  return Buffer.concat([u16(header.length), header, ...all]);
}

function fontBytes(fonts: readonly string[]): Buffer {
  const all = fonts.map((name) => {
    const font = Buffer.concat([Buffer.alloc(39), unicode(`${name}\0`)]);
    return Buffer.concat([Buffer.of(font.length), font]);
  });
  return Buffer.concat([u16(fonts.length), u16(0), ...all]);
}

function levelBytes({ format = 0, text: shown, start = 1, flags = 0, restartsAfter = 0 }: DocLevel): Buffer {
  const form = Buffer.alloc(28);
  form.writeInt32LE(start, 0);
  form[4] = format;
  form[5] = flags;
  form[26] = restartsAfter;
  const characters = shown.replace(/%(\d)/g, (_, digit: string) => String.fromCharCode(Number(digit) - 1));
  return Buffer.concat([form, text(characters)]);
}

/** The kinds, and their levels that follow. */
function kindsBytes(kinds: readonly (readonly DocLevel[])[]): [Buffer, Buffer] {
  const forms = kinds.map((levels, index) => {
    const form = Buffer.alloc(28, 0);
    form.writeInt32LE(100 + index, 0);
    for (let level = 0; level < 9; level++) form.writeUInt16LE(0xfff, 8 + 2 * level);
    form[26] = levels.length === 1 ? 1 : 0;
    return form;
  });
  const levels = kinds.flatMap((own) =>
    Array.from({ length: own.length === 1 ? 1 : 9 }, (_, i) => levelBytes(own[i] ?? { text: "" })),
  );
  return [Buffer.concat([u16(kinds.length), ...forms]), Buffer.concat(levels)];
}

function listsBytes(lists: NonNullable<DocParts["lists"]>): Buffer {
  const overrides = lists.map(({ starts = {}, level }) => [
    ...Object.entries(starts).map(([index, start]) =>
      Buffer.concat([u32(start), Buffer.of(0x10 | Number(index), 0, 0, 0)]),
    ),
    ...(level ? [Buffer.concat([u32(0), Buffer.of(0x30, 0, 0, 0), levelBytes(level)])] : []),
  ]);
  const forms = lists.map(({ kind }, index) => {
    const form = Buffer.alloc(16);
    form.writeInt32LE(100 + kind, 0);
    form[12] = overrides[index]!.length;
    return form;
  });
  const data = overrides.map((own) => Buffer.concat([u32(0xffffffff), ...own]));
  return Buffer.concat([u32(lists.length), ...forms, ...data]);
}
