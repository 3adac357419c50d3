/**
 * Grammars: automata in sequences, choices, repetitions and recursive rules. A text is parsed byte by byte; all of its possible parses
 * are followed at the same time, each with a stack of what is still to come.
 */
import type { Automaton } from "./automaton.ts";
import type { Mask } from "./mask.ts";
import { TooLarge } from "./regular/dfa.ts";

export type Node =
  | { readonly kind: "text"; readonly automaton: Automaton }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | Repeat
  | Rule;

/** `body`, `min` to `max` times. */
export interface Repeat {
  readonly kind: "repeat";
  readonly body: Node;
  readonly min: number;
  readonly max: number;
}

/** Another node, which may contain this rule; it is set once. */
export interface Rule {
  readonly kind: "rule";
  target?: Node;
}

/** The stack of what follows: a node, then the rest. Equal stacks are the same object. */
interface Rest {
  readonly id: number;
  readonly node: Node;
  readonly rest: Rest | null;
  /** The stacks with one more node before it, by that node. */
  readonly before: Map<Node, Rest>;
  /** For masks: the stack that allows the same tokens and is shared. */
  alike?: Rest;
}

/** One parse of a text so far: its current automaton, the automaton's state, and what follows. */
interface Way {
  readonly automaton: Automaton;
  readonly state: number;
  readonly rest: Rest | null;
}

/** All parses of a text so far. */
export interface State {
  readonly ways: readonly Way[];
  /** Whether the text may end here. */
  readonly isEnd: boolean;
  /** The states after each byte, as far as they are known. */
  readonly after: (State | null | undefined)[];
  /** For masks: the state that allows the same tokens and is shared. */
  alike?: State;
  /** The tokens that may follow, once they are known. */
  mask?: Mask;
  /** The tokens that must follow, once they are known. */
  forced?: readonly number[];
}

/** Whether the text ends here: nothing may follow. */
export const isFinished = (state: State): boolean => state.isEnd && state.ways.length === 0;

const BYTES = 256;
const MOST_WAYS = 2000;

/** About what a state takes, with its places for the states after it, and each of its ways. */
const STATE_BYTES = 2500;
const WAY_BYTES = 150;

/** More than this is not kept; the states and masks of a usual schema take a few megabytes. */
const MOST_KEPT_BYTES = 64e6;

export class Grammar {
  readonly #root: Node;
  /** The length of the longest token in bytes: states that differ only further ahead are alike. */
  readonly #bytesAhead: number;
  readonly #states = new Map<string, State>();
  readonly #automata = new Map<Automaton, number>();
  readonly #repeats = new Map<Node, Map<string, Repeat>>();
  readonly #atEnd = new Map<Node, Rest>();
  #start: State;
  #rests = 0;
  #keptBytes = 0;

  /** Throws `TooLarge`, as do all methods. */
  constructor(root: Node, bytesAhead: number) {
    this.#root = root;
    this.#bytesAhead = bytesAhead;
    this.#start = this.#begin();
  }

  get start(): State {
    return this.#start;
  }

  #begin(): State {
    return this.#stateOf((add) => this.#open(this.#before(this.#root, null), add));
  }

  /**
   * Counts bytes that are kept with a state. A long text may have a new state at each byte, so if they are too many, all are forgotten
   * and made again when they are needed; who follows a text still has its state.
   */
  keep(bytes: number): void {
    this.#keptBytes += bytes;
    if (this.#keptBytes <= MOST_KEPT_BYTES) return;
    for (const known of [this.#states, this.#repeats, this.#atEnd]) known.clear();
    this.#keptBytes = 0;
    this.#start = this.#begin();
  }

  /** The state after a byte; null if no text continues with it. */
  next(state: State, byte: number): State | null {
    const known = state.after[byte];
    if (known !== undefined) return known;
    let isPossible = false;
    const next = this.#stateOf((add) => {
      for (const { automaton, state: inner, rest } of state.ways) {
        const target = automaton.next(inner, byte);
        if (target < 0) continue;
        isPossible = true;
        if (automaton.goesOn(target)) add.way({ automaton, state: target, rest });
        if (automaton.isFinal(target)) this.#open(rest, add);
      }
    });
    return (state.after[byte] = isPossible ? next : null);
  }

  /** The only byte that may follow, and the state after it; null if there are several, or if the text may end before it. */
  onlyNext(state: State): { readonly byte: number; readonly state: State } | null {
    if (state.isEnd) return null;
    let only: { byte: number; state: State } | null = null;
    for (let byte = 0; byte < BYTES; byte++) {
      const next = this.next(state, byte);
      if (next && only) return null;
      if (next) only = { byte, state: next };
    }
    return only;
  }

  /** A state that continues in the same way for as many bytes as a token has; states far from all limits share one. */
  alike(state: State): State {
    return (state.alike ??= this.#stateOf((add) => {
      for (const { automaton, state: inner, rest } of state.ways)
        add.way({ automaton, state: automaton.alike(inner, this.#bytesAhead), rest: this.#alikeRest(rest) });
      if (state.isEnd) add.end();
    }));
  }

  /** Without recursion: a text may have any depth. */
  #alikeRest(rest: Rest | null): Rest | null {
    const unknown: Rest[] = [];
    let at = rest;
    for (; at && !at.alike; at = at.rest) unknown.push(at);
    let alike = at?.alike ?? null;
    for (let next = unknown.pop(); next; next = unknown.pop())
      alike = next.alike = this.#before(this.#alikeNode(next.node), alike);
    return alike;
  }

  /** Times that no token reaches make no difference, since each takes a byte at least. */
  #alikeNode(node: Node): Node {
    if (node.kind !== "repeat") return node;
    const [min, max] = [Math.min(node.min, this.#bytesAhead), Math.min(node.max, this.#bytesAhead)];
    return this.#repeat(node.body, min, max);
  }

  #stateOf(fill: (add: Adding) => void): State {
    const adding = new Adding((automaton) => this.#number(automaton));
    fill(adding);
    const key = adding.key();
    let state = this.#states.get(key);
    if (!state) {
      state = { ways: adding.ways(), isEnd: adding.isEnd, after: new Array<undefined>(BYTES) };
      this.#states.set(key, state);
      this.keep(STATE_BYTES + WAY_BYTES * state.ways.length);
    }
    return state;
  }

  /** Adds all parses in which what follows has just begun. */
  #open(rest: Rest | null, add: Adding): void {
    const waiting: (Rest | null)[] = [rest];
    const seen = new Set<Rest | null>();
    while (waiting.length > 0) {
      const next = waiting.pop()!;
      if (seen.has(next)) continue;
      seen.add(next);
      if (next === null) {
        add.end();
        continue;
      }
      waiting.push(...this.#beginnings(next, add));
    }
  }

  /** Expands a node: returns the stacks that it stands for; a text is added as a parse. */
  #beginnings({ node, rest }: Rest, add: Adding): (Rest | null)[] {
    switch (node.kind) {
      case "text": {
        const { automaton } = node;
        const { start } = automaton;
        if (automaton.goesOn(start)) add.way({ automaton, state: start, rest });
        return automaton.isFinal(start) ? [rest] : [];
      }
      case "sequence":
        return [
          node.parts.reduceRight<Rest | null>((following, part) => this.#before(part, following), rest),
        ];
      case "choice":
        return node.options.map((option) => this.#before(option, rest));
      case "repeat": {
        const { body, min, max } = node;
        const more = this.#repeat(body, Math.max(0, min - 1), max - 1);
        const once = max > 0 ? [this.#before(body, this.#before(more, rest))] : [];
        return min > 0 ? once : [...once, rest];
      }
      case "rule":
        return [this.#before(node.target!, rest)];
    }
  }

  #before(node: Node, rest: Rest | null): Rest {
    const known = rest ? rest.before : this.#atEnd;
    let made = known.get(node);
    if (!made) known.set(node, (made = { id: this.#rests++, node, rest, before: new Map() }));
    return made;
  }

  #repeat(body: Node, min: number, max: number): Repeat {
    const its = this.#repeats.get(body) ?? new Map<string, Repeat>();
    this.#repeats.set(body, its);
    const key = `${min} ${max}`;
    let repeat = its.get(key);
    if (!repeat) its.set(key, (repeat = { kind: "repeat", body, min, max }));
    return repeat;
  }

  #number(automaton: Automaton): number {
    let number = this.#automata.get(automaton);
    if (number === undefined) this.#automata.set(automaton, (number = this.#automata.size));
    return number;
  }
}

/** The parses of a state that is being made. */
class Adding {
  isEnd = false;
  readonly #ways = new Map<string, Way>();
  readonly #numberOf: (automaton: Automaton) => number;

  constructor(numberOf: (automaton: Automaton) => number) {
    this.#numberOf = numberOf;
  }

  way(way: Way): void {
    this.#ways.set(`${this.#numberOf(way.automaton)} ${way.state} ${way.rest?.id ?? "-"}`, way);
    if (this.#ways.size > MOST_WAYS) throw new TooLarge();
  }

  end(): void {
    this.isEnd = true;
  }

  key(): string {
    return `${[...this.#ways.keys()].sort().join(",")}${this.isEnd ? "." : ""}`;
  }

  ways(): Way[] {
    return [...this.#ways.values()];
  }
}
