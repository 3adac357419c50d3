/**
 * Deterministic automata over characters. Each is trim: from every state a final one is reached, so that what is begun can be
 * finished. They are made by exploring states of any form, so that products and counters are a few lines each.
 */
import { ALL, HIGHEST, without } from "./ranges.ts";
import type { Ranges } from "./ranges.ts";

/** Characters `first` to `last` lead to state `target`. */
export interface Edge<State = number> {
  readonly first: number;
  readonly last: number;
  readonly target: State;
}

/** State 0 is the first. The automaton that accepts nothing has a single state, which is not final. */
export interface Dfa {
  /** The edges of each state: disjoint, ascending. */
  readonly edges: readonly (readonly Edge[])[];
  readonly isFinal: readonly boolean[];
}

/** More states than this are refused; real patterns have a few hundred at most. */
const MOST_STATES = 20_000;

/** More edges than this are not examined: classes of hundreds of ranges take seconds with far fewer states. Real patterns: a million. */
const MOST_EDGES = 5_000_000;

/** An automaton, a pattern or a schema has too many states. */
export class TooLarge extends Error {}

interface Explored<State> {
  readonly start: State;
  key(state: State): string;
  /** Disjoint, in any order. */
  edges(state: State): readonly Edge<State>[];
  isFinal(state: State): boolean;
}

/** The automaton of the states that can be reached and from which a final one can be. Throws `TooLarge`. */
export function explore<State>({ start, key, edges, isFinal }: Explored<State>): Dfa {
  const numbers = new Map([[key(start), 0]]);
  const states = [start];
  const found: Edge[][] = [];
  for (let state = 0; state < states.length; state++) {
    const its = edges(states[state]!).map(({ first, last, target }) => {
      const name = key(target);
      let number = numbers.get(name);
      if (number === undefined) {
        numbers.set(name, (number = states.push(target) - 1));
        if (states.length > MOST_STATES) throw new TooLarge();
      }
      return { first, last, target: number };
    });
    found.push(its.sort((a, b) => a.first - b.first));
  }
  return trimmed({ edges: found, isFinal: states.map(isFinal) });
}

export const isEmpty = ({ edges, isFinal }: Dfa): boolean => !isFinal[0] && edges[0]!.length === 0;

/** Without the states from which no final one is reached. */
function trimmed({ edges, isFinal }: Dfa): Dfa {
  const sources: number[][] = edges.map(() => []);
  edges.forEach((its, state) => its.forEach(({ target }) => sources[target]!.push(state)));
  const isAlive = [...isFinal];
  const waiting = isFinal.flatMap((final, state) => (final ? [state] : []));
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop())
    for (const source of sources[state]!)
      if (!isAlive[source]) {
        isAlive[source] = true;
        waiting.push(source);
      }
  if (!isAlive[0]) return { edges: [[]], isFinal: [false] };
  const numbers: number[] = [];
  let count = 0;
  for (const [state, alive] of isAlive.entries()) numbers[state] = alive ? count++ : -1;
  const kept = (its: readonly Edge[]) =>
    joined(
      its.filter(({ target }) => isAlive[target]).map((edge) => ({ ...edge, target: numbers[edge.target]! })),
    );
  return {
    edges: edges.filter((_, state) => isAlive[state]).map(kept),
    isFinal: isFinal.filter((_, state) => isAlive[state]),
  };
}

/** Neighbouring edges to the same state become one. */
function joined(edges: readonly Edge[]): Edge[] {
  const result: Edge[] = [];
  for (const edge of edges) {
    const last = result.at(-1);
    if (last && last.target === edge.target && last.last + 1 === edge.first)
      result[result.length - 1] = { ...last, last: edge.last };
    else result.push(edge);
  }
  return result;
}

/** The texts that both accept. */
export function intersect(a: Dfa, b: Dfa): Dfa {
  return explore<[number, number]>({
    start: [0, 0],
    key: String,
    edges: ([p, q]) => common(a.edges[p]!, b.edges[q]!),
    isFinal: ([p, q]) => a.isFinal[p]! && b.isFinal[q]!,
  });
}

/** The ranges that are in both lists of edges, which are ascending: one walk along both. */
function common(a: readonly Edge[], b: readonly Edge[]): Edge<[number, number]>[] {
  const shared: Edge<[number, number]>[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i]!, b[j]!];
    const [first, last] = [Math.max(left.first, right.first), Math.min(left.last, right.last)];
    if (first <= last) shared.push({ first, last, target: [left.target, right.target] });
    if (left.last < right.last) i++;
    else j++;
  }
  return shared;
}

/** The texts that `a` doesn't accept. */
export function complement(a: Dfa): Dfa {
  const NONE = -1;
  return explore<number>({
    start: 0,
    key: String,
    edges: (state) => {
      const edges = state === NONE ? [] : a.edges[state]!;
      const others = without(
        ALL,
        edges.map(({ first, last }) => [first, last] as const),
      );
      return [...edges, ...others.map(([first, last]) => ({ first, last, target: NONE }))];
    },
    isFinal: (state) => state === NONE || !a.isFinal[state],
  });
}

/** The texts of `min` to `max` characters that it accepts. */
export function ofLength(a: Dfa, min: number, max: number): Dfa {
  return explore<[number, number]>({
    start: [0, 0],
    key: String,
    edges: ([state, count]) => {
      if (count === max) return [];
      const next = max === Infinity ? Math.min(count + 1, min) : count + 1;
      return a.edges[state]!.map((edge) => ({ ...edge, target: [edge.target, next] as [number, number] }));
    },
    isFinal: ([state, count]) => a.isFinal[state]! && count >= min,
  });
}

/** Exactly these texts. Throws `TooLarge`. */
export function texts(all: readonly string[]): Dfa {
  interface Prefix {
    readonly number: number;
    readonly next: Map<number, Prefix>;
    isText: boolean;
  }
  let count = 0;
  const prefix = (): Prefix => {
    if (count > MOST_STATES) throw new TooLarge();
    return { number: count++, next: new Map(), isText: false };
  };
  const start = prefix();
  for (const text of all) {
    let at = start;
    for (const character of text) {
      const code = character.codePointAt(0)!;
      const next = at.next.get(code) ?? prefix();
      at.next.set(code, next);
      at = next;
    }
    at.isText = true;
  }
  return explore({
    start,
    key: ({ number }) => String(number),
    edges: ({ next }) => Array.from(next, ([code, target]) => ({ first: code, last: code, target })),
    isFinal: ({ isText }) => isText,
  });
}

/** Any text of these characters. */
export const anyOf = (characters: Ranges): Dfa => ({
  edges: [characters.map(([first, last]) => ({ first, last, target: 0 }))],
  isFinal: [true],
});

export function accepts({ edges, isFinal }: Dfa, text: string): boolean {
  let state = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const edge = edges[state]!.find(({ first, last }) => first <= code && code <= last);
    if (!edge) return false;
    state = edge.target;
  }
  return isFinal[state]!;
}

/** A nondeterministic automaton, with transitions that need no character. */
export class Nfa {
  readonly #free: number[][] = [];
  readonly #edges: Edge[][] = [];
  #seen = 0;

  state(): number {
    this.#free.push([]);
    this.#edges.push([]);
    if (this.#free.length > MOST_STATES) throw new TooLarge();
    return this.#free.length - 1;
  }

  /** Adds a transition by any of the characters; without any, one that needs no character. */
  connect(from: number, to: number, characters?: Ranges): void {
    if (!characters) this.#free[from]!.push(to);
    for (const [first, last] of characters ?? []) this.#edges[from]!.push({ first, last, target: to });
  }

  /**
   * The texts that lead from one state to another. `before` and `after` are characters beyond HIGHEST that represent the start and the
   * end of the text, once or more, and are not part of it. Throws `TooLarge`.
   */
  between(from: number, to: number, { before, after }: { before?: number; after?: number } = {}): Dfa {
    const begun = this.#closure([from]);
    const isEnd = (states: readonly number[]) =>
      after === undefined ? states.includes(to) : this.#after(states, after).includes(to);
    return explore<readonly number[]>({
      start: before === undefined ? begun : this.#after(begun, before),
      key: String,
      edges: (states) => this.#edgesOf(states),
      isFinal: isEnd,
    });
  }

  #closure(states: readonly number[]): number[] {
    const reached = new Set(states);
    for (const state of reached) for (const next of this.#free[state]!) reached.add(next);
    return [...reached].sort((a, b) => a - b);
  }

  /** The states after a character once or more. */
  #after(states: readonly number[], code: number): number[] {
    const reached = new Set<number>();
    for (let from = states; from.length > 0;) {
      const edges = from.flatMap((state) => this.#edges[state]!);
      const direct = edges.filter(({ first, last }) => first <= code && code <= last);
      from = this.#closure(direct.map(({ target }) => target)).filter((state) => !reached.has(state));
      for (const state of from) reached.add(state);
    }
    return [...reached].sort((a, b) => a - b);
  }

  /** Each range over which the same edges apply, with the states that they lead to. */
  #edgesOf(states: readonly number[]): Edge<readonly number[]>[] {
    const edges = states.flatMap((state) => this.#edges[state]!).filter(({ first }) => first <= HIGHEST);
    this.#seen += edges.length;
    if (this.#seen > MOST_EDGES) throw new TooLarge();
    const starts = [...new Set(edges.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
    const targets = new Map<string, readonly number[]>();
    const found: Edge<readonly number[]>[] = [];
    // A sweep over the starts, so that classes of hundreds of ranges do not take quadratic time.
    const byStart = [...edges].sort((a, b) => a.first - b.first);
    let [next, open] = [0, [] as Edge[]];
    for (const [index, first] of starts.entries()) {
      open = open.filter(({ last }) => last >= first);
      while (next < byStart.length && byStart[next]!.first === first) open.push(byStart[next++]!);
      if (open.length === 0) continue;
      const direct = [...new Set(open.map(({ target }) => target))].sort((a, b) => a - b);
      const key = String(direct);
      if (!targets.has(key)) targets.set(key, this.#closure(direct));
      found.push({ first, last: starts[index + 1]! - 1, target: targets.get(key)! });
    }
    return found;
  }
}
