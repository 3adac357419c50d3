/** Lists of changes to properties, each a number (sprm) and its operand ([MS-DOC] 2.2.5.1, 2.6.1 to 2.6.3). */

export const SPRM = {
  isDeleted: 0x0800,
  isFormData: 0x0806,
  isBold: 0x0835,
  isHidden: 0x083c,
  characterStyle: 0x4a30,
  font: 0x4a4f,
  pictureLocation: 0x6a03,
  symbol: 0x6a09,

  paragraphStyle: 0x4600,
  isInTable: 0x2416,
  endsRow: 0x2417,
  endsInnerCell: 0x244b,
  endsInnerRow: 0x244c,
  listLevel: 0x260a,
  list: 0x460b,
  outlineLevel: 0x2640,
  tableDepth: 0x6649,
  tableDepthChange: 0x664a,
  longProperties: 0x6646,
  longPropertiesBefore2000: 0x6645,
  longTableProperties: 0x646b,

  isHeaderRow: 0x3404,
  rowDefinition: 0xd608,
  mergedCells: 0x5624,
  mergedBelow: 0xd62b,
} as const;

const TABS = 0xc615;
const LARGEST_SIZE_BYTE = 255;
/** The bytes of an operand by the upper three bits of its number; 0 where its first byte says how many follow. */
const OPERAND_BYTES = [1, 1, 2, 4, 2, 2, 0, 3] as const;

/** Each change of a list; one that is cut off by the end is left out. */
export function* changesIn(bytes: Buffer): Generator<{ readonly sprm: number; readonly operand: Buffer }> {
  for (let at = 0; at + 2 < bytes.length;) {
    const sprm = bytes.readUInt16LE(at);
    const start = at + 2;
    const end = start + operandBytes(sprm, bytes.subarray(start));
    if (end > bytes.length) return;
    yield { sprm, operand: bytes.subarray(start, end) };
    at = end;
  }
}

function operandBytes(sprm: number, rest: Buffer): number {
  const fixed = OPERAND_BYTES[sprm >> 13]!;
  if (fixed > 0) return fixed;
  const first = rest[0]!;
  if (sprm === SPRM.rowDefinition) return first + 256 * (rest[1] ?? 0) + 1;
  if (sprm !== TABS || first < LARGEST_SIZE_BYTE) return first + 1;
  const deleted = 4 * (rest[1] ?? 0);
  return 3 + deleted + 3 * (rest[2 + deleted] ?? 0);
}
