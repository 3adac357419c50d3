/** Where the slides and notes of a PowerPoint presentation are, in order ([MS-PPT] 2.1.2 and 2.4.14). */
import { BadDocument, DAMAGED } from "../../whole-document.ts";
import { RECORD, recordsIn } from "./records.ts";
import type { PptRecord, PptStream } from "./records.ts";
import { textsIn } from "./text.ts";
import type { SlideText } from "./text.ts";

/** The instances of lists. */
const [SLIDES, NOTES] = [0, 2];
const EDIT_BYTES = 28;
/** An edit of a protected presentation names one place more. */
const PROTECTED_EDIT_BYTES = 32;
/** The token of a protected presentation in "Current User" ([MS-PPT] 2.3.2). */
const PROTECTED = 0xf3d1c4df;
const ENTRY_BITS = 20;

/** A slide or page of notes in the document's list. */
export interface ListedSlide {
  readonly id: number;
  readonly offset: number;
  /** Texts of its placeholders, which its shapes name by number. */
  readonly texts: readonly SlideText[];
}

export interface Presentation {
  readonly slides: readonly ListedSlide[];
  readonly notes: ReadonlyMap<number, ListedSlide>;
  readonly document: PptRecord;
}

/** Throws `BadDocument`: protected, damaged. */
export function presentationIn(stream: PptStream, currentUser: Buffer): Presentation {
  const hasUser = currentUser.length >= 20;
  if (hasUser && currentUser.readUInt32LE(12) === PROTECTED) refuseProtected();
  const edit =
    (hasUser ? stream.at(currentUser.readUInt32LE(16), RECORD.edit) : undefined) ??
    stream.lastOf(RECORD.edit);
  if (!edit || edit.data.length < EDIT_BYTES) throw new BadDocument(DAMAGED);
  if (edit.data.length >= PROTECTED_EDIT_BYTES) refuseProtected();
  const offsets = offsetsOf(stream, edit);
  const document = stream.at(offsets.get(edit.data.readUInt32LE(16)) ?? Infinity, RECORD.document);
  if (!document) throw new BadDocument(DAMAGED);
  const lists = [...recordsIn(document.data)].filter(({ type }) => type === RECORD.slideList);
  const listed = (instance: number) =>
    lists.filter((list) => list.instance === instance).flatMap(({ data }) => slidesIn(data, offsets));
  const slides = new Map(listed(SLIDES).map((slide) => [slide.offset, slide]));
  return {
    slides: [...slides.values()],
    notes: new Map(listed(NOTES).map((notes) => [notes.id, notes])),
    document,
  };
}

function refuseProtected(): never {
  throw new BadDocument("it is protected by a password; save it without one");
}

/** The offsets of parts by their numbers. Each time a presentation is saved quickly, an edit is added that names the one before it. */
function offsetsOf(stream: PptStream, last: PptRecord): Map<number, number> {
  const offsets = new Map<number, number>();
  const seen = new Set<number>();
  for (let edit: PptRecord | undefined = last; edit && edit.data.length >= EDIT_BYTES;) {
    const places = stream.at(edit.data.readUInt32LE(12), RECORD.places);
    if (places) addOffsets(offsets, places.data);
    const before: number = edit.data.readUInt32LE(8);
    if (before === 0 || seen.has(before)) break;
    seen.add(before);
    edit = stream.at(before, RECORD.edit);
  }
  return offsets;
}

function addOffsets(offsets: Map<number, number>, data: Buffer): void {
  for (let at = 0; at + 4 <= data.length;) {
    const entry = data.readUInt32LE(at);
    const [first, count] = [entry % 2 ** ENTRY_BITS, entry >>> ENTRY_BITS];
    at += 4;
    for (let i = 0; i < count && at + 4 <= data.length; i++, at += 4)
      if (!offsets.has(first + i)) offsets.set(first + i, data.readUInt32LE(at)); // the newest edit comes first
  }
}

/** In a list, the place of each slide precedes its texts. */
function slidesIn(data: Buffer, offsets: ReadonlyMap<number, number>): ListedSlide[] {
  const slides: { place: Buffer; records: PptRecord[] }[] = [];
  for (const record of recordsIn(data))
    if (record.type !== RECORD.slidePlace) slides[slides.length - 1]?.records.push(record);
    else if (record.data.length >= 16) slides.push({ place: record.data, records: [] });
  return slides.flatMap(({ place, records }) => {
    const offset = offsets.get(place.readUInt32LE(0));
    return offset === undefined ? [] : [{ id: place.readUInt32LE(12), offset, texts: textsIn(records) }];
  });
}
