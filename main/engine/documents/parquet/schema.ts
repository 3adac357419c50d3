/** The columns of a Parquet file as a tree (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md). */
import { refuse } from "./bad-parquet.ts";
import { countIn, numberIn, structIn, textIn } from "./thrift.ts";
import type { Shape, Struct } from "./thrift.ts";

/** How bytes become values; `other` cannot be part of a row. */
export type Kind = "text" | "bytes" | "boolean" | "number" | "decimal" | "day" | "time" | "other";

/** Physical types by their number. */
export const PHYSICAL = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, bytes: 6, fixed: 7 };

const REPETITION = { required: 0, optional: 1, repeated: 2 };
const CONVERTED = { utf8: 0, map: 1, mapKeyValue: 2, list: 3, enum: 4, decimal: 5, date: 6, json: 19 };
const TIMES: Record<number, number> = { 9: 1, 10: 1000 }; // converted type → parts of a millisecond

/** The fields of a SchemaElement that matter. */
export const SCHEMA_ELEMENT: Shape = {
  1: "value",
  2: "value",
  3: "value",
  4: "value",
  5: "value",
  6: "value",
  7: "value",
  10: {
    1: {},
    2: {},
    3: {},
    4: {},
    5: {},
    6: {},
    8: { 2: { 1: {}, 2: {}, 3: {} } },
    10: { 2: "value" },
    12: {},
  },
};

/** A column or part of one. Levels are Dremel's: the number of optional or repeated ancestors so far. */
export interface Node {
  readonly name: string;
  readonly optional: boolean;
  readonly repeated: boolean;
  readonly definition: number;
  readonly repetition: number;
  readonly form: "list" | "map" | "plain";
  readonly children: readonly Node[];
  /** The type of a leaf's values; null if it has children. */
  readonly leaf: Leaf | null;
}

export interface Leaf {
  readonly type: number;
  /** Bytes of a value of fixed length. */
  readonly width: number;
  readonly kind: Kind;
  /** Of a decimal: digits after the point. Of a time: parts of a millisecond. */
  readonly scale: number;
  readonly unsigned: boolean;
}

const DEEPEST = 32;
const MOST_ELEMENTS = 10_000;

/** The top-level columns. Throws `BadParquet`. */
export function schemaTree(elements: readonly Struct[]): Node[] {
  if (elements.length > MOST_ELEMENTS) refuse(`has more than ${MOST_ELEMENTS} columns`);
  let next = 0;
  const children = (
    element: Struct,
    depth: number,
    levels: Pick<Node, "definition" | "repetition">,
  ): Node[] => {
    const count = countIn(element, 5, 0);
    const nodes: Node[] = [];
    for (let i = 0; i < count; i++) nodes.push(node(depth + 1, levels));
    return nodes;
  };
  const node = (depth: number, above: Pick<Node, "definition" | "repetition">): Node => {
    if (depth > DEEPEST) refuse(`has columns nested more than ${DEEPEST} deep`);
    const element = elements[next++] ?? refuse("has a description that lacks columns");
    const repetition = numberIn(element, 3, REPETITION.required);
    const [optional, repeated] = [repetition === REPETITION.optional, repetition === REPETITION.repeated];
    const levels = {
      definition: above.definition + (optional || repeated ? 1 : 0),
      repetition: above.repetition + (repeated ? 1 : 0),
    };
    const isGroup = element.has(5) && !element.has(1);
    const inner = isGroup ? children(element, depth, levels) : [];
    if (isGroup && inner.length === 0) refuse("has an empty column");
    const leaf = isGroup ? null : leafOf(element);
    return {
      name: textIn(element, 4),
      optional,
      repeated,
      ...levels,
      form: formOf(element),
      children: inner,
      leaf,
    };
  };
  const root = elements[next++] ?? refuse("has no columns");
  const columns = children(root, 0, { definition: 0, repetition: 0 });
  if (next !== elements.length || columns.length === 0) refuse("has a damaged list of columns");
  return columns;
}

/** The leaves below a node, in the order of the file. */
export function leavesOf(node: Node): Node[] {
  return node.leaf ? [node] : node.children.flatMap(leavesOf);
}

function formOf(element: Struct): Node["form"] {
  const converted = element.get(6);
  const logical = structIn(element, 10);
  if (converted === CONVERTED.list || logical?.has(3)) return "list";
  const isMap = converted === CONVERTED.map || converted === CONVERTED.mapKeyValue || logical?.has(2);
  return isMap ? "map" : "plain";
}

function leafOf(element: Struct): Leaf {
  const type = numberIn(element, 1);
  if (type < PHYSICAL.boolean || type > PHYSICAL.fixed) refuse("has a column of an unknown type");
  const width = countIn(element, 2, 0);
  if (type === PHYSICAL.fixed && (width === 0 || width > 2 ** 16))
    refuse("has a column of an impossible width");
  const converted = element.get(6);
  const integer = structIn(structIn(element, 10) ?? new Map(), 10);
  const unsigned =
    (typeof converted === "number" && converted >= 11 && converted <= 14) || integer?.get(2) === false;
  return { type, width, unsigned, ...meaningOf(element, type) };
}

function meaningOf(element: Struct, type: number): Pick<Leaf, "kind" | "scale"> {
  const converted = element.get(6);
  const logical = structIn(element, 10);
  const isInteger = type === PHYSICAL.int32 || type === PHYSICAL.int64;
  if (type === PHYSICAL.boolean) return { kind: "boolean", scale: 0 };
  if (type === PHYSICAL.bytes) {
    const isText = [CONVERTED.utf8, CONVERTED.enum, CONVERTED.json].includes(converted as number);
    if (isText || logical?.has(1) || logical?.has(4) || logical?.has(12)) return { kind: "text", scale: 0 };
    return { kind: converted === undefined && logical === undefined ? "bytes" : "other", scale: 0 };
  }
  if (converted === CONVERTED.decimal || logical?.has(5)) {
    const scale = numberIn(element, 7, 0);
    return isInteger && scale >= 0 && scale <= 18 ? { kind: "decimal", scale } : { kind: "other", scale: 0 };
  }
  if (type === PHYSICAL.int32 && (converted === CONVERTED.date || logical?.has(6)))
    return { kind: "day", scale: 1 };
  const unit = structIn(structIn(logical ?? new Map(), 8) ?? new Map(), 2);
  const parts = unit?.has(3) ? 1e6 : unit?.has(2) ? 1e3 : unit?.has(1) ? 1 : TIMES[converted as number];
  if (type === PHYSICAL.int64 && parts !== undefined) return { kind: "time", scale: parts };
  return {
    kind: isInteger || type === PHYSICAL.float || type === PHYSICAL.double ? "number" : "other",
    scale: 0,
  };
}
