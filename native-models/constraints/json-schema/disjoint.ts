/** Whether schemas exclude each other: what `oneOf` needs. */
import { accepts, intersect, isEmpty } from "../regular/dfa.ts";
import { alternativesOf } from "./alternatives.ts";
import type { AreDisjoint, Conjunction } from "./alternatives.ts";
import type { SchemaDocument } from "./document.ts";
import { factsOf, keyOf } from "./facts.ts";
import type { Facts } from "./facts.ts";
import { refusing } from "./refusal.ts";
import type { Strings } from "./strings.ts";

/** How deep properties of properties are compared. */
const DEEPEST = 3;

/** Compares types, listed values, patterns, and properties that both require. */
export function areDisjoint(document: SchemaDocument, strings: Strings, depth = 0): AreDisjoint {
  return (a, b) => {
    const [left, right] = [factsOf(document, a), factsOf(document, b)];
    if (left.values && right.values) return differ(left.values, right.values);
    const types = [...left.types].filter((type) => right.types.has(type));
    return types.every((type) => {
      if (type === "object") return depth < DEEPEST && haveDisjointProperty(left, right);
      if (type === "string") return haveDisjointStrings(left, right);
      if (type === "number") return haveDisjointNumbers(left, right);
      if (type === "array") return left.array.min > right.array.max || right.array.min > left.array.max;
      return false;
    });
  };

  function haveDisjointProperty(left: Facts, right: Facts): boolean {
    const shared = [...left.object.required].filter((name) => right.object.required.has(name));
    return shared.some((name) => {
      const ways = (facts: Facts): Conjunction[] => {
        const schemas = facts.object.layers.flatMap(({ properties }) => properties.get(name) ?? []);
        return alternativesOf(document, schemas, areDisjoint(document, strings, depth + 1));
      };
      const [of, against] = [ways(left), ways(right)];
      const disjoint = areDisjoint(document, strings, depth + 1);
      return of.every((one) => against.every((other) => disjoint(one, other)));
    });
  }

  function haveDisjointStrings(left: Facts, right: Facts): boolean {
    const [of, against] = [left, right].map(({ string, place }) => strings.dfa(string, place));
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
