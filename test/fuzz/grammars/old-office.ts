/** Workbooks and presentations of Office 97 to 2003, and binary workbooks: files of records in records. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { compoundBytes, unicode } from "../../main/engine/documents/compound-bytes.ts";
import {
  KIND,
  numberings,
  pptGroup,
  pptRecord,
  pptShape,
  pptStreams,
  slideText,
  tagged,
  textStyle,
} from "../../main/engine/documents/office/ppt-bytes.ts";
import type { PptSlide } from "../../main/engine/documents/office/ppt-bytes.ts";
import { innerPart, xlsbParts, xlsRecord, xlsStream } from "../../main/engine/documents/sheets/xls-bytes.ts";
import type { BinaryCell, BinaryForm, BinarySheet } from "../../main/engine/documents/sheets/xls-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, u16, u32 } from "../pieces.ts";
import type { Piece } from "../pieces.ts";
import { archiveBytes } from "../zip-pieces.ts";
import { lookedAt } from "./document.ts";

const SHORT_COUNT = 150;
const FORMATS = ["dd.mm.yyyy", "0.0%", "[h]:mm", '"', "[$-", "#,##0.00 [$€-407]", 14, 9, 31, 9999] as const;

function sheetsOf(random: Random, odd: boolean): BinarySheet[] {
  return several(random, 1, 3, (index): BinarySheet => {
    const rows = several(random, 1, 4, () => several(random, 2, 2, () => cellOf(random, odd)));
    const form = odd ? random.integer(4) : 0;
    return {
      name: odd ? textOf(random).slice(0, 31) : `Sheet${index}`,
      rows: [["question", "answer"], ...rows],
      ...(form === 1 ? { state: random.integer(4), hiddenColumns: [random.integer(300)] } : {}),
      ...(form === 2 ? { hiddenRows: [random.integer(5)], merges: [[0, random.integer(9), 0, 1]] } : {}),
    };
  });
}

function cellOf(random: Random, odd: boolean): BinaryCell {
  const text = () => (odd ? textOf(random) : "Some text.");
  switch (random.integer(odd ? 9 : 2)) {
    case 0:
      return text();
    case 1:
      return random.integer(1000);
    case 2:
      return { style: random.integer(4), value: pick(random, [45352.5, -1, 1e300, 60, 0.1]) };
    case 3:
      return { error: random.integer(256) };
    case 4:
      return { formula: pick(random, [text(), 1.5, true]) };
    case 5:
      return chance(random, 50);
    case 6:
      return -(2 ** random.integer(40)) / 8;
    default:
      return null;
  }
}

const formOf = (random: Random, odd: boolean): BinaryForm => ({
  formats: odd ? several(random, 0, 3, () => pick(random, FORMATS)) : ["0%"],
  is1904: odd && chance(random, 30),
});

export const xls: FuzzedParser = {
  name: "xls",
  shortCount: SHORT_COUNT,
  make(random, isChanged) {
    const [first, ...sheets] = sheetsOf(random, isChanged);
    const more = isChanged && chance(random, 20) ? { more: innerPart } : {};
    const form = {
      ...formOf(random, isChanged),
      ...(isChanged && chance(random, 10)
        ? { more: xlsRecord(random.integer(600), Buffer.alloc(9, 1)) }
        : {}),
    };
    const stream = xlsStream(
      [{ ...first!, ...more }, ...sheets],
      form,
      isChanged ? 1 + random.integer(9) : 99,
    );
    const isOdd = isChanged && chance(random, 80);
    const bytes = compoundBytes({
      [isChanged && chance(random, 10) ? "Book" : "Workbook"]: isOdd
        ? bytesOf(changed(xlsPieces(stream), random))
        : stream,
    });
    return { "text.xls": isChanged && chance(random, 10) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "text.xls")),
};

/** Types and lengths of records, and their contents as numbers. */
function xlsPieces(stream: Buffer): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at + 4 <= stream.length;) {
    const length = stream.readUInt16LE(at + 2);
    const data = stream.subarray(at + 4, at + 4 + length);
    pieces.push(u16(stream.readUInt16LE(at)), u16(length), ...wordsIn(data));
    at += 4 + length;
  }
  return pieces;
}

function wordsIn(data: Buffer): Piece[] {
  const words = Array.from({ length: Math.floor(data.length / 2) }, (_, i) => u16(data.readUInt16LE(2 * i)));
  return [...words, raw(data.subarray(2 * words.length))];
}

export const xlsb: FuzzedParser = {
  name: "xlsb",
  shortCount: SHORT_COUNT,
  make(random, isChanged) {
    const parts = xlsbParts(sheetsOf(random, isChanged), formOf(random, isChanged)).map((part) => {
      const content = Buffer.from(part.content as string);
      if (!isChanged || chance(random, 60)) return { ...part, content };
      const isOdd = part.name.endsWith(".bin") && chance(random, 60);
      return {
        ...part,
        content: isOdd ? bytesOf(changed(wordsIn(content), random)) : damaged(content, random),
      };
    });
    return { "text.xlsb": archiveBytes(random, parts, isChanged) };
  },
  parse: (folder) => lookedAt(join(folder, "text.xlsb")),
};

export const ppt: FuzzedParser = {
  name: "ppt",
  shortCount: SHORT_COUNT,
  make(random, isChanged) {
    const slides = () => several(random, 1, 3, () => slideOf(random, isChanged));
    const outline = pptRecord(0xfae, [pptRecord(0xfaf, [Buffer.alloc(8)]), numberings([3, 1])]);
    const streams = pptStreams(slides(), {
      ...(isChanged && chance(random, 30) ? { before: slides() } : {}),
      ...(isChanged && chance(random, 20) ? { information: tagged(outline) } : {}),
    });
    const document = streams["PowerPoint Document"]!;
    const isOdd = isChanged && chance(random, 80);
    const bytes = compoundBytes({
      ...streams,
      "PowerPoint Document": isOdd ? bytesOf(changed(pptPieces(document), random)) : document,
      ...(isChanged && chance(random, 20)
        ? { "Current User": damaged(streams["Current User"]!, random) }
        : {}),
    });
    return { "text.ppt": isChanged && chance(random, 10) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "text.ppt")),
};

function slideOf(random: Random, odd: boolean): PptSlide {
  const text = () => (odd ? textOf(random).replace(/\n/g, "\r") : "Some text.");
  const kind = () => (odd ? random.integer(9) : KIND.body);
  const shape = (): Buffer => {
    const words = text();
    const style = () =>
      textStyle(
        [
          {
            characters: odd ? random.integer(20) : words.length + 1,
            level: random.integer(9),
            hasMark: chance(random, 50),
          },
        ],
        [{ characters: words.length + 1, numbering: random.integer(16) }],
      );
    const place = Array.from({ length: 4 }, () => 50 * random.integer(9)) as [number, number, number, number];
    return pptShape([slideText(kind(), words, chance(random, 50) ? [style()] : [])], {
      place,
      ...(odd && chance(random, 30)
        ? { tags: tagged(numberings(null, [random.integer(50), 2], [3, 60000])) }
        : {}),
      ...(odd && chance(random, 20) ? { placeholder: random.integer(30) } : {}),
      ...(odd && chance(random, 20)
        ? { properties: { 0xc0: unicode(words), 0x3bf: random.integer(2 ** 30) } }
        : {}),
    });
  };
  const shapes = several(random, 1, 4, shape);
  const grouped = odd && chance(random, 40);
  return {
    shapes: grouped ? [pptGroup(shapes, { isTable: chance(random, 60) })] : shapes,
    ...(odd && chance(random, 30) ? { texts: several(random, 1, 3, () => slideText(kind(), text())) } : {}),
    ...(odd && chance(random, 40) ? { notes: [pptShape([slideText(KIND.notes, text())])] } : {}),
  };
}

const CONTAINERS: ReadonlySet<number> = new Set([
  ...[0x3e8, 0x3ee, 0x3f0, 0x40c, 0x7d0, 0xfae, 0xff0, 0x1388, 0x138a, 0x138b],
  ...[0xf002, 0xf003, 0xf004, 0xf00d, 0xf011],
]);

/** Instances, types and lengths of records, and the contents of those that have no others as numbers. */
function pptPieces(data: Buffer): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at + 8 <= data.length;) {
    const [type, length] = [data.readUInt16LE(at + 2), data.readUInt32LE(at + 4)];
    const content = data.subarray(at + 8, at + 8 + length);
    const inner = CONTAINERS.has(type) ? pptPieces(content) : wordsIn(content);
    pieces.push(u16(data.readUInt16LE(at)), u16(type), u32(length), ...inner);
    at += 8 + length;
  }
  return pieces;
}
