/** Word documents of 1997 to 2003: text, properties, styles, lists, notes and text boxes, in the streams of a compound file. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import {
  changes,
  docBytes,
  docFile,
  docStreams,
  rowDefinition,
} from "../../main/documents/office/doc-bytes.ts";
import type { DocParagraph, DocParts, DocRun } from "../../main/documents/office/doc-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, u16, u32 } from "../pieces.ts";
import { lookedAt } from "./document.ts";

const SPECIAL = [
  "\x01",
  "\x02",
  "\x07",
  "\x08",
  "\x0b",
  "\x0c",
  "\x13",
  "\x14",
  "\x15",
  "\x1e",
  "\x1f",
  "(",
  "\uf061",
];
const CHARACTERS = [0x0800, 0x0806, 0x0835, 0x083c, 0x4a30, 0x4a4f, 0x6a03, 0x6a09, 0x0855, 0xca47];
const PARAGRAPHS = [0x4600, 0x2416, 0x2417, 0x244b, 0x244c, 0x260a, 0x460b, 0x2640, 0x6649, 0x664a, 0x6646, 0x646b, 0x3404, 0x5624, 0xd62b, 0xc615]; // prettier-ignore
const VALUES = [0, 1, 2, 3, 9, 0x80, 0x81, 0xff];

export const doc: FuzzedParser = {
  name: "doc",
  shortCount: 300,
  make(random, isChanged) {
    if (!isChanged) return { "text.doc": docBytes(plainParts(random)) };
    const { main, table, data } = docStreams(partsOf(random));
    const kind = random.integer(4);
    const bytes = docFile({
      main: kind === 0 ? changedStream(main, random) : main,
      table: kind === 1 ? changedStream(table, random) : table,
      data: kind === 2 ? changedStream(data, random) : data,
    });
    return { "text.doc": kind === 3 ? changedStream(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "text.doc")),
};

function plainParts(random: Random): DocParts {
  const plain = (): DocParagraph => ({ runs: [textOf(random)], style: random.integer(2) });
  return {
    paragraphs: [{ runs: ["Some text."] }, ...several(random, 0, 9, plain)],
    styles: [{ name: "heading 1", builtIn: 1 }],
    isReversed: chance(random, 30),
  };
}

function partsOf(random: Random): DocParts {
  const paragraphs = () => several(random, 1, 6, () => paragraph(random));
  return {
    paragraphs: several(random, 1, 12, () => (chance(random, 30) ? row(random) : [paragraph(random)])).flat(),
    styles: several(random, 0, 5, () => ({
      name: pick(random, ["heading 1", "toc 2", "x", ""]),
      builtIn: pick(random, [1, 9, 19, 62, 0xffe]),
      base: random.integer(6),
      isOfCharacters: chance(random, 30),
      paragraph: changesOf(random, PARAGRAPHS),
      characters: changesOf(random, CHARACTERS),
    })),
    fonts: ["Arial", "Symbol"],
    kinds: several(random, 1, 3, () =>
      several(random, 1, pick(random, [1, 9]), () => ({
        text: pick(random, ["%1.", "%1.%2", "§ %9", ""]),
        format: random.integer(26),
        start: random.integer(5),
        flags: random.integer(16),
      })),
    ),
    lists: several(random, 1, 3, () => ({
      kind: random.integer(3),
      ...(chance(random, 50) && { starts: { [random.integer(9)]: random.integer(5) } }),
      ...(chance(random, 30) && { level: { text: "(%1)" } }),
    })),
    footnotes: several(random, 0, 3, paragraphs),
    endnotes: several(random, 0, 2, paragraphs),
    boxes: several(random, 0, 3, () => ({ shape: random.integer(4), paragraphs: paragraphs() })),
    data: Buffer.from(Array.from({ length: random.integer(200) }, () => pick(random, VALUES))),
    pieceChanges: several(random, 0, 2, () => changesOf(random, [...CHARACTERS, ...PARAGRAPHS])),
    isReversed: chance(random, 30),
  };
}

function paragraph(random: Random): DocParagraph {
  return {
    runs: several(random, 0, 4, () => run(random)),
    style: random.integer(6),
    changes: changesOf(random, PARAGRAPHS),
    mark: pick(random, ["\r", "\r", "\r", "\x07", "\f"]),
    markChanges: changesOf(random, CHARACTERS),
    ...(chance(random, 20) && { modifier: random.integer(2 ** 16) }),
  };
}

function run(random: Random): DocRun {
  const text = chance(random, 50) ? pick(random, SPECIAL) : textOf(random).slice(0, 200);
  return {
    text,
    ...(chance(random, 50) && { changes: changesOf(random, CHARACTERS) }),
    ...(chance(random, 20) && { note: pick(random, ["footnotes", "endnotes"] as const) }),
    ...(chance(random, 20) && { box: random.integer(4) }),
  };
}

function row(random: Random): DocParagraph[] {
  const inTable = changes([0x2416, 1]);
  const cells = several(random, 1, 4, () => paragraph(random));
  const rights = cells.map(() => random.integer(500));
  const end = [inTable, changes([0x2417, 1]), rowDefinition(rights, rights), changesOf(random, PARAGRAPHS)];
  return [
    ...cells.map((cell) => ({ ...cell, mark: "\x07", changes: inTable })),
    { runs: [], mark: "\x07", changes: Buffer.concat(end) },
  ];
}

function changesOf(random: Random, numbers: readonly number[]): Buffer {
  const operand = () => Array.from({ length: 1 + random.integer(5) }, () => pick(random, VALUES));
  return Buffer.concat(several(random, 0, 3, () => changes([pick(random, numbers), ...operand()])));
}

/** Most of it are numbers of two or four bytes; any of them may be another. */
function changedStream(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < 8 || chance(random, 20)) return damaged(bytes, random);
  const at = 2 * random.integer(Math.floor(bytes.length / 2) - 2);
  const isLong = chance(random, 50);
  const number = isLong ? u32(bytes.readUInt32LE(at)) : u16(bytes.readUInt16LE(at));
  const after = bytes.subarray(at + (isLong ? 4 : 2));
  return bytesOf([raw(bytes.subarray(0, at)), ...changed([number], random), raw(after)]);
}
