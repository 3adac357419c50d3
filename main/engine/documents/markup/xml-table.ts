/** Data in XML: elements of the same name that have nothing but single values, such as the entries of an account, as a table. */
import { addTo } from "../blocks/lists.ts";
import type { CellRow } from "../blocks/table-grid.ts";
import { elementsOf, rawText } from "./markup.ts";
import type { Element } from "./markup.ts";

/** A longer value is a text, and a record has none. */
const LONGEST_VALUE_CHARACTERS = 200;
const FEWEST_VALUES = 2;
const MOST_COLUMNS = 200;
/** At least this share of the cells of a table is filled. */
const FILLED_SHARE = 0.25;
/** Paragraphs and their parts: what has them is a text. */
const TEXT = /^(?:p|para|simpara|t|span)$/;
/** Attributes about the XML itself. */
const TECHNICAL = /^(?:xmlns|xsi|xml)(?::|$)/;

/** The values of a record by their columns: the names of the elements that lead to them, or an attribute's name. */
type Values = Map<string, string[]>;

/** The table of some elements, with the names of its columns; undefined if one of them is no record. */
export function recordTable(elements: readonly Element[]): CellRow[] | undefined {
  const records: Values[] = [];
  const columns = new Set<string>();
  let filled = 0;
  for (const element of elements) {
    const record = recordOf(element);
    if (!record) return undefined;
    for (const column of record.keys()) columns.add(column);
    if (columns.size > MOST_COLUMNS) return undefined;
    filled += record.size;
    records.push(record);
  }
  if (filled < FILLED_SHARE * columns.size * records.length) return undefined;
  const paths = [...columns];
  const rowOf = (texts: readonly string[], isHeader: boolean): CellRow => ({
    cells: texts.map((text) => ({ text })),
    isHeader,
  });
  return [
    rowOf(namesOf(paths), true),
    ...records.map((record) =>
      rowOf(
        paths.map((path) => (record.get(path) ?? []).join(", ")),
        false,
      ),
    ),
  ];
}

/** The values of an element; undefined if it has texts, or records within it, which are for a table of their own. */
function recordOf(element: Element): Values | undefined {
  const values: Values = new Map();
  const elements = new Set<string>();
  const add = (path: readonly string[], value: string): boolean => {
    const text = value.trim();
    if (text.length > LONGEST_VALUE_CHARACTERS || text.includes("\n")) return false;
    if (text !== "") addTo(values, path.join("/"), text);
    return true;
  };
  const isRead = (one: Element, path: readonly string[]): boolean => {
    for (const [name, value] of Object.entries(one.attributes))
      if (!TECHNICAL.test(name) && !add([...path, localName(name)], value)) return false;
    const inner = elementsOf(one);
    if (inner.length === 0 && path.length > 0 && one.children.length > 0) {
      elements.add(path.join("/"));
      return !TEXT.test(path.at(-1)!) && add(path, rawText(one));
    }
    if (one.children.some((child) => typeof child === "string" && child.trim() !== "")) return false;
    const outer = inner.filter((child) => elementsOf(child).length > 0).map(({ name }) => name);
    if (new Set(outer).size < outer.length) return false;
    return inner.every((child) => isRead(child, [...path, localName(child.name)]));
  };
  if (!isRead(element, [])) return undefined;
  const isData = elements.size >= FEWEST_VALUES || (elements.size === 0 && values.size >= FEWEST_VALUES);
  return isData ? values : undefined;
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/** The last name of each path, after the one before it where it is not the only such name. */
function namesOf(paths: readonly string[]): string[] {
  const lastOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  const lasts = paths.map(lastOf);
  return paths.map((path, index) => {
    const isOnly = lasts.indexOf(lasts[index]!) === lasts.lastIndexOf(lasts[index]!);
    return isOnly ? lasts[index]! : path.split("/").slice(-2).join(" ");
  });
}
