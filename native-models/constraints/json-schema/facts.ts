/** What a conjunction of schemas asserts about each type of value, merged. */
import type { Located, SchemaDocument, SchemaObject } from "./document.ts";
import { isObject } from "./document.ts";
import type { Conjunction } from "./alternatives.ts";
import { NUMBER_FORMATS, STRING_FORMATS } from "./formats.ts";
import type { NumberFormat } from "./formats.ts";
import { limitedBy, TYPES } from "./keywords.ts";
import type { Type } from "./keywords.ts";
import { refuse } from "./refusal.ts";
import { isWritten } from "./written.ts";

export interface Facts {
  /** The place of one of the schemas, for refusals. */
  readonly place: string;
  readonly types: ReadonlySet<Type>;
  readonly isInteger: boolean;
  /** The values that `enum` and `const` allow; null: any. */
  readonly values: readonly unknown[] | null;
  readonly number: NumberFacts;
  readonly string: StringFacts;
  readonly array: ArrayFacts;
  readonly object: ObjectFacts;
  /** Types about which anything is asserted beyond the type itself. */
  readonly limited: ReadonlySet<Type>;
}

interface Limit {
  readonly side: "min" | "max";
  readonly value: number;
  readonly isExclusive: boolean;
}

interface NumberFacts {
  readonly min: number;
  readonly max: number;
  readonly isMinExclusive: boolean;
  readonly isMaxExclusive: boolean;
  readonly divisors: readonly number[];
}

export interface StringFacts {
  readonly min: number;
  readonly max: number;
  readonly patterns: readonly { readonly source: string; readonly place: string }[];
  readonly formats: readonly { readonly name: string; readonly place: string }[];
}

/** What one schema says about the elements of arrays. */
interface ArrayLayer {
  readonly prefix: readonly Located[];
  /** The schema of all others; null: anything. */
  readonly rest: Located | null;
}

interface ArrayFacts {
  readonly min: number;
  readonly max: number;
  readonly layers: readonly ArrayLayer[];
}

/** What one schema says about the properties of objects. */
export interface ObjectLayer {
  readonly properties: ReadonlyMap<string, Located>;
  /** The schema of all others; null: not mentioned. */
  readonly additional: Located | null;
}

export interface ObjectFacts {
  readonly required: ReadonlySet<string>;
  readonly layers: readonly ObjectLayer[];
}

/** Throws `unsupported-schema`. */
export function factsOf(document: SchemaDocument, conjunction: Conjunction): Facts {
  const readers = conjunction.map((located) => new KeywordReader(document, located));
  const typeLists = readers.map((reader) => reader.types()).filter((list) => list !== null);
  const names = (type: Type) => (type === "number" ? ["number", "integer"] : [type]);
  const allows = (type: Type) => typeLists.every((list) => names(type).some((name) => list.includes(name)));
  const values = commonValues(readers.flatMap((reader) => reader.valueLists()));
  const listed = values && new Set(values.map(typeOf));
  const most = (keyword: string) => Math.max(0, ...readers.map((reader) => reader.count(keyword) ?? 0));
  const least = (keyword: string) =>
    Math.min(Infinity, ...readers.map((reader) => reader.count(keyword) ?? Infinity));
  const keywords = conjunction.flatMap(({ schema }) => Object.keys(schema));
  const types = new Set(TYPES.filter((type) => allows(type) && (!listed || listed.has(type))));
  const formats = readers
    .flatMap((reader) => reader.text("format"))
    .map(({ text, place }) => ({ name: text, place }));
  // A format is about one type of value; one that nobody here knows would be ignored for others.
  for (const { name, place } of formats)
    if (!(NUMBER_FORMATS.has(name) ? types.has("number") : STRING_FORMATS.has(name)))
      refuse(place, `format ${name}`, "keyword");
  const ofNumbers = formats.flatMap(({ name }) => NUMBER_FORMATS.get(name) ?? []);
  return {
    place: conjunction[0]?.place ?? "#",
    types,
    isInteger:
      typeLists.some((list) => list.includes("integer") && !list.includes("number")) ||
      ofNumbers.some(({ isInteger }) => isInteger),
    values,
    number: numberFacts(readers, ofNumbers),
    string: {
      min: most("minLength"),
      max: least("maxLength"),
      patterns: readers
        .flatMap((reader) => reader.text("pattern"))
        .map(({ text, place }) => ({ source: text, place })),
      formats: formats.filter(({ name }) => !NUMBER_FORMATS.has(name)),
    },
    array: {
      min: most("minItems"),
      max: Math.min(least("maxItems"), ...readers.map((reader) => reader.mostUnique())),
      layers: readers.map((reader) => reader.elements()),
    },
    object: {
      required: new Set(readers.flatMap((reader) => reader.required())),
      layers: readers.map((reader) => reader.properties()),
    },
    limited: new Set([
      ...keywords.flatMap((keyword) => limitedBy(keyword) ?? []),
      ...(ofNumbers.length > 0 ? (["number"] as const) : []),
    ]),
  };
}

export const typeOf = (value: unknown): Type =>
  value === null ? "null" : Array.isArray(value) ? "array" : (typeof value as Type);

function numberFacts(readers: readonly KeywordReader[], formats: readonly NumberFormat[]): NumberFacts {
  const limits = [
    ...readers.flatMap((reader) => reader.limits()),
    ...formats.flatMap(({ min, max }): Limit[] => [
      { side: "min", value: min, isExclusive: false },
      { side: "max", value: max, isExclusive: false },
    ]),
  ];
  const tightest = (side: "min" | "max", sign: 1 | -1) =>
    limits
      .filter((limit) => limit.side === side)
      .reduce(
        (best, { value, isExclusive }) =>
          sign * value > sign * best.value || (value === best.value && isExclusive)
            ? { value, isExclusive }
            : best,
        { value: -sign * Infinity, isExclusive: false },
      );
  const [min, max] = [tightest("min", 1), tightest("max", -1)];
  return {
    min: min.value,
    max: max.value,
    isMinExclusive: min.isExclusive,
    isMaxExclusive: max.isExclusive,
    divisors: readers.flatMap((reader) => reader.divisors()),
  };
}

/** The values that are in all lists. */
function commonValues(lists: readonly (readonly unknown[])[]): readonly unknown[] | null {
  const [first, ...others] = lists;
  if (!first) return null;
  const keys = others.map((list) => new Set(list.map(keyOf)));
  return first.filter((value) => keys.every((known) => known.has(keyOf(value))));
}

/** A key that is the same for values that are equal in JSON. */
export function keyOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const properties = Object.keys(value).sort();
  return `{${properties.map((name) => `${JSON.stringify(name)}:${keyOf(value[name])}`).join()}}`;
}

/** Reads the keywords of one schema; a value of another form than a keyword's is refused. */
class KeywordReader {
  readonly #document: SchemaDocument;
  readonly #located: Conjunction[number];
  readonly #schema: SchemaObject;

  constructor(document: SchemaDocument, located: Conjunction[number]) {
    this.#document = document;
    this.#located = located;
    this.#schema = located.schema;
  }

  types(): readonly string[] | null {
    const { type } = this.#schema;
    if (type === undefined) return null;
    const list: readonly unknown[] = Array.isArray(type) ? type : [type];
    const known: readonly unknown[] = [...TYPES, "integer"];
    return list.length > 0 && list.every((one) => known.includes(one))
      ? (list as readonly string[])
      : this.#refuse("type");
  }

  valueLists(): (readonly unknown[])[] {
    const { enum: list } = this.#schema;
    if (list !== undefined && (!Array.isArray(list) || !isWritten(list))) return this.#refuse("enum");
    const { const: only } = this.#schema;
    if (only !== undefined && !isWritten(only)) return this.#refuse("const");
    return [...(list === undefined ? [] : [list]), ...(only === undefined ? [] : [[only]])];
  }

  count(keyword: string): number | null {
    const value = this.#number(keyword);
    return value === null || (Number.isInteger(value) && value >= 0) ? value : this.#refuse(keyword);
  }

  /** That elements differ from each other can only be guaranteed if there is at most one. */
  mostUnique(): number {
    const { uniqueItems = false, maxItems } = this.#schema;
    if (typeof uniqueItems !== "boolean") return this.#refuse("uniqueItems");
    if (!uniqueItems || (typeof maxItems === "number" && maxItems <= 1)) return Infinity;
    return refuse(this.#located.place, "uniqueItems", "keyword");
  }

  text(keyword: "pattern" | "format"): { text: string; place: string }[] {
    const text = this.#schema[keyword];
    if (text === undefined) return [];
    return typeof text === "string" ? [{ text, place: this.#located.place }] : this.#refuse(keyword);
  }

  limits(): Limit[] {
    return (["min", "max"] as const).flatMap((side) => {
      const name = side === "min" ? "Minimum" : "Maximum";
      const inclusive = this.#number(`${side}imum`);
      const exclusive = this.#schema[`exclusive${name}`];
      // In draft 4, this is a boolean that says whether the other limit is exclusive.
      if (typeof exclusive === "boolean")
        return inclusive === null ? [] : [{ side, value: inclusive, isExclusive: exclusive }];
      const beyond = this.#number(`exclusive${name}`);
      return [
        ...(inclusive === null ? [] : [{ side, value: inclusive, isExclusive: false }]),
        ...(beyond === null ? [] : [{ side, value: beyond, isExclusive: true }]),
      ];
    });
  }

  divisors(): number[] {
    const value = this.#number("multipleOf");
    if (value === null) return [];
    if (value <= 0) return this.#refuse("multipleOf");
    // Other divisors are compared in floating point, which an automaton over digits cannot reproduce.
    return Number.isInteger(value) ? [value] : refuse(this.#located.place, "multipleOf", "keyword");
  }

  elements(): ArrayLayer {
    const { items, prefixItems, additionalItems } = this.#schema;
    const listed = Array.isArray(items) ? "items" : "prefixItems";
    const list = this.#schema[listed];
    if (list !== undefined && !Array.isArray(list)) return this.#refuse(listed);
    const prefix = ((list ?? []) as unknown[]).map((_, index) =>
      this.#document.inside(this.#located, listed, index),
    );
    const ofRest = Array.isArray(items) ? "additionalItems" : "items";
    const rest = Array.isArray(items) ? additionalItems : items;
    if (Array.isArray(items) && prefixItems !== undefined) return this.#refuse("prefixItems");
    return { prefix, rest: rest === undefined ? null : this.#document.inside(this.#located, ofRest) };
  }

  required(): string[] {
    const { required } = this.#schema;
    if (required === undefined) return [];
    const isList = Array.isArray(required) && required.every((name) => typeof name === "string");
    return isList && isWritten(required) ? (required as string[]) : this.#refuse("required");
  }

  properties(): ObjectLayer {
    const { properties = {}, additionalProperties } = this.#schema;
    if (!isObject(properties) || !isWritten(Object.keys(properties))) return this.#refuse("properties");
    const inside = (...path: string[]) => this.#document.inside(this.#located, ...path);
    return {
      properties: new Map(Object.keys(properties).map((name) => [name, inside("properties", name)])),
      additional: additionalProperties === undefined ? null : inside("additionalProperties"),
    };
  }

  #number(keyword: string): number | null {
    const value = this.#schema[keyword];
    if (value === undefined) return null;
    return typeof value === "number" && Number.isFinite(value) ? value : this.#refuse(keyword);
  }

  #refuse(keyword: string): never {
    return refuse(this.#located.place, keyword, "value");
  }
}
