/** The shapes of a PowerPoint slide, and tables, which are groups of shapes ([MS-ODRAW] 2.2; [MS-PPT] 2.7). */
import { lastAtOrBefore } from "../../blocks/ascending.ts";
import type { Cell, CellRow } from "../../blocks/table-grid.ts";
import { MOST_DEEP, RECORD, recordsIn, recordWithin } from "./records.ts";
import type { PptRecord } from "./records.ts";
import { textsIn } from "./text.ts";
import type { SlideText } from "./text.ts";

export interface Shape {
  /** Left, top, right, bottom in its group. */
  readonly place: readonly [number, number, number, number] | undefined;
  readonly isLine: boolean;
  /** Whether it is one that the slide's layout offers; copies of it have text of the same kind. */
  readonly isPlaceholder: boolean;
  readonly text: SlideText | undefined;
  /** The numberings of its paragraphs. */
  readonly numberings: Buffer | undefined;
  /** The text of WordArt. */
  readonly drawnText: string;
}

/** What is shown on a slide, from back to front: shapes, and the shapes of a table. */
export type Shown = Shape | { readonly table: readonly Shape[] };

/** Placeholders that repeat on each slide: dates, numbers, footers, headers ([MS-PPT] 2.13.22). */
const RUNNING: ReadonlySet<number> = new Set([7, 8, 9, 10]);
/** Flags of a shape ([MS-ODRAW] 2.2.40), and the kind of a line. */
const [GROUP, DELETED, BACKGROUND] = [1, 8, 0x400];
const LINE = 20;
/** Properties ([MS-ODRAW] 2.3): the text of WordArt, whether a shape is hidden, whether a group is a table. */
const [WORD_ART, SHOWN, TABLE] = [0xc0, 0x3bf, 0x39f];
const IS_HIDDEN = 0x20002;

/** The shapes of a slide or a page of notes; `texts`: those that shapes name by number, each of them one. */
export function shapesOf(slide: Buffer, texts: readonly SlideText[]): Shown[] {
  const root = recordWithin(slide, RECORD.drawing, RECORD.drawingParts, RECORD.group);
  return root ? inGroup(root.data, new Map(texts.entries()), 0) : [];
}

/** Texts by their numbers that no shape has named yet. */
type Texts = Map<number, SlideText>;

function inGroup(group: Buffer, texts: Texts, depth: number): Shown[] {
  if (depth > MOST_DEEP) return [];
  const shown: Shown[] = [];
  let isTable = false;
  for (const { type, data } of recordsIn(group)) {
    if (type === RECORD.group) for (const one of inGroup(data, texts, depth + 1)) shown.push(one);
    if (type !== RECORD.shape) continue;
    const parts = new Map([...recordsIn(data)].map((part) => [part.type, part]));
    const kind = parts.get(RECORD.shapeKind);
    const flags = kind && kind.data.length >= 8 ? kind.data.readUInt32LE(4) : 0;
    if (flags & GROUP) {
      if (isHidden(parts)) return [];
      isTable = depth > 0 && (numberOf(propertiesIn(parts.get(RECORD.moreProperties)).get(TABLE)) & 1) === 1;
    } else if (!(flags & (DELETED | BACKGROUND)) && !isHidden(parts) && !isRunning(parts))
      shown.push(shapeOf(parts, kind?.instance, texts));
  }
  return isTable ? [{ table: shown.flatMap((one) => ("table" in one ? one.table : [one])) }] : shown;
}

type Parts = ReadonlyMap<number, PptRecord>;

function shapeOf(parts: Parts, kind: number | undefined, texts: Texts): Shape {
  const box = [...recordsIn(parts.get(RECORD.textbox)?.data ?? Buffer.alloc(0))];
  const named = box.find(({ type, data }) => type === RECORD.outlineText && data.length >= 4);
  const place = parts.get(RECORD.placeInGroup)?.data;
  const wordArt = propertiesIn(parts.get(RECORD.properties)).get(WORD_ART);
  const client = parts.get(RECORD.clientData)?.data;
  return {
    place:
      place && place.length >= 16
        ? [place.readInt32LE(0), place.readInt32LE(4), place.readInt32LE(8), place.readInt32LE(12)]
        : undefined,
    isLine: kind === LINE,
    isPlaceholder: client !== undefined && recordWithin(client, RECORD.placeholder) !== undefined,
    text: named ? taken(texts, named.data.readUInt32LE(0)) : textsIn(box)[0],
    numberings: client && taggedIn(client, RECORD.numberings)?.data,
    drawnText: Buffer.isBuffer(wordArt) ? wordArt.toString("utf16le").replace(/\0/g, "") : "",
  };
}

function taken(texts: Texts, number: number): SlideText | undefined {
  const text = texts.get(number);
  texts.delete(number);
  return text;
}

/** A record that PowerPoint 2000 added, which lies in a tag with a name, so that earlier versions keep it. */
export function taggedIn(container: Buffer, type: number): PptRecord | undefined {
  for (const tags of recordsIn(container)) {
    if (tags.type !== RECORD.tags) continue;
    for (const tag of recordsIn(tags.data)) {
      if (tag.type !== RECORD.tag) continue;
      const name = recordWithin(tag.data, RECORD.name)?.data.toString("utf16le");
      const found = name === "___PPT9" ? recordWithin(tag.data, RECORD.tagContent, type) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

/** PowerPoint 2007 stores such placeholders as text boxes, so that earlier versions show them, with a record of its own. */
function isRunning(parts: Parts): boolean {
  const client = parts.get(RECORD.clientData)?.data ?? Buffer.alloc(0);
  const placeholder = recordWithin(client, RECORD.placeholder)?.data[4];
  const newer = recordWithin(client, RECORD.newerPlaceholder)?.data[0];
  return [placeholder, newer].some((kind) => kind !== undefined && RUNNING.has(kind));
}

function isHidden(parts: Parts): boolean {
  const shown = numberOf(propertiesIn(parts.get(RECORD.properties)).get(SHOWN));
  return (shown & IS_HIDDEN) === IS_HIDDEN;
}

type Property = number | Buffer;

const numberOf = (property: Property | undefined) => (typeof property === "number" ? property : 0);

/** The properties in a record by their numbers; values that do not fit into four bytes follow all of them. */
function propertiesIn(record: PptRecord | undefined): Map<number, Property> {
  const properties = new Map<number, Property>();
  if (!record) return properties;
  const { instance: count, data } = record;
  let rest = 6 * count;
  for (let at = 0; at < 6 * count && at + 6 <= data.length; at += 6) {
    const [id, value] = [data.readUInt16LE(at), data.readUInt32LE(at + 2)];
    const isLong = (id & 0x8000) !== 0;
    properties.set(id & 0x3fff, isLong ? data.subarray(rest, rest + value) : value);
    if (isLong) rest += value;
  }
  return properties;
}

/** A grid with more cells would be no table that a person reads. */
const MOST_CELLS = 10_000;
/** Edges that are this close, in 1/576 inch, are one: programs round. */
const CLOSE = 4;

/** The rows of a table whose cells are shapes; undefined if they do not form one. `textOf`: the text of a cell. */
export function tableRows(shapes: readonly Shape[], textOf: (shape: Shape) => string): CellRow[] | undefined {
  const cells = shapes.filter((shape): shape is Shape & { place: NonNullable<Shape["place"]> } => {
    return shape.place !== undefined && !shape.isLine;
  });
  if (cells.length === 0 || cells.length > MOST_CELLS) return undefined;
  const columns = edges(cells.map(({ place: [left] }) => left));
  const rows = edges(cells.map(({ place: [, top] }) => top));
  const placed = rows.map((): (Cell & { readonly column: number })[] => []);
  for (const shape of cells) {
    const [left, top, right, bottom] = shape.place;
    const [row, column] = [indexIn(rows, top), indexIn(columns, left)];
    placed[row]!.push({
      column,
      text: textOf(shape),
      rows: Math.max(1, indexIn(rows, bottom - 2 * CLOSE) - row + 1),
      columns: Math.max(1, indexIn(columns, right - 2 * CLOSE) - column + 1),
    });
  }
  return placed.map((own) => ({ cells: own.sort((a, b) => a.column - b.column), isHeader: false }));
}

/** The different edges in order. */
function edges(all: readonly number[]): number[] {
  const found: number[] = [];
  for (const edge of [...all].sort((a, b) => a - b))
    if (found.length === 0 || edge > found[found.length - 1]! + CLOSE) found.push(edge);
  return found;
}

/** The index of the last edge that is not after a place, or of the first one. */
const indexIn = (found: readonly number[], place: number): number =>
  Math.max(
    0,
    lastAtOrBefore(place + CLOSE, found.length, (index) => found[index]!),
  );
