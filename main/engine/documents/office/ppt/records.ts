/** The records of a PowerPoint presentation of 1997 to 2003 ([MS-PPT] 2.3.1, [MS-ODRAW] 2.2.1). */
import { BadDocument, DAMAGED } from "../../whole-document.ts";

/** Numbers of records ([MS-PPT] 2.13.24, [MS-ODRAW] 2.2). */
export const RECORD = {
  document: 0x3e8,
  slide: 0x3ee,
  slideProperties: 0x3ef,
  notes: 0x3f0,
  slidePlace: 0x3f3,
  drawing: 0x40c,
  newerPlaceholder: 0x420,
  documentInformation: 0x7d0,
  placeholder: 0xbc3,
  outlineText: 0xf9e,
  textKind: 0xf9f,
  characters: 0xfa0,
  textStyle: 0xfa1,
  bytes: 0xfa8,
  numberings: 0xfac,
  outlineNumberings: 0xfae,
  outlineNumberingsOf: 0xfaf,
  name: 0xfba,
  slideNumber: 0xfd8,
  slideList: 0xff0,
  edit: 0xff5,
  dateTime: 0xff7,
  genericDate: 0xff8,
  header: 0xff9,
  footer: 0xffa,
  rtfDateTime: 0x1015,
  tags: 0x1388,
  tag: 0x138a,
  tagContent: 0x138b,
  places: 0x1772,
  drawingParts: 0xf002,
  group: 0xf003,
  shape: 0xf004,
  shapeKind: 0xf00a,
  properties: 0xf00b,
  textbox: 0xf00d,
  placeInGroup: 0xf00f,
  clientData: 0xf011,
  moreProperties: 0xf122,
} as const;

const HEADER_BYTES = 8;
/** What a damaged file could nest deeper would not end within the stack. */
export const MOST_DEEP = 100;

export interface PptRecord {
  readonly type: number;
  /** What distinguishes records of a type, such as the list of slides from that of notes. */
  readonly instance: number;
  readonly data: Buffer;
}

/** The records in a container, the last of which may be truncated. */
export function* recordsIn(data: Buffer): Generator<PptRecord> {
  for (let at = 0; at + HEADER_BYTES <= data.length;) {
    const record = recordAt(data, at);
    yield record;
    at += HEADER_BYTES + record.data.length;
  }
}

function recordAt(data: Buffer, at: number): PptRecord {
  const start = at + HEADER_BYTES;
  return {
    instance: data.readUInt16LE(at) >> 4,
    type: data.readUInt16LE(at + 2),
    data: data.subarray(start, start + data.readUInt32LE(at + 4)),
  };
}

/** The first record of a type at the end of a path of types. */
export function recordWithin(data: Buffer, ...types: readonly number[]): PptRecord | undefined {
  let found: PptRecord | undefined;
  for (const type of types) {
    found = firstOf(found?.data ?? data, type);
    if (!found) return undefined;
  }
  return found;
}

function firstOf(data: Buffer, type: number): PptRecord | undefined {
  for (const record of recordsIn(data)) if (record.type === type) return record;
  return undefined;
}

/** The stream with all records. Parts do not overlap, so that those that are read by their offsets are no longer than the stream. */
export class PptStream {
  readonly #bytes: Buffer;
  #left: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#left = 2 * bytes.length; // some are read again, to know which they are
  }

  /** The record at an offset, if it is of this type. Throws `BadDocument`. */
  at(offset: number, type: number): PptRecord | undefined {
    if (offset + HEADER_BYTES > this.#bytes.length) return undefined;
    const record = recordAt(this.#bytes, offset);
    if (record.type !== type) return undefined;
    this.#left -= HEADER_BYTES + record.data.length;
    if (this.#left < 0) throw new BadDocument(DAMAGED);
    return record;
  }

  /** The last record of a type that is in no other. */
  lastOf(type: number): PptRecord | undefined {
    let last: PptRecord | undefined;
    for (const record of recordsIn(this.#bytes)) if (record.type === type) last = record;
    return last;
  }
}
