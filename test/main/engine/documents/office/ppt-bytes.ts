/** Hand-made presentations of PowerPoint 97 to 2003. */
import { compoundBytes, unicode } from "../compound-bytes.ts";
import type { Streams } from "../compound-bytes.ts";
import { u16, u32 } from "../sheets/xls-bytes.ts";

/** Kinds of text, and of placeholders. */
export const KIND = { title: 0, body: 1, notes: 2, other: 4, subtitle: 5 } as const;
export const PLACEHOLDER = { date: 7, number: 8, footer: 9, notes: 12, title: 13, body: 14 } as const;

/** A slide: its shapes, the texts of its placeholders in the list of slides, and the shapes of its notes. */
export interface PptSlide {
  readonly shapes: readonly Buffer[];
  readonly texts?: readonly Buffer[];
  readonly notes?: readonly Buffer[];
}

/** A record, whose instance distinguishes those of a type. */
export function pptRecord(type: number, data: readonly Buffer[], instance = 0): Buffer {
  const content = Buffer.concat(data);
  return Buffer.concat([u16(instance << 4, type), u32(content.length), content]);
}

/** A text after its kind: paragraphs end in \r. `more`: records that describe it. */
export function slideText(kind: number, text: string, more: readonly Buffer[] = []): Buffer {
  const isNarrow = [...text].every((letter) => letter.charCodeAt(0) < 0x100);
  const characters = isNarrow
    ? pptRecord(0xfa8, [Buffer.from(text, "latin1")])
    : pptRecord(0xfa0, [unicode(text)]);
  return Buffer.concat([pptRecord(0xf9f, [u32(kind)]), characters, ...more]);
}

/** How paragraphs and characters look: each run with its number of characters, and numbers of the lists that it is in. */
export function textStyle(
  paragraphs: readonly { readonly characters: number; readonly level?: number; readonly hasMark?: boolean }[],
  numberings: readonly { readonly characters: number; readonly numbering: number }[] = [],
): Buffer {
  const ofParagraphs = paragraphs.map(({ characters, level = 0, hasMark }) => {
    const head = [u32(characters), u16(level)];
    const spacing = [u16(90), u16(1), u32(0)]; // the space of lines, and one tab stop
    return hasMark === undefined
      ? Buffer.concat([...head, u32(0x101000), ...spacing])
      : Buffer.concat([...head, u32(0x101081), u16(hasMark ? 1 : 0), u16(0x2022), ...spacing]);
  });
  const ofCharacters = numberings.map(({ characters, numbering }) =>
    Buffer.concat([u32(characters), u32(0x23c00), u16(numbering << 10), u16(24)]),
  );
  return pptRecord(0xfa1, [...ofParagraphs, ...ofCharacters]);
}

/** Numberings by their kind and first number; null for none. */
export const numberings = (...all: readonly (readonly [kind: number, start: number] | null)[]): Buffer =>
  pptRecord(
    0xfac,
    all.map((one) =>
      one === null
        ? u32(0, 0, 0)
        : Buffer.concat([u32(0x3000000), u16(1, ...one), u32(0x100000, 0), u32(3), u16(0, 0)]),
    ),
  );

/** What PowerPoint 2000 added. */
export const tagged = (content: Buffer): Buffer =>
  pptRecord(0x1388, [
    pptRecord(0x138a, [pptRecord(0xfba, [unicode("___PPT9")]), pptRecord(0x138b, [content])]),
  ]);

export interface ShapeForm {
  readonly placeholder?: number;
  /** The same, as PowerPoint 2007 writes it. */
  readonly newerPlaceholder?: number;
  readonly flags?: number;
  /** 20 is a line. */
  readonly kind?: number;
  /** Properties by their numbers; long values follow all of them. */
  readonly properties?: Readonly<Record<number, number | Buffer>>;
  readonly place?: readonly [number, number, number, number];
  readonly tags?: Buffer;
}

/** A shape with records of its text. */
export function pptShape(text: readonly Buffer[], form: ShapeForm = {}): Buffer {
  const { placeholder, newerPlaceholder, flags = 0, kind = 1, properties, place, tags } = form;
  return pptRecord(0xf004, [
    pptRecord(0xf00a, [u32(1024, flags)], kind),
    ...(properties ? [propertyList(0xf00b, properties)] : []),
    ...(place ? [pptRecord(0xf00f, [u32(...place)])] : []),
    pptRecord(0xf011, [
      ...(placeholder === undefined ? [] : [pptRecord(0xbc3, [u32(0), Buffer.of(placeholder, 0, 0, 0)])]),
      ...(newerPlaceholder === undefined ? [] : [pptRecord(0x420, [Buffer.of(newerPlaceholder)])]),
      ...(tags ? [tags] : []),
    ]),
    ...(text.length > 0 ? [pptRecord(0xf00d, text)] : []),
  ]);
}

function propertyList(type: number, properties: Readonly<Record<number, number | Buffer>>): Buffer {
  const all = Object.entries(properties).map(([id, value]) =>
    typeof value === "number"
      ? { fixed: [u16(Number(id)), u32(value)], long: [] }
      : { fixed: [u16(Number(id) | 0x8000), u32(value.length)], long: [value] },
  );
  return pptRecord(
    type,
    [...all.flatMap(({ fixed }) => fixed), ...all.flatMap(({ long }) => long)],
    all.length,
  );
}

/** A group of shapes, which may be a table. */
export const pptGroup = (
  shapes: readonly Buffer[],
  {
    isTable = false,
    properties = {},
  }: { readonly isTable?: boolean; readonly properties?: Readonly<Record<number, number>> } = {},
): Buffer =>
  pptRecord(0xf003, [
    pptRecord(0xf004, [
      pptRecord(0xf00a, [u32(1024, 1)]),
      propertyList(0xf00b, properties),
      ...(isTable ? [propertyList(0xf122, { 0x39f: 1 })] : []),
    ]),
    ...shapes,
  ]);

/** A text of the list of slides, by its number. */
export const listedText = (index: number): Buffer => pptRecord(0xf9e, [u32(index)]);

/** What a shape without text of its own, a title and a body look like. */
export const title = (text: string): Buffer =>
  pptShape([slideText(KIND.title, text)], { placeholder: PLACEHOLDER.title });
export const body = (text: string, more?: readonly Buffer[]): Buffer =>
  pptShape([slideText(KIND.body, text, more)], { placeholder: PLACEHOLDER.body });

const drawing = (shapes: readonly Buffer[]): Buffer =>
  pptRecord(0x40c, [pptRecord(0xf002, [pptGroup(shapes)])]);

const FIRST_SLIDE = 256;

export interface PptForm {
  /** Records of the document's information. */
  readonly information?: Buffer;
  /** Slides as they were saved before. */
  readonly before?: readonly PptSlide[];
  readonly isProtected?: boolean;
}

/** The streams of a presentation. */
export function pptStreams(
  slides: readonly PptSlide[],
  { information, before, isProtected = false }: PptForm = {},
): Streams {
  const parts: Buffer[] = [];
  let size = 0;
  const put = (part: Buffer): number => {
    parts.push(part);
    size += part.length;
    return size - part.length;
  };
  const save = (all: readonly PptSlide[], lastEdit: number): number => {
    const offsets = [0];
    const add = (part: Buffer) => offsets.push(put(part)) - 1;
    const list = (instance: number, entries: readonly Buffer[]) => pptRecord(0xff0, entries, instance);
    const place = (part: number, id: number) => pptRecord(0x3f3, [u32(part, 0, 0, id, 0)]);
    const withNotes = all.flatMap(({ notes }, i) => (notes ? [{ notes, id: FIRST_SLIDE + 1000 + i }] : []));
    const slideEntries = all.flatMap(({ shapes, texts = [], notes }, i) => {
      const properties = pptRecord(0x3ef, [u32(0, 0, 0, 0, notes ? FIRST_SLIDE + 1000 + i : 0), u16(7, 0)]);
      return [place(add(pptRecord(0x3ee, [properties, drawing(shapes)])), FIRST_SLIDE + i), ...texts];
    });
    const notesEntries = withNotes.map(({ notes, id }) => place(add(pptRecord(0x3f0, [drawing(notes)])), id));
    const master = pptRecord(0xff0, [place(0, 1), slideText(KIND.title, "Click to edit")], 1);
    const document = add(
      pptRecord(0x3e8, [
        pptRecord(0x3e9, [Buffer.alloc(40)]),
        ...(information ? [pptRecord(0x7d0, [information])] : []),
        master,
        list(0, slideEntries),
        list(2, notesEntries),
      ]),
    );
    const places = put(
      pptRecord(0x1772, [u32((offsets.length - 1) * 2 ** 20 + 1), u32(...offsets.slice(1))]),
    );
    const edit = u32(FIRST_SLIDE, 0x03000000, lastEdit, places, document, offsets.length, 0);
    return put(pptRecord(0xff5, isProtected ? [edit, u32(9)] : [edit]));
  };
  const edit = save(slides, before ? save(before, 0) : 0);
  const user = pptRecord(0xff6, [u32(20, isProtected ? 0xf3d1c4df : 0xe391c05f, edit), Buffer.alloc(8)]);
  return { "Current User": user, "PowerPoint Document": Buffer.concat(parts) };
}

export const pptBytes = (slides: readonly PptSlide[], form?: PptForm): Buffer =>
  compoundBytes(pptStreams(slides, form));
