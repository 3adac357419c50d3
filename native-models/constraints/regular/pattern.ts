/**
 * Regular expressions of ECMAScript with the flag `u`, as `pattern` in a JSON schema has them, as automata: a pattern takes the same
 * time for every text, however it repeats.
 */
import type { Dfa } from "./dfa.ts";
import { Nfa, TooLarge } from "./dfa.ts";
import { ALL, HIGHEST, only, rangesMatching } from "./ranges.ts";
import type { Ranges } from "./ranges.ts";

/** A pattern that is not a regular expression, or has a part that no automaton expresses. */
export class UnsupportedPattern extends Error {}

type Part =
  | { readonly kind: "character"; readonly ranges: Ranges }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Part[] }
  | { readonly kind: "repeat"; readonly part: Part; readonly min: number; readonly max: number };

/** The start and the end of a text are characters beyond all others, so that ^ and $ match them anywhere in a pattern. */
const START = HIGHEST + 1;
const END = HIGHEST + 2;
const mark = (code: number): Part => ({ kind: "character", ranges: [[code, code]] });

const LONGEST_PATTERN = 10_000;
const DEEPEST_GROUPS = 200;
const MOST_REPEATS = 1000;

/** The texts in which a pattern is found, as `RegExp.prototype.test` finds it. Throws `UnsupportedPattern`, `TooLarge`. */
export function patternDfa(source: string): Dfa {
  if (source.length > LONGEST_PATTERN) throw new TooLarge();
  try {
    new RegExp(source, "u");
  } catch {
    throw new UnsupportedPattern("it is not a regular expression");
  }
  const found = new PatternReader(source).read();
  const nfa = new Nfa();
  const [first, last] = [nfa.state(), nfa.state()];
  nfa.connect(first, first, [...ALL, [START, START]]);
  nfa.connect(last, last, [...ALL, [END, END]]);
  place(nfa, found, first, last);
  return nfa.between(first, last, { before: START, after: END });
}

function place(nfa: Nfa, part: Part, from: number, to: number): void {
  switch (part.kind) {
    case "character":
      return nfa.connect(from, to, part.ranges);
    case "choice":
      return part.parts.forEach((option) => place(nfa, option, from, to));
    case "sequence": {
      let at = from;
      for (const next of part.parts) {
        const after = nfa.state();
        place(nfa, next, at, after);
        at = after;
      }
      return nfa.connect(at, to);
    }
    case "repeat": {
      let at = from;
      const once = () => {
        const after = nfa.state();
        place(nfa, part.part, at, after);
        at = after;
      };
      for (let count = 0; count < part.min; count++) once();
      if (part.max === Infinity) {
        const loop = nfa.state();
        nfa.connect(at, loop);
        place(nfa, part.part, loop, loop);
        return nfa.connect(loop, to);
      }
      for (let count = part.min; count < part.max; count++) {
        nfa.connect(at, to);
        once();
      }
      return nfa.connect(at, to);
    }
  }
}

/** Reads a pattern that is known to be a regular expression. */
class PatternReader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Part {
    const options = [this.#sequence()];
    while (this.#takes("|")) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: "choice", parts: options };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at]!))
      parts.push(this.#repeated());
    return { kind: "sequence", parts };
  }

  #repeated(): Part {
    const part = this.#one();
    const [, min, comma, max] = this.#match(/\{(\d+)(,?)(\d*)\}/y) ?? [];
    const sign = min === undefined ? this.#match(/[*+?]/y)?.[0] : undefined;
    if (min === undefined && sign === undefined) return part;
    this.#takes("?"); // a lazy quantifier finds the same texts
    const least = sign === "+" ? 1 : Number(min ?? 0);
    const bounded = sign === "?" ? 1 : comma === "" ? least : max ? Number(max) : Infinity;
    if (least > MOST_REPEATS || (bounded !== Infinity && bounded > MOST_REPEATS)) throw new TooLarge();
    return { kind: "repeat", part, min: least, max: sign === "*" || sign === "+" ? Infinity : bounded };
  }

  #one(): Part {
    if (this.#takes("^")) return mark(START);
    if (this.#takes("$")) return mark(END);
    if (this.#takes("(")) return this.#group();
    const [source] =
      this.#match(/\[(?:\\[^]|[^\]\\])*\]/y) ??
      this.#match(/\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/y) ??
      this.#match(/\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[^])/uy) ??
      this.#match(/[^]/uy)!;
    if (/^\\[bB]$/.test(source)) throw new UnsupportedPattern("it asks for the edge of a word");
    if (/^\\[k1-9]/.test(source)) throw new UnsupportedPattern("it refers back to a group");
    const isPlain = !/^[[\\.]/.test(source);
    return { kind: "character", ranges: isPlain ? only(source) : rangesMatching(source) };
  }

  #group(): Part {
    if (this.#match(/\?<?[=!]/y)) throw new UnsupportedPattern("it looks ahead or behind");
    if (this.#match(/\?[ims-]+:/y)) throw new UnsupportedPattern("it changes flags inside");
    this.#match(/\?(?::|<[^>]*>)/y);
    if (++this.#depth > DEEPEST_GROUPS) throw new TooLarge();
    const part = this.read();
    this.#depth--;
    this.#takes(")");
    return part;
  }

  #takes(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#source);
    if (match) this.#at = expression.lastIndex;
    return match;
  }
}
