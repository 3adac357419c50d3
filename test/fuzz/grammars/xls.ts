/** Workbooks of Excel 97 to 2003: a file of records in records. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { compoundBytes } from "../../main/documents/compound-bytes.ts";
import { innerPart, xlsRecord, xlsStream } from "../../main/documents/sheets/xls-bytes.ts";
import type { BinaryCell, BinaryForm, BinarySheet } from "../../main/documents/sheets/xls-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, u16 } from "../pieces.ts";
import type { Piece } from "../pieces.ts";
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
      Workbook: isOdd ? bytesOf(changed(xlsPieces(stream), random)) : stream,
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
