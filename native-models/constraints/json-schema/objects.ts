/** Objects: the properties that a schema names, in its order, then others. */
import type { Automaton } from "../automaton.ts";
import type { Node, Rule } from "../grammar.ts";
import type { Dfa } from "../regular/dfa.ts";
import { accepts, texts } from "../regular/dfa.ts";
import { alternativesOf } from "./alternatives.ts";
import type { Located, SchemaDocument } from "./document.ts";
import { factsOf } from "./facts.ts";
import type { Facts, ObjectFacts, ObjectLayer } from "./facts.ts";
import { refuse, refusing } from "./refusal.ts";
import type { Strings } from "./strings.ts";
import { COLON, COMMA } from "./written.ts";

/** A schema's values at one place, made once for each set of schemas that must hold there. */
export type ValueOf = (schemas: readonly Located[]) => Node;

interface Parts {
  readonly document: SchemaDocument;
  readonly writesUnmentioned: boolean;
  readonly strings: Strings;
  readonly valueOf: ValueOf;
  readonly literal: (text: string) => Node;
  readonly ruleOf: (key: string) => { rule: Rule; isNew: boolean };
}

/** Properties that are not named: what their names may be, and their values. */
interface Others {
  readonly names: Automaton;
  readonly value: Node;
}

const MOST_PROPERTIES = 1000;
const MOST_PATTERNS = 4;

export class ObjectNodes {
  readonly #parts: Parts;
  #objects = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws `unsupported-schema`. */
  of({ object, place }: Facts): Node {
    const { layers, required, min, max } = object;
    const named = [...new Set([...layers.flatMap(({ properties }) => [...properties.keys()]), ...required])];
    if (named.length > MOST_PROPERTIES) refuse(place, "properties", "too-large");
    const allowsName = this.#nameDfas(object);
    const names = named.filter((name) => allowsName.every((dfa) => accepts(dfa, name)));
    if ([...required].some((name) => !names.includes(name))) return { kind: "choice", options: [] };
    const others = max > 0 ? this.#others(object, named, allowsName, place) : [];
    // A name that is written twice counts once, so no more than one unnamed property can be guaranteed. Where none is written, the named
    // ones must suffice.
    const sure = others.length > 0 ? Math.max(1, required.size) : this.#isClosed(object) ? names.length : max;
    if (min > sure && max >= min) refuse(place, "minProperties", "keyword");
    const chain = new Chain(this.#parts, {
      key: String(this.#objects++),
      names,
      valueOf: (name) => this.#parts.valueOf(layers.flatMap((layer) => this.#valuesIn(layer, name))),
      others,
      required,
      min,
      max,
    });
    return { kind: "sequence", parts: [this.#parts.literal("{"), chain.node()] };
  }

  /** The schemas that a layer has for a property. */
  #valuesIn({ properties, patterns, additional }: ObjectLayer, name: string): Located[] {
    const own = properties.get(name);
    const matching = patterns.filter(({ source, place }) =>
      accepts(this.#parts.strings.pattern(source, place), name),
    );
    return orAdditional([...(own ? [own] : []), ...matching.map(({ value }) => value)], additional);
  }

  /** The names that `propertyNames` allows. */
  #nameDfas({ names }: ObjectFacts): Dfa[] {
    return names.map((located) => {
      const { document, strings } = this.#parts;
      const ways = alternativesOf(document, [located], () => true);
      if (ways.length !== 1) return refuse(located.place, "propertyNames", "keyword");
      const { types, values, string, place } = factsOf(document, ways[0]!);
      if (!types.has("string")) return texts([]);
      const dfa = strings.dfa(string, place);
      if (!values) return dfa;
      const names = values.filter(
        (value): value is string => typeof value === "string" && accepts(dfa, value),
      );
      return refusing(place, "enum", () => texts(names));
    });
  }

  /** Whether properties that are not mentioned are left out, although the schema allows them. */
  #isClosed({ layers }: ObjectFacts): boolean {
    const isMentioned = layers.some(
      ({ properties, patterns, additional }) => properties.size + patterns.length > 0 || additional !== null,
    );
    const allowsOthers = layers.every(({ additional }) => additional === null);
    return isMentioned && allowsOthers && !this.#parts.writesUnmentioned;
  }

  #others(object: ObjectFacts, named: readonly string[], allowed: readonly Dfa[], place: string): Others[] {
    const { strings, valueOf } = this.#parts;
    const { layers } = object;
    const patterns = layers.flatMap((layer) => layer.patterns.map((pattern) => ({ layer, ...pattern })));
    if (patterns.length > MOST_PATTERNS) refuse(place, "patternProperties", "too-large");
    const isClosed = this.#isClosed(object);
    const dfas = patterns.map(({ source, place }) => strings.pattern(source, place));
    const found: Others[] = [];
    for (let subset = 0; subset < 2 ** patterns.length; subset++) {
      const isIn = (index: number) => ((subset >> index) & 1) === 1;
      if (subset === 0 && isClosed) continue;
      const names = strings.names(
        {
          matching: [...allowed, ...dfas.filter((_, index) => isIn(index))],
          others: dfas.filter((_, index) => !isIn(index)),
          not: named,
        },
        place,
      );
      if (!names) continue;
      const matched = patterns.filter((_, index) => isIn(index));
      const schemas = layers.flatMap((layer) => {
        const its = matched.filter((pattern) => pattern.layer === layer).map(({ value }) => value);
        return orAdditional(its, layer.additional);
      });
      if (schemas.every(({ schema }) => schema !== false)) found.push({ names, value: valueOf(schemas) });
    }
    return found;
  }
}

/** The schemas that a layer has for a property: `additional` if none is for its name. */
const orAdditional = (ofName: Located[], additional: Located | null): Located[] =>
  ofName.length > 0 || !additional ? ofName : [additional];

interface Chained {
  readonly key: string;
  readonly names: readonly string[];
  readonly valueOf: (name: string) => Node;
  readonly others: readonly Others[];
  readonly required: ReadonlySet<string>;
  readonly min: number;
  readonly max: number;
}

/** A place in an object: how many names have been passed, and how many properties written. */
interface Link {
  readonly rule: Rule;
  readonly passed: number;
  readonly count: number;
}

/** A rule for each place in an object. */
class Chain {
  readonly #parts: Parts;
  readonly #object: Chained;
  /** Rules that have no target yet: there may be thousands, too many for recursion. */
  readonly #waiting: Link[] = [];
  /** Counts beyond this make no difference. */
  readonly #countsTo: number;

  constructor(parts: Parts, object: Chained) {
    this.#parts = parts;
    this.#object = object;
    const { min, max, names, others } = object;
    const isBounded = max < names.length || (max < Infinity && others.length > 0);
    this.#countsTo = isBounded ? max : Math.max(1, min);
  }

  /** What follows the opening brace. */
  node(): Node {
    const first = this.#from(0, 0);
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop())
      next.rule.target = { kind: "choice", options: this.#options(next) };
    return first;
  }

  #from(passed: number, count: number): Rule {
    const { rule, isNew } = this.#parts.ruleOf(`${this.#object.key} ${passed} ${count}`);
    if (isNew) this.#waiting.push({ rule, passed, count });
    return rule;
  }

  #options({ passed, count }: Link): Node[] {
    const { names, valueOf, required, others, min, max } = this.#object;
    const { literal } = this.#parts;
    const next = (at: number) => this.#from(at, Math.min(count + 1, this.#countsTo));
    const comma = count > 0 ? COMMA : "";
    const isFull = count >= max;
    const name = names[passed];
    const options: Node[] = [];
    if (name === undefined) {
      if (count >= min) options.push(literal("}"));
      for (const { names: automaton, value } of isFull ? [] : others)
        options.push({
          kind: "sequence",
          parts: [
            ...(comma ? [literal(comma)] : []),
            { kind: "text", automaton },
            literal(COLON),
            value,
            next(passed),
          ],
        });
    } else {
      const start = literal(`${comma}${JSON.stringify(name)}${COLON}`);
      if (!isFull) options.push({ kind: "sequence", parts: [start, valueOf(name), next(passed + 1)] });
      if (!required.has(name)) options.push(this.#from(passed + 1, count));
    }
    return options;
  }
}
