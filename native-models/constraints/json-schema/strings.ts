/** JSON strings, and the names of properties, that schemas allow. */
import { automatonOf, CountedString, inStrings } from "../automaton.ts";
import type { Automaton } from "../automaton.ts";
import { anyOf, complement, intersect, isEmpty, ofLength, texts } from "../regular/dfa.ts";
import type { Dfa } from "../regular/dfa.ts";
import { patternDfa } from "../regular/pattern.ts";
import type { Ranges } from "../regular/ranges.ts";
import type { StringFacts } from "./facts.ts";
import { STRING_FORMATS } from "./formats.ts";
import { refuse, refusing } from "./refusal.ts";

export class Strings {
  /** Those that the vocabulary can write in strings; none if it cannot write quotes. */
  readonly #characters: Ranges;
  readonly #patterns = new Map<string, Dfa>();
  readonly #counted = new Map<string, CountedString>();
  readonly #dfas = new Map<string, Dfa>();
  readonly #quoted = new Map<Dfa, Automaton>();

  /** `characters`: those that the vocabulary can write. */
  constructor(characters: Ranges) {
    this.#characters = inStrings(characters);
  }

  /** Strings in quotes; null if there are none. Throws `unsupported-schema`. */
  of(facts: StringFacts, place: string): Automaton | null {
    const { min, max, patterns, formats } = facts;
    if (min > max || this.#characters.length === 0) return null;
    if (patterns.length + formats.length === 0) return this.ofLength(min, max);
    const dfa = this.dfa(facts, place);
    return isEmpty(dfa) ? null : this.quoted(dfa, place);
  }

  /** Any strings of `min` to `max` characters. */
  ofLength(min: number, max: number): CountedString {
    const key = `${min} ${max}`;
    const made = this.#counted.get(key) ?? new CountedString(min, max, this.#characters);
    this.#counted.set(key, made);
    return made;
  }

  quoted(dfa: Dfa, place: string): Automaton {
    const made = this.#quoted.get(dfa) ?? refusing(place, "pattern", () => automatonOf(dfa, "json"));
    this.#quoted.set(dfa, made);
    return made;
  }

  /** The automaton of the strings without quotes and escapes. */
  dfa(facts: StringFacts, place: string): Dfa {
    const sources = facts.patterns.map(({ source }) => source);
    const key = JSON.stringify([facts.min, facts.max, sources, facts.formats.map(({ name }) => name)]);
    const made = this.#dfas.get(key) ?? this.#made(facts, place);
    this.#dfas.set(key, made);
    return made;
  }

  #made({ min, max, patterns, formats }: StringFacts, place: string): Dfa {
    const all = [
      ...patterns.map((pattern) => this.#pattern(pattern.source, pattern.place)),
      ...formats.map(({ name, place }) =>
        this.#pattern(STRING_FORMATS.get(name) ?? refuse(place, `format ${name}`, "keyword"), place),
      ),
    ];
    return refusing(place, "pattern", () => {
      const joined = all.reduce(intersect, anyOf(this.#characters));
      return min > 0 || max < Infinity ? ofLength(joined, min, max) : joined;
    });
  }

  #pattern(source: string, place: string): Dfa {
    let dfa = this.#patterns.get(source);
    if (!dfa) this.#patterns.set(source, (dfa = refusing(place, "pattern", () => patternDfa(source))));
    return dfa;
  }

  /** Names that are not among `named`. */
  names(named: readonly string[], place: string): Automaton | null {
    if (this.#characters.length === 0) return null;
    if (named.length === 0) return this.ofLength(0, Infinity);
    const dfa = refusing(place, "pattern", () =>
      intersect(anyOf(this.#characters), complement(texts(named))),
    );
    return isEmpty(dfa) ? null : this.quoted(dfa, place);
  }
}
