/** Whether schemas exclude each other: what `oneOf` needs. */
import { accepts, intersect, isEmpty } from "../regular/dfa.ts";
import { alternativesOf } from "./alternatives.ts";
import type { AreDisjoint, Conjunction } from "./alternatives.ts";
import type { SchemaDocument } from "./document.ts";
import { factsOf, keyOf } from "./facts.ts";
import type { Facts } from "./facts.ts";
import { refuse, refusing } from "./refusal.ts";
import type { Strings } from "./strings.ts";

/** How deep properties of properties are compared. */
const DEEPEST = 3;

/** More comparisons than this are refused: alternatives of alternatives multiply. A `oneOf` of 100 kinds of objects needs 10,000. */
const MOST_COMPARISONS = 200_000;

/** Compares the schemas of one document. */
export class Disjointness {
  readonly #document: SchemaDocument;
  readonly #strings: Strings;
  /** Each conjunction, and each property, is compared with many others. */
  readonly #facts = new WeakMap<Conjunction, Facts>();
  readonly #values = new WeakMap<Facts, Map<string, Conjunction[]>>();
  #comparisons = 0;

  constructor(document: SchemaDocument, strings: Strings) {
    this.#document = document;
    this.#strings = strings;
  }

  /** Compares types, listed values, patterns, and properties that both require. Throws `unsupported-schema`. */
  readonly areDisjoint: AreDisjoint = (a, b) => this.#areDisjoint(a, b, 0);

  #areDisjoint(a: Conjunction, b: Conjunction, depth: number): boolean {
    const [left, right] = [this.#factsOf(a), this.#factsOf(b)];
    if (++this.#comparisons > MOST_COMPARISONS) refuse(left.place, "oneOf", "too-large");
    if (left.values && right.values) return differ(left.values, right.values);
    const types = [...left.types].filter((type) => right.types.has(type));
    return types.every((type) => {
      if (type === "object") return depth < DEEPEST && this.#haveDisjointProperty(left, right, depth);
      if (type === "string") return this.#haveDisjointStrings(left, right);
      if (type === "number") return haveDisjointNumbers(left, right);
      if (type === "array") return left.array.min > right.array.max || right.array.min > left.array.max;
      return false;
    });
  }

  #factsOf(conjunction: Conjunction): Facts {
    const facts = this.#facts.get(conjunction) ?? factsOf(this.#document, conjunction);
    this.#facts.set(conjunction, facts);
    return facts;
  }

  #haveDisjointProperty(left: Facts, right: Facts, depth: number): boolean {
    const areDisjoint: AreDisjoint = (a, b) => this.#areDisjoint(a, b, depth + 1);
    const shared = [...left.object.required].filter((name) => right.object.required.has(name));
    return shared.some((name) => {
      const [of, against] = [left, right].map((facts) => this.#valuesOf(facts, name, areDisjoint)) as [
        Conjunction[],
        Conjunction[],
      ];
      return of.every((one) => against.every((other) => areDisjoint(one, other)));
    });
  }

  /** The ways to satisfy what is said about a property. */
  #valuesOf(facts: Facts, name: string, areDisjoint: AreDisjoint): Conjunction[] {
    const known = this.#values.get(facts) ?? new Map<string, Conjunction[]>();
    this.#values.set(facts, known);
    let values = known.get(name);
    if (!values) {
      const schemas = facts.object.layers.flatMap(({ properties }) => properties.get(name) ?? []);
      values = alternativesOf(this.#document, schemas, areDisjoint);
      known.set(name, values);
    }
    return values;
  }

  #haveDisjointStrings(left: Facts, right: Facts): boolean {
    const [of, against] = [left, right].map(({ string, place }) => this.#strings.dfa(string, place));
    const listed = (facts: Facts) => facts.values?.filter((value) => typeof value === "string");
    const [own, others] = [listed(left), listed(right)];
    if (own) return own.every((value) => !accepts(against!, value));
    if (others) return others.every((value) => !accepts(of!, value));
    return refusing(left.place, "oneOf", () => isEmpty(intersect(of!, against!)));
  }
}

function haveDisjointNumbers(left: Facts, right: Facts): boolean {
  const isBelow = ({ number: a }: Facts, { number: b }: Facts) =>
    a.max < b.min || (a.max === b.min && (a.isMaxExclusive || b.isMinExclusive));
  return isBelow(left, right) || isBelow(right, left);
}

function differ(a: readonly unknown[], b: readonly unknown[]): boolean {
  const keys = new Set(a.map(keyOf));
  return b.every((value) => !keys.has(keyOf(value)));
}
