/** Automata over the bytes of a text; each text, number or key of a grammar is one. */
import { anyOf, TooLarge } from "./regular/dfa.ts";
import type { Dfa, Edge } from "./regular/dfa.ts";
import { ALL, isOf, without } from "./regular/ranges.ts";
import type { Ranges } from "./regular/ranges.ts";

/** States are numbers. From every state a final one can be reached, byte by byte. */
export interface Automaton {
  readonly start: number;
  /** The next state; −1 if no text continues with this byte. */
  next(state: number, byte: number): number;
  isFinal(state: number): boolean;
  /** Whether any byte may follow. */
  goesOn(state: number): boolean;
  /** A state that continues in the same way for `bytes` bytes; the same one for as many states as is easy. */
  alike(state: number, bytes: number): number;
}

const BYTES = 256;
const NONE = -1;
const MOST_TABLE_STATES = 20_000;
const QUOTE = 0x22;

/** An automaton as a table: for each state, the next state by byte. */
class Table implements Automaton {
  readonly start = 0;
  readonly #rows: readonly Int32Array[];
  readonly #isFinal: readonly boolean[];
  readonly #goesOn: readonly boolean[];

  constructor(rows: readonly Int32Array[], isFinal: readonly boolean[]) {
    this.#rows = rows;
    this.#isFinal = isFinal;
    this.#goesOn = rows.map((row) => row.some((target) => target !== NONE));
  }

  get states(): number {
    return this.#rows.length;
  }

  next(state: number, byte: number): number {
    return this.#rows[state]![byte]!;
  }

  isFinal(state: number): boolean {
    return this.#isFinal[state]!;
  }

  goesOn(state: number): boolean {
    return this.#goesOn[state]!;
  }

  alike(state: number): number {
    return state;
  }
}

/** How an automaton's characters are written. */
type Spelling = "plain" | "json";

/** The bytes of the texts that an automaton over characters accepts: as they are, or as JSON strings with quotes. Throws `TooLarge`. */
export function automatonOf(dfa: Dfa, spelling: Spelling): Automaton {
  return new Encoder(dfa, spelling).table();
}

/** Characters that JSON strings escape, ascending. */
const ESCAPED = [...Array.from({ length: 0x20 }, (_, code) => code), QUOTE, 0x5c];

/** An escaped character in JSON: two or six characters. */
const escapeOf = (code: number): string => JSON.stringify(String.fromCharCode(code)).slice(1, -1);

/** The characters of JSON strings that can be written with the given ones: others may be escaped, and the quotes are needed. */
export function inStrings(characters: Ranges): Ranges {
  if (characters === ALL) return ALL;
  if (!isOf(characters, '"')) return [];
  const escaped = ESCAPED.map((code) => [code, code] as const);
  const spelt = escaped.filter(([code]) => isOf(characters, escapeOf(code)));
  return [...without(characters, escaped), ...spelt].sort(([a], [b]) => a - b);
}

/** UTF-8 of one, two and three continuation bytes: the range of characters, the prefix of the first byte, and the bits after it. */
const LENGTHS = [
  { first: 0x80, last: 0x7ff, lead: 0xc0, shift: 6 },
  { first: 0x800, last: 0xffff, lead: 0xe0, shift: 12 },
  { first: 0x10000, last: 0x10ffff, lead: 0xf0, shift: 18 },
];

/** Writes each edge of an automaton as paths of bytes. */
class Encoder {
  readonly #dfa: Dfa;
  readonly #spelling: Spelling;
  readonly #rows: Int32Array[] = [];
  readonly #isFinal: boolean[] = [];
  /** States inside characters, by what follows. */
  readonly #inside = new Map<string, number>();

  constructor(dfa: Dfa, spelling: Spelling) {
    this.#dfa = dfa;
    this.#spelling = spelling;
  }

  table(): Table {
    const { edges, isFinal } = this.#dfa;
    const isJson = this.#spelling === "json";
    const opening = isJson ? this.#state(false) : 0;
    const states = edges.map((_, state) => this.#state(!isJson && isFinal[state]!));
    const closed = isJson ? this.#state(true) : NONE;
    if (isJson) this.#rows[opening]![QUOTE] = states[0]!;
    for (const [state, its] of edges.entries()) {
      const shifted = its.map((edge) => ({ ...edge, target: states[edge.target]! }));
      this.#place(this.#rows[states[state]!]!, shifted);
      if (isJson && isFinal[state]!) this.#rows[states[state]!]![QUOTE] = closed;
    }
    return new Table(this.#rows, this.#isFinal);
  }

  #state(isFinal: boolean): number {
    if (this.#rows.length >= MOST_TABLE_STATES) throw new TooLarge();
    this.#isFinal.push(isFinal);
    return this.#rows.push(new Int32Array(BYTES).fill(NONE)) - 1;
  }

  #place(row: Int32Array, edges: readonly Edge[]): void {
    const isEscaped = (code: number) => this.#spelling === "json" && ESCAPED.includes(code);
    for (const { first, last, target } of edges)
      for (let code = first; code <= Math.min(last, 0x7f); code++)
        if (isEscaped(code)) this.#escape(row, escapeOf(code), target);
        else row[code] = target;
    for (const { first, last, lead, shift } of LENGTHS)
      this.#spread(row, clipped(edges, first, last), shift, lead);
  }

  /** An escape may share its beginning with others of the same row. */
  #escape(row: Int32Array, text: string, target: number): void {
    for (const character of text.slice(0, -1)) {
      const byte = character.charCodeAt(0);
      if (row[byte] === NONE) row[byte] = this.#state(false);
      row = this.#rows[row[byte]!]!;
    }
    row[text.charCodeAt(text.length - 1)] = target;
  }

  /** Groups edges by the bits of their characters from `shift` up; the bits below are left to the bytes that follow. */
  #spread(row: Int32Array, edges: readonly Edge[], shift: number, lead: number): void {
    const parts = new Map<number, Edge[]>();
    const low = 2 ** shift - 1;
    for (const { first, last, target } of edges)
      for (let bits = first >> shift; bits <= last >> shift; bits++) {
        const part = {
          first: bits === first >> shift ? first & low : 0,
          last: bits === last >> shift ? last & low : low,
          target,
        };
        parts.set(bits, [...(parts.get(bits) ?? []), part]);
      }
    for (const [bits, part] of parts)
      row[lead | bits] = shift === 0 ? part[0]!.target : this.#continuation(part, shift - 6);
  }

  #continuation(edges: readonly Edge[], shift: number): number {
    const key = `${shift} ${edges.map(({ first, last, target }) => `${first}-${last}>${target}`).join(" ")}`;
    const known = this.#inside.get(key);
    if (known !== undefined) return known;
    const state = this.#state(false);
    this.#inside.set(key, state);
    this.#spread(this.#rows[state]!, edges, shift, 0x80);
    return state;
  }
}

const clipped = (edges: readonly Edge[], first: number, last: number): Edge[] =>
  edges
    .filter((edge) => edge.first <= last && edge.last >= first)
    .map((edge) => ({ ...edge, first: Math.max(first, edge.first), last: Math.min(last, edge.last) }));

/** A table's state and a count in one number. */
const COUNTS = 2 ** 21;

/** A JSON string of `min` to `max` of the given characters, which are counted, so that large numbers need no more states. */
export class CountedString implements Automaton {
  readonly start = 0;
  readonly #table: Table;
  readonly #min: number;
  readonly #max: number;
  /** The table's state between two characters. */
  readonly #between: number;

  constructor(min: number, max: number, characters = ALL) {
    this.#table = tableOf(characters);
    this.#between = this.#table.next(0, QUOTE);
    this.#min = Math.min(min, COUNTS);
    this.#max = Math.min(max, COUNTS);
  }

  next(state: number, byte: number): number {
    const { states } = this.#table;
    const [inner, count] = [state % states, Math.floor(state / states)];
    const isBetween = inner === this.#between;
    if (isBetween && (byte === QUOTE ? count < this.#min : count === this.#max)) return NONE;
    const next = this.#table.next(inner, byte);
    if (next === NONE) return NONE;
    const counted = isBetween && byte !== QUOTE ? this.#counted(count + 1) : count;
    return this.#table.isFinal(next) ? next : counted * states + next;
  }

  /** Without a maximum, counting ends at the minimum. */
  #counted(count: number): number {
    return this.#max === COUNTS ? Math.min(count, this.#min) : count;
  }

  isFinal(state: number): boolean {
    return this.#table.isFinal(state % this.#table.states);
  }

  goesOn(state: number): boolean {
    return !this.isFinal(state);
  }

  alike(state: number, bytes: number): number {
    const { states } = this.#table;
    const [inner, count] = [state % states, Math.floor(state / states)];
    const isFarFromBoth = count >= this.#min && count + bytes < this.#max;
    const isFarBelow = count + bytes < this.#min;
    const least = isFarBelow ? 0 : isFarFromBoth ? this.#min : count;
    return least * states + inner;
  }
}

const tables = new WeakMap<Ranges, Table>();

/** JSON strings of any length; strings of other lengths share the table. */
function tableOf(characters: Ranges): Table {
  const table = tables.get(characters) ?? new Encoder(anyOf(characters), "json").table();
  tables.set(characters, table);
  return table;
}

/** One of several texts: a state is the range of those that start with what has been read. */
export class OneOf implements Automaton {
  readonly start = 0;
  readonly #texts: readonly Uint8Array[];
  readonly #states: { readonly first: number; readonly end: number; readonly depth: number }[];
  readonly #numbers = new Map<string, number>();

  constructor(texts: Iterable<string>) {
    const encoded = [...new Set(texts)].map((text) => Buffer.from(text));
    this.#texts = encoded.sort((a, b) => Buffer.compare(a, b));
    this.#states = [{ first: 0, end: this.#texts.length, depth: 0 }];
  }

  next(state: number, byte: number): number {
    const { first, end, depth } = this.#states[state]!;
    const from = this.#search(first, end, depth, byte);
    const to = this.#search(from, end, depth, byte + 1);
    return from === to ? NONE : this.#number(from, to, depth + 1);
  }

  /** The first of the texts `first` to `end` whose byte at `depth` is at least `byte`; the end of a text is less than any byte. */
  #search(first: number, end: number, depth: number, byte: number): number {
    let [low, high] = [first, end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#texts[middle]![depth] ?? NONE) < byte) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #number(first: number, end: number, depth: number): number {
    const key = `${first} ${end} ${depth}`;
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#states.push({ first, end, depth }) - 1));
    return number;
  }

  isFinal(state: number): boolean {
    const { first, depth } = this.#states[state]!;
    return this.#texts[first]!.length === depth;
  }

  goesOn(state: number): boolean {
    const { end, depth } = this.#states[state]!;
    return this.#texts[end - 1]!.length > depth;
  }

  alike(state: number): number {
    return state;
  }
}
