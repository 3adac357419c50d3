/** What lists of changes say about characters, paragraphs and rows of tables ([MS-DOC] 2.6.1 to 2.6.3). */
import { BadDocument } from "../../bad-document.ts";
import { part, u16, u32 } from "./numbers.ts";
import { changesIn, SPRM } from "./sprms.ts";

/** A switch as it is stored (ToggleOperand): 0, 1, 0x80 for that of the style, 0x81 for its opposite. */
export type Toggle = number;

export interface CharacterProperties {
  readonly style?: number;
  readonly isHidden?: Toggle;
  readonly isBold?: Toggle;
  /** Whether it was deleted while changes were tracked. */
  readonly isDeleted?: boolean;
  /** The number of a font. */
  readonly font?: number;
  /** The character that is shown instead, by its code in a font. */
  readonly symbol?: { readonly font: number; readonly code: number };
  /** Where in the data stream the picture, or the state of a form's field, is. */
  readonly location?: number;
  readonly isFormData?: boolean;
}

export interface ParagraphProperties {
  readonly style?: number;
  readonly isInTable?: boolean;
  /** 1 in a table, 2 in a table in a table. */
  readonly depth?: number;
  readonly endsRow?: boolean;
  readonly endsInnerCell?: boolean;
  readonly endsInnerRow?: boolean;
  /** The number of a list from 1; 0 for none. */
  readonly list?: number;
  readonly level?: number;
  /** From 0. */
  readonly outline?: number;
  readonly row?: RowProperties;
}

export interface RowProperties {
  readonly isHeader: boolean;
  readonly cells: readonly CellProperties[];
}

interface CellProperties {
  /** Where the cell ends, in twips. */
  readonly right: number;
  /** Whether it is merged with cells beside it: the first of them has the text. */
  readonly isMergedBeside: boolean;
  readonly continuesAbove: boolean;
}

export function charactersFrom(bytes: Buffer): CharacterProperties {
  let found: CharacterProperties = {};
  for (const { sprm, operand } of changesIn(bytes)) found = { ...found, ...characterChange(sprm, operand) };
  return found;
}

function characterChange(sprm: number, operand: Buffer): CharacterProperties | undefined {
  switch (sprm) {
    case SPRM.characterStyle:
      return { style: u16(operand, 0) };
    case SPRM.isHidden:
      return { isHidden: operand[0]! };
    case SPRM.isBold:
      return { isBold: operand[0]! };
    case SPRM.isDeleted:
      return { isDeleted: operand[0] !== 0 };
    case SPRM.font:
      return { font: u16(operand, 0) };
    case SPRM.symbol:
      return { symbol: { font: u16(operand, 0), code: u16(operand, 2) } };
    case SPRM.pictureLocation:
      return { location: u32(operand, 0) };
    case SPRM.isFormData:
      return { isFormData: operand[0] !== 0 };
    default:
      return undefined;
  }
}

/**
 * Lists of changes that are too long for a page, in the data stream (PrcData). Each is read once, and no two overlap, which limits what a
 * damaged file costs.
 */
export class LongProperties {
  readonly #data: Buffer;
  readonly #known = new Map<number, ParagraphProperties>();
  #left: number;

  constructor(data: Buffer) {
    this.#data = data;
    this.#left = data.length;
  }

  /** Throws `BadDocument` if they are more than the stream has. */
  at(offset: number): ParagraphProperties {
    const known = this.#known.get(offset);
    if (known) return known;
    const bytes = part(this.#data, offset + 2, u16(this.#data, offset));
    this.#left -= bytes.length;
    if (this.#left < 0) throw new BadDocument("damaged");
    const properties = paragraphFrom(bytes);
    this.#known.set(offset, properties);
    return properties;
  }
}

/** `long` is undefined where there are no further changes elsewhere. */
export function paragraphFrom(bytes: Buffer, long?: LongProperties): ParagraphProperties {
  let found: ParagraphProperties = {};
  for (const { sprm, operand } of changesIn(bytes)) {
    const isLong =
      sprm === SPRM.longProperties ||
      sprm === SPRM.longPropertiesBefore2000 ||
      sprm === SPRM.longTableProperties;
    const change = isLong ? long?.at(u32(operand, 0)) : paragraphChange(sprm, operand, found);
    found = { ...found, ...change };
  }
  return found;
}

function paragraphChange(
  sprm: number,
  operand: Buffer,
  { depth = 0, row = NO_CELLS }: ParagraphProperties,
): ParagraphProperties | undefined {
  switch (sprm) {
    case SPRM.paragraphStyle:
      return { style: u16(operand, 0) };
    case SPRM.isInTable:
      return { isInTable: operand[0] !== 0 };
    case SPRM.tableDepth:
      return { depth: operand.readInt32LE() };
    case SPRM.tableDepthChange:
      return { depth: depth + operand.readInt32LE() };
    case SPRM.endsRow:
      return { endsRow: operand[0] !== 0 };
    case SPRM.endsInnerCell:
      return { endsInnerCell: operand[0] !== 0 };
    case SPRM.endsInnerRow:
      return { endsInnerRow: operand[0] !== 0 };
    case SPRM.list:
      return { list: Math.abs(operand.readInt16LE()) }; // negative if the paragraph has indents of its own
    case SPRM.listLevel:
      return { level: operand[0]! };
    case SPRM.outlineLevel:
      return { outline: operand[0]! };
    case SPRM.isHeaderRow:
      return { row: { ...row, isHeader: operand[0] !== 0 } };
    case SPRM.rowDefinition:
      return { row: { ...row, cells: cellsIn(operand) } };
    case SPRM.mergedCells:
      return { row: withCells(row, operand[0]!, operand[1]!, { isMergedBeside: true }) };
    case SPRM.mergedBelow: {
      const [, cell = 0, merge = 0] = operand;
      return { row: withCells(row, cell, cell + 1, { continuesAbove: merge === CONTINUES }) };
    }
    default:
      return undefined;
  }
}

const NO_CELLS: RowProperties = { isHeader: false, cells: [] };
const [CELL_BYTES, CONTINUES] = [20, 1];
/** As many as Word allows. */
const MOST_CELLS = 63;

/** The cells of a row (TDefTableOperand). */
function cellsIn(operand: Buffer): CellProperties[] {
  const count = operand[2] ?? 0;
  const edges = 3;
  const cells = edges + 2 * (count + 1);
  if (count > MOST_CELLS || cells > operand.length) return [];
  return Array.from({ length: count }, (_, i) => {
    const at = cells + CELL_BYTES * i;
    const merges = at + 2 <= operand.length ? operand.readUInt16LE(at) : 0; // the last ones may be left out
    return {
      right: operand.readInt16LE(edges + 2 * (i + 1)),
      isMergedBeside: (merges & 3) !== 0,
      continuesAbove: ((merges >> 5) & 3) === CONTINUES,
    };
  });
}

function withCells(
  row: RowProperties,
  start: number,
  end: number,
  change: Partial<CellProperties>,
): RowProperties {
  const cells = row.cells.map((cell, index) =>
    index >= start && index < end ? { ...cell, ...change } : cell,
  );
  return { ...row, cells };
}
