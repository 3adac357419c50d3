/** Expands schemas that must hold together: one list for each way to satisfy them, without references and combinations. */
import { isObject } from "./document.ts";
import type { Located, SchemaDocument, SchemaObject } from "./document.ts";
import { isKnownKeyword } from "./keywords.ts";
import { refuse } from "./refusal.ts";

/** Schema objects that all hold, without `$ref`, `allOf`, `anyOf` and `oneOf`, which have been followed. */
export type Conjunction = readonly (Located & { readonly schema: SchemaObject })[];

/** Whether two conjunctions can't hold together. */
export type AreDisjoint = (a: Conjunction, b: Conjunction) => boolean;

const MOST_ALTERNATIVES = 500;

interface Pending {
  readonly located: Located;
  /** The places that led here without descending into a value. */
  readonly through: readonly string[];
}

/** All ways to satisfy schemas together. Throws `unsupported-schema`. */
export function alternativesOf(
  document: SchemaDocument,
  schemas: readonly Located[],
  areDisjoint: AreDisjoint,
): Conjunction[] {
  const pending = schemas.map((located) => ({ located, through: [] }));
  return new Alternatives(document, areDisjoint).of(pending);
}

class Alternatives {
  readonly #document: SchemaDocument;
  readonly #areDisjoint: AreDisjoint;
  /** The `oneOf`s known to be disjoint, with what else holds there: each is checked once, or nested `oneOf`s would double the work per level. */
  readonly #disjoint = new Set<string>();

  constructor(document: SchemaDocument, areDisjoint: AreDisjoint) {
    this.#document = document;
    this.#areDisjoint = areDisjoint;
  }

  of(pending: readonly Pending[], held: Conjunction = []): Conjunction[] {
    const flat = [...held];
    const choices: Pending[][] = [];
    const queue = [...pending].reverse();
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { schema, place } = next.located;
      if (next.through.includes(place)) refuse(place, "$ref", "recursion");
      if (schema === false || isNever(schema)) return [];
      if (schema === true || flat.some((one) => one.place === place)) continue;
      check(schema, place);
      flat.push({ schema, place });
      const through = [...next.through, place];
      // The last one is next, so that properties come in the order of the schema.
      queue.push(...this.#inside(next.located, "allOf", through).reverse());
      if (schema["$ref"] !== undefined)
        queue.push({ located: this.#document.referred(next.located, schema["$ref"]), through });
      for (const keyword of ["anyOf", "oneOf"]) {
        const options = this.#inside(next.located, keyword, through);
        if (options.length > 0) choices.push(options);
        if (keyword === "oneOf") this.#requireDisjoint(options, flat, place);
      }
    }
    if (choices.length === 0) return [flat];
    const all = combinations(choices).flatMap((combined) => this.of(combined, flat));
    return all.length > MOST_ALTERNATIVES ? refuse(flat[0]!.place, "anyOf", "too-large") : all;
  }

  #inside(located: Located, keyword: string, through: readonly string[]): Pending[] {
    const { schema, place } = located;
    const value = (schema as SchemaObject)[keyword];
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length === 0) return refuse(place, keyword, "value");
    return value.map((_, index) => ({ located: this.#document.inside(located, keyword, index), through }));
  }

  /** `oneOf` is equivalent to `anyOf` if no document satisfies two of its schemas. */
  #requireDisjoint(options: readonly Pending[], flat: Conjunction, place: string): void {
    const key = JSON.stringify([place, ...flat.map((one) => one.place).sort()]);
    if (this.#disjoint.has(key)) return;
    const all = options.map((option) => this.of([option], flat));
    for (const [index, one] of all.entries())
      for (const other of all.slice(index + 1))
        if (one.some((a) => other.some((b) => !this.#areDisjoint(a, b)))) refuse(place, "oneOf", "overlap");
    this.#disjoint.add(key);
  }
}

function combinations(choices: readonly Pending[][]): Pending[][] {
  let all: Pending[][] = [[]];
  for (const options of choices) {
    all = all.flatMap((before) => options.map((option) => [...before, option]));
    if (all.length > MOST_ALTERNATIVES) refuse(options[0]!.located.place, "anyOf", "too-large");
  }
  return all;
}

function check(schema: SchemaObject, place: string): void {
  for (const keyword of Object.keys(schema)) if (!isKnownKeyword(keyword)) refuse(place, keyword, "keyword");
  if (schema["not"] !== undefined && schema["not"] !== false) refuse(place, "not", "keyword");
}

/** Whether its `not` excludes everything; another `not` is refused. */
const isNever = (schema: SchemaObject | true): boolean =>
  schema !== true &&
  (schema["not"] === true || (isObject(schema["not"]) && Object.keys(schema["not"]).length === 0));
