/** Objects: the properties that a schema names, in its order, then others. */
import type { Automaton } from "../automaton.ts";
import type { Node, Rule } from "../grammar.ts";
import type { Located } from "./document.ts";
import type { Facts, ObjectFacts, ObjectLayer } from "./facts.ts";
import { refuse } from "./refusal.ts";
import type { Strings } from "./strings.ts";
import { COLON, COMMA } from "./written.ts";

/** A schema's values at one place, made once for each set of schemas that must hold there. */
export type ValueOf = (schemas: readonly Located[]) => Node;

interface Parts {
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

export class ObjectNodes {
  readonly #parts: Parts;
  #objects = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws `unsupported-schema`. */
  of({ object, place }: Facts): Node {
    const { layers, required } = object;
    const names = [...new Set([...layers.flatMap(({ properties }) => [...properties.keys()]), ...required])];
    if (names.length > MOST_PROPERTIES) refuse(place, "properties", "too-large");
    const chain = new Chain(this.#parts, {
      key: String(this.#objects++),
      names,
      valueOf: (name) => this.#parts.valueOf(layers.flatMap((layer) => valuesIn(layer, name))),
      others: this.#others(object, names, place),
      required,
    });
    return { kind: "sequence", parts: [this.#parts.literal("{"), chain.node()] };
  }

  #others({ layers }: ObjectFacts, named: readonly string[], place: string): Others | null {
    const { strings, valueOf, writesUnmentioned } = this.#parts;
    const schemas = layers.flatMap(({ additional }) => additional ?? []);
    const isOpen = schemas.length > 0 || layers.every(({ properties }) => properties.size === 0);
    // Properties that are not mentioned are left out beside those that are, although the schema allows them.
    if (!isOpen && !writesUnmentioned) return null;
    if (schemas.some(({ schema }) => schema === false)) return null;
    const names = strings.names(named, place);
    return names && { names, value: valueOf(schemas) };
  }
}

/** The schemas that a layer has for a property. */
function valuesIn({ properties, additional }: ObjectLayer, name: string): Located[] {
  const value = properties.get(name) ?? additional;
  return value ? [value] : [];
}

interface Chained {
  readonly key: string;
  readonly names: readonly string[];
  readonly valueOf: (name: string) => Node;
  readonly others: Others | null;
  readonly required: ReadonlySet<string>;
}

/** A place in an object: how many names have been passed, and whether a property has been written. */
interface Link {
  readonly rule: Rule;
  readonly passed: number;
  readonly isFirst: boolean;
}

/** A rule for each place in an object. */
class Chain {
  readonly #parts: Parts;
  readonly #object: Chained;
  /** Rules that have no target yet: there may be thousands, too many for recursion. */
  readonly #waiting: Link[] = [];

  constructor(parts: Parts, object: Chained) {
    this.#parts = parts;
    this.#object = object;
  }

  /** What follows the opening brace. */
  node(): Node {
    const first = this.#from(0, true);
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop())
      next.rule.target = { kind: "choice", options: this.#options(next) };
    return first;
  }

  #from(passed: number, isFirst: boolean): Rule {
    const { rule, isNew } = this.#parts.ruleOf(`${this.#object.key} ${passed} ${isFirst}`);
    if (isNew) this.#waiting.push({ rule, passed, isFirst });
    return rule;
  }

  #options({ passed, isFirst }: Link): Node[] {
    const { names, valueOf, required, others } = this.#object;
    const { literal } = this.#parts;
    const comma = isFirst ? "" : COMMA;
    const name = names[passed];
    if (name === undefined) {
      const end = literal("}");
      if (!others) return [end];
      const unnamed: Node[] = [{ kind: "text", automaton: others.names }, literal(COLON), others.value];
      return [
        end,
        {
          kind: "sequence",
          parts: [...(comma ? [literal(comma)] : []), ...unnamed, this.#from(passed, false)],
        },
      ];
    }
    const start = literal(`${comma}${JSON.stringify(name)}${COLON}`);
    const written: Node = { kind: "sequence", parts: [start, valueOf(name), this.#from(passed + 1, false)] };
    return required.has(name) ? [written] : [written, this.#from(passed + 1, isFirst)];
  }
}
