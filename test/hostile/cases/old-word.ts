/** Word documents of 1997 to 2003, whose structures point at each other by offsets. */
import { compoundBytes, unicode } from "../../main/documents/compound-bytes.ts";
import {
  changes,
  docBytes,
  docFile,
  docStreams,
  p,
  plcBytes,
  rowDefinition,
  u16,
  u32,
  withPart,
} from "../../main/documents/office/doc-bytes.ts";
import type { DocParagraph, DocParts } from "../../main/documents/office/doc-bytes.ts";
import type { HostileCase } from "../case.ts";
import { badData, file } from "./document-file.ts";

const DAMAGED = badData(/the file is damaged/);
const [NOTE_TEXTS, CHARACTER_PAGES, PIECES, LISTS, ANCHORS, BOXES] = [3, 12, 33, 73, 40, 56];
const TEXT = 2048;

const repeated = (count: number, paragraph: DocParagraph) => Array<DocParagraph>(count).fill(paragraph);
const changed = (parts: DocParts, number: number, part: Buffer) => () =>
  docFile(withPart(docStreams(parts), number, part));
const old = (title: string, bytes: () => Buffer, expected: HostileCase["expected"]) =>
  file(title, "a.doc", bytes, expected);

export const oldWordCases: readonly HostileCase[] = [
  old("an old Word document whose pieces are all the same megabyte", samePieces(100), DAMAGED),
  old("one whose 10 pieces are the same megabyte", samePieces(10), null),
  old("one whose pieces go backwards", changed({ paragraphs: [p("Text.")] }, PIECES, pieces([0, 6, 3, 6])), DAMAGED),
  old("one whose pieces are outside of the file", changed({ paragraphs: [p("Text.")] }, PIECES, pieces([0, 2 ** 24])), DAMAGED),
  old("one with 300,000 pages of properties that are one", samePages, null),
  old("one whose pages of properties are outside of the file", changed({ paragraphs: [p("Text.")] }, CHARACTER_PAGES, plcBytes([0, 2 ** 31], [u32(0xffffffff)])), DAMAGED),
  old("one of 30 million runs that are the same hundred", sameRuns, DAMAGED),
  old("one whose 60,000 fields of forms are the same, with a long text", sameForms, null),
  old("one of 20,000 items with a label of 60,000 characters", () => docBytes({ paragraphs: repeated(2e4, { ...p("x"), changes: changes([0x460b, 1, 0]) }), kinds: [[{ text: "a".repeat(6e4) }]], lists: [{ kind: 0 }] }), null),
  old("one of 100,000 runs", () => docBytes({ paragraphs: [p(...Array.from({ length: 1e5 }, (_, i) => ({ text: "x", changes: changes([0x0835, i % 2]) })))] }), null),
  old("one whose styles are based on themselves", () => docBytes({ paragraphs: repeated(1000, { ...p("Text."), style: 3 }), styles: Array.from({ length: 3000 }, (_, i) => ({ name: "x", base: (i % 3000) + 1 })) }), null),
  old("one of 20,000 tables that are two thousand million deep", () => docBytes({ paragraphs: Array.from({ length: 2e4 }, () => [{ ...p("x"), changes: changes([0x6649, 0xff, 0xff, 0xff, 0x7f]) }, p("y")]).flat() }), null),
  old("one of 5,000 rows of 63 merged cells", () => docBytes({ paragraphs: rows(5000) }), null),
  old("one of a million fields in fields", () => docBytes({ paragraphs: [p("Text."), p("\x13\x14\x13".repeat(1e6))] }), null),
  old("one of a million fields, and as many empty paragraphs", () => docBytes({ paragraphs: [p("Text."), { ...p("\x13".repeat(1e6), "\r".repeat(1e6)), isCompressed: true }] }), null),
  old("one of a row of a million cells", () => docBytes({ paragraphs: [{ ...p("\x07".repeat(1e6)), isCompressed: true, changes: changes([0x2416, 1]) }] }), DAMAGED),
  old("one whose paragraphs share the same megabyte of properties", sharedProperties, DAMAGED),
  old("one that says it has 32,767 kinds of lists", changed({ paragraphs: [p("Text.")] }, LISTS, u16(0x7fff)), DAMAGED),
  old("one whose notes are all the whole text of notes", overlappingNotes, null),
  old("one whose text box is anchored in itself", boxInItself, null),
  old("one whose streams are empty", () => compoundBytes({ WordDocument: Buffer.alloc(0) }), DAMAGED),
  old("one whose table of sectors is every sector", everySector, badData(/damaged/)),
]; // prettier-ignore

/** Pieces between these positions, all from the beginning of the text. */
function pieces(positions: readonly number[]): Buffer {
  const piece = Buffer.concat([u16(0), u32(2 ** 30 + 2 * TEXT), u16(0)]);
  const plc = plcBytes(positions, Array<Buffer>(positions.length - 1).fill(piece));
  return Buffer.concat([Buffer.of(2), u32(plc.length), plc]);
}

function samePieces(count: number): () => Buffer {
  return () => {
    const paragraph = { ...p("word ".repeat(2e5)), isCompressed: true };
    const streams = docStreams({ paragraphs: [paragraph] });
    const length = 1e6 + 1;
    const main = Buffer.from(streams.main);
    main.writeUInt32LE(count * length, 64 + 12);
    return docFile(withPart({ ...streams, main }, PIECES, pieces(Array.from({ length: count + 1 }, (_, i) => i * length)))); // prettier-ignore
  };
}

/** Each character has other properties than the one before. */
function sameRuns(): Buffer {
  const [length, count] = [100, 3e5];
  const runs = Array.from({ length }, (_, i) => ({ text: "x", changes: changes([0x0835, i % 2]) }));
  const streams = docStreams({ paragraphs: [{ ...p(...runs), mark: "", isCompressed: true }] });
  const main = Buffer.from(streams.main);
  main.writeUInt32LE(count * length, 64 + 12);
  return docFile(withPart({ ...streams, main }, PIECES, pieces(Array.from({ length: count + 1 }, (_, i) => i * length)))); // prettier-ignore
}

/** Each shows the only entry of the same list. */
function sameForms(): Buffer {
  const entry = unicode("x".repeat(6e4));
  const names = Buffer.concat([u16(0), u16(0), u16(0), ...Array<Buffer>(10).fill(u16(0))]);
  const list = Buffer.concat([u32(0xffffffff), u16(2), Buffer.alloc(4), names, u16(0xffff), u16(1), u16(0), u16(entry.length / 2), entry]); // prettier-ignore
  const state = Buffer.concat([u32(68 + list.length), u16(68), Buffer.alloc(62), list]);
  const fields = { text: "\x01".repeat(6e4), changes: changes([0x0806, 1], [0x6a03, 0, 0, 0, 0]) };
  return docBytes({ paragraphs: [p("Text."), p(fields)], data: state });
}

function samePages(): Buffer {
  const streams = docStreams({ paragraphs: [p("a ".repeat(15e4))] });
  const page = streams.main.length / 512 - 1;
  const offsets = Array.from({ length: 3e5 + 1 }, (_, i) => TEXT + 2 * i);
  return docFile(withPart(streams, CHARACTER_PAGES, plcBytes(offsets, Array<Buffer>(3e5).fill(u32(page)))));
}

function rows(count: number): DocParagraph[] {
  const inTable = changes([0x2416, 1]);
  const merges = Buffer.concat(Array<Buffer>(60).fill(changes([0x5624, 0, 63])));
  const definition = rowDefinition(Array.from({ length: 4 }, (_, i) => i * 100));
  const end: DocParagraph = { runs: [], mark: "\x07", changes: Buffer.concat([inTable, changes([0x2417, 1]), definition, merges]) }; // prettier-ignore
  const cell: DocParagraph = { ...p("x"), mark: "\x07", changes: inTable };
  return Array.from({ length: count }, () => [cell, cell, cell, cell, end]).flat();
}

/** Each refers to one byte further on in the data stream. */
function sharedProperties(): Buffer {
  const paragraphs = Array.from({ length: 5000 }, (_, i): DocParagraph => ({ ...p("x"), changes: changes([0x6646, i & 0xff, i >> 8, 0, 0]) })); // prettier-ignore
  return docBytes({ paragraphs, data: Buffer.alloc(1e6, 0x7f) });
}

function overlappingNotes(): Buffer {
  const count = 10_000;
  const mark = { text: "\x02", note: "footnotes" } as const;
  const parts = {
    paragraphs: [p("Text.", ...Array<typeof mark>(count).fill(mark))],
    footnotes: [[p("x".repeat(1e6))]],
  };
  const positions = Array.from({ length: count + 2 }, (_, i) => (i % 2 === 0 ? 0 : 1e6));
  return docFile(withPart(docStreams(parts), NOTE_TEXTS, plcBytes(positions, [])));
}

function boxInItself(): Buffer {
  const anchor = { text: "\x08", box: 1 };
  const streams = docStreams({
    paragraphs: [p("Text.", anchor)],
    boxes: [{ shape: 1, paragraphs: [p("In it.", anchor)] }],
  });
  const shape = (number: number) => Buffer.concat([u32(number), Buffer.alloc(22)]);
  const box = (number: number) => Buffer.concat([Buffer.alloc(14), u32(number), Buffer.alloc(4)]);
  const anchored = withPart(streams, ANCHORS, plcBytes([5, 13, 14], [shape(1), shape(2)]));
  return docFile(withPart(anchored, BOXES, plcBytes([0, 8, 8, 9], [box(1), box(2), box(0)])));
}

/** The header lists the first sectors as parts of the table, which continues in a list of all sectors. */
function everySector(): Buffer {
  const bytes = Buffer.concat([docBytes({ paragraphs: [p("Text.")] }), Buffer.alloc(8e6)]);
  const sectors = Math.floor(bytes.length / 512) - 1;
  for (let i = 0; i < 109; i++) bytes.writeUInt32LE(i, 76 + 4 * i);
  bytes.writeUInt32LE(200, 68);
  for (let list = 200, next = 0; list < sectors; list++) {
    for (let i = 0; i < 127; i++) bytes.writeUInt32LE(next++ % sectors, 512 * (list + 1) + 4 * i);
    bytes.writeUInt32LE(list + 1 < sectors ? list + 1 : 0xfffffffe, 512 * (list + 1) + 508);
  }
  return bytes;
}
