/**
 * A JSON schema as a grammar of the documents that it allows, as `written` writes them: properties in the order of the schema, then
 * others. Whatever is written is valid; what is not supported is refused before anything is written.
 */
import { OneOf, automatonOf } from "../automaton.ts";
import type { Automaton } from "../automaton.ts";
import type { Node, Rule } from "../grammar.ts";
import { accepts, anyOf, intersect, isEmpty } from "../regular/dfa.ts";
import type { Dfa } from "../regular/dfa.ts";
import { anyNumber, numbersBetween, within } from "../regular/numbers.ts";
import { ALL, isOf } from "../regular/ranges.ts";
import type { Ranges } from "../regular/ranges.ts";
import { alternativesOf } from "./alternatives.ts";
import { SchemaDocument } from "./document.ts";
import type { Located } from "./document.ts";
import { Disjointness } from "./disjoint.ts";
import { factsOf, typeOf } from "./facts.ts";
import type { Facts } from "./facts.ts";
import type { Type } from "./keywords.ts";
import { ObjectNodes } from "./objects.ts";
import type { ValueOf } from "./objects.ts";
import { productive } from "./productive.ts";
import { refuse, refusing } from "./refusal.ts";
import { Strings } from "./strings.ts";
import { COMMA, written } from "./written.ts";

export interface SchemaOptions {
  /**
   * Whether objects get properties, and arrays elements, that the schema allows only by not mentioning them. Off by default, because a
   * model would invent them.
   */
  readonly writesUnmentioned?: boolean;
  /** The characters that the vocabulary can write; all by default. */
  readonly characters?: Ranges;
}

const MOST_RULES = 20_000;
const MOST_ELEMENTS = 1000;

/** Throws `unsupported-schema`. */
export function schemaGrammar(schema: unknown, options: SchemaOptions = {}): Node {
  return new SchemaGrammar(schema, options).node();
}

class SchemaGrammar {
  readonly #document: SchemaDocument;
  readonly #writesUnmentioned: boolean;
  readonly #strings: Strings;
  readonly #disjointness: Disjointness;
  readonly #characters: Ranges;
  readonly #objects: ObjectNodes;
  readonly #rules = new Map<string, Rule>();
  readonly #waiting: { readonly rule: Rule; readonly schemas: readonly Located[] }[] = [];
  readonly #literals = new Map<string, Node>();
  readonly #numbers = new Map<string, Node>();

  constructor(schema: unknown, { writesUnmentioned = false, characters = ALL }: SchemaOptions) {
    this.#document = new SchemaDocument(schema);
    this.#writesUnmentioned = writesUnmentioned;
    this.#characters = characters;
    this.#strings = new Strings(characters);
    this.#disjointness = new Disjointness(this.#document, this.#strings);
    this.#objects = new ObjectNodes({
      writesUnmentioned,
      strings: this.#strings,
      valueOf: this.#valueOf,
      literal: this.#literal,
      ruleOf: (key) => this.#rule(`object ${key}`),
    });
  }

  node(): Node {
    const root = this.#valueOf([this.#document.root]);
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop())
      next.rule.target = { kind: "choice", options: this.#options(next.schemas) };
    return productive(root, [...this.#rules.values()]) ?? refuse("#", "schema", "nothing");
  }

  readonly #valueOf: ValueOf = (schemas) => {
    const places = [...new Set(schemas.map(({ place }) => place))].sort();
    const { rule, isNew } = this.#rule(`value ${JSON.stringify(places)}`);
    if (isNew) this.#waiting.push({ rule, schemas });
    return rule;
  };

  #rule(key: string): { rule: Rule; isNew: boolean } {
    const known = this.#rules.get(key);
    if (known) return { rule: known, isNew: false };
    if (this.#rules.size === MOST_RULES) refuse("#", "schema", "too-large");
    const rule: Rule = { kind: "rule" };
    this.#rules.set(key, rule);
    return { rule, isNew: true };
  }

  readonly #literal = (text: string): Node => {
    let node = this.#literals.get(text);
    if (!node) this.#literals.set(text, (node = this.#texts([text])));
    return node;
  };

  #options(schemas: readonly Located[]): Node[] {
    const { areDisjoint } = this.#disjointness;
    return alternativesOf(this.#document, schemas, areDisjoint).flatMap((conjunction) => {
      const facts = factsOf(this.#document, conjunction);
      if (facts.values) return this.#listed(facts, facts.values);
      return [...facts.types].flatMap((type) => this.#ofType(type, facts));
    });
  }

  /** The listed values that the other keywords allow. */
  #listed(facts: Facts, values: readonly unknown[]): Node[] {
    return [this.#texts(values.filter((value) => this.#allows(facts, value)).map(written))];
  }

  /** The texts that the vocabulary can write. */
  #texts(texts: readonly string[]): Node {
    const possible = texts.filter((text) => isOf(this.#characters, text));
    return possible.length > 0 ? textNode(new OneOf(possible)) : NEVER;
  }

  #allows(facts: Facts, value: unknown): boolean {
    const type = typeOf(value);
    if (!facts.types.has(type)) return false;
    if (type === "number" && facts.isInteger && !Number.isInteger(value)) return false;
    if (!facts.limited.has(type)) return true;
    if (type === "string") return accepts(this.#strings.dfa(facts.string, facts.place), value as string);
    if (type === "number") return isNumberAllowed(facts, value as number);
    return refuse(facts.place, "enum", "keyword");
  }

  #ofType(type: Type, facts: Facts): Node[] {
    switch (type) {
      case "null":
        return [this.#literal("null")];
      case "boolean":
        return [this.#literal("true"), this.#literal("false")];
      case "number":
        return this.#number(facts);
      case "string": {
        const automaton = this.#strings.of(facts.string, facts.place);
        return automaton ? [textNode(automaton)] : [];
      }
      case "array":
        return [this.#array(facts)];
      case "object":
        return [this.#objects.of(facts)];
    }
  }

  #number({ number, isInteger, place }: Facts): Node[] {
    const key = JSON.stringify([isInteger, String(number.min), String(number.max), number]);
    const known = this.#numbers.get(key);
    if (known) return [known];
    const all = numberDfa(number, isInteger, place);
    const dfa = this.#characters === ALL ? all : intersect(all, anyOf(this.#characters));
    if (isEmpty(dfa)) return [];
    const node = textNode(automatonOf(dfa, "plain"));
    this.#numbers.set(key, node);
    return [node];
  }

  #array({ array: { min, max, layers }, place }: Facts): Node {
    const prefix = Math.max(0, ...layers.map((layer) => layer.prefix.length));
    if (prefix > MOST_ELEMENTS) refuse(place, "items", "too-large");
    const isClosed = prefix > 0 && !this.#writesUnmentioned && layers.every(({ rest }) => rest === null);
    const most = isClosed ? Math.min(max, Math.max(prefix, min)) : max;
    const element = (index: number) =>
      this.#valueOf(layers.flatMap((layer) => layer.prefix[index] ?? layer.rest ?? []));
    const close = this.#literal("]");
    const next = (index: number): Node => ({
      kind: "sequence",
      parts: [this.#literal(COMMA), element(index)],
    });
    const listed = Math.max(1, prefix);
    let rest: Node = {
      kind: "sequence",
      parts: [repeat(next(listed), Math.max(0, min - listed), Math.max(0, most - listed)), close],
    };
    for (let index = listed - 1; index >= 0; index--) {
      const one: Node = { kind: "sequence", parts: [index === 0 ? element(0) : next(index), rest] };
      rest = { kind: "choice", options: [...(index >= min ? [close] : []), ...(index < most ? [one] : [])] };
    }
    return { kind: "sequence", parts: [this.#literal("["), min > most ? NEVER : rest] };
  }
}

const NEVER: Node = { kind: "choice", options: [] };

const textNode = (automaton: Automaton): Node => ({ kind: "text", automaton });

const repeat = (body: Node, min: number, max: number): Node => ({ kind: "repeat", body, min, max });

function numberDfa(number: Facts["number"], isInteger: boolean, place: string): Dfa {
  const { divisors, ...limits } = number;
  if (divisors.length === 0 && limits.min === -Infinity && limits.max === Infinity)
    return anyNumber(isInteger);
  return refusing(place, "multipleOf", () =>
    divisors.length === 0
      ? numbersBetween({ ...limits, isInteger })
      : within({ ...limits, isInteger }, divisors),
  );
}

function isNumberAllowed({ number }: Facts, value: number): boolean {
  const { min, max, isMinExclusive, isMaxExclusive, divisors } = number;
  const isAbove = isMinExclusive ? value > min : value >= min;
  const isBelow = isMaxExclusive ? value < max : value <= max;
  return isAbove && isBelow && divisors.every((divisor) => value % divisor === 0);
}
