/** Which tokens may come next in a text that must follow a grammar: each mask is computed once, by a walk through the vocabulary. */
import { withinTime } from "../time-limit.ts";
import { automatonOf, OneOf } from "./automaton.ts";
import { Grammar, isFinished } from "./grammar.ts";
import type { Node, State } from "./grammar.ts";
import { refuse, refusing } from "./json-schema/refusal.ts";
import { schemaGrammar } from "./json-schema/schema-grammar.ts";
import { allow } from "./mask.ts";
import type { Mask } from "./mask.ts";
import { anyOf, intersect, isEmpty, TooLarge } from "./regular/dfa.ts";
import { isOf } from "./regular/ranges.ts";
import { patternDfa } from "./regular/pattern.ts";
import { Vocabulary } from "./vocabulary.ts";
import type { Tokens } from "./vocabulary.ts";

/** What an answer must be: a document that a JSON schema allows, one of some texts, or a text that a regular expression matches as a whole. */
export type AnswerConstraint =
  | { readonly kind: "json-schema"; readonly schema: unknown }
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  | { readonly kind: "pattern"; readonly pattern: string };

/** Real schemas take a tenth of a second. Each of their parts is limited, but there may be any number of parts. */
const LONGEST_MS = 20_000;

/** The maximum number of bytes that are written at a time without asking the model. */
const MOST_FORCED = 256;

/** What answers must be, for one vocabulary. Any number of answers can follow it at the same time. */
export class Constraint {
  readonly #vocabulary: Vocabulary;
  readonly #grammar: Grammar;
  readonly #tokens: Tokens;
  readonly #endIds: readonly number[];
  /** What a refusal names if a text has too many parses, which may only turn out while it is followed. */
  readonly #named: string;

  /**
   * `endIds`: allowed where the text may end. `longestMs` is processor time. Throws `unsupported-schema`, as do all methods that follow a
   * text.
   */
  constructor(
    shape: AnswerConstraint,
    tokens: Tokens,
    endIds: readonly number[],
    { longestMs = LONGEST_MS }: { readonly longestMs?: number } = {},
  ) {
    this.#tokens = tokens;
    this.#vocabulary = Vocabulary.of(tokens, endIds);
    this.#named = shape.kind === "json-schema" ? "schema" : shape.kind;
    const { longestToken } = this.#vocabulary;
    const make = () => new Grammar(nodeOf(shape, this.#vocabulary), longestToken);
    this.#grammar = refusing("#", this.#named, () =>
      withinTime(longestMs, make, () => {
        throw new TooLarge();
      }),
    );
    this.#endIds = endIds;
  }

  get start(): State {
    return this.#grammar.start;
  }

  /** The state after a token's bytes; null if the token is not allowed. */
  after(state: State, id: number): State | null {
    return refusing("#", this.#named, () => {
      let next: State | null = state;
      for (const byte of this.#tokens.tokenBytes(id)) {
        if (!next) return null;
        next = this.#grammar.next(next, byte);
      }
      return next;
    });
  }

  /**
   * Tokens that need not be sampled, because no other bytes can follow: the bytes as the tokenizer would encode them, without the last
   * token, which may merge with what comes after. Empty if several texts may follow, or none.
   */
  forced(state: State): readonly number[] {
    if (!state.forced) {
      const { bytes, isEnd } = refusing("#", this.#named, () => this.#onlyBytes(state));
      const ids = this.#encoded(bytes);
      state.forced = isEnd ? ids : ids.slice(0, -1);
    }
    return state.forced;
  }

  /** The bytes that can only follow, and whether the text ends after them. */
  #onlyBytes(state: State): { bytes: Uint8Array; isEnd: boolean } {
    const bytes: number[] = [];
    let at = state;
    for (
      let next = this.#grammar.onlyNext(at);
      next && bytes.length < MOST_FORCED;
      next = this.#grammar.onlyNext(at)
    ) {
      bytes.push(next.byte);
      at = next.state;
    }
    return { bytes: Uint8Array.from(bytes), isEnd: isFinished(at) };
  }

  #encoded(bytes: Uint8Array): readonly number[] {
    if (bytes.length === 0) return [];
    const ids = this.#tokens.encode?.(Buffer.from(bytes).toString()) ?? [];
    const spelt = Buffer.concat(ids.map((id) => this.#tokens.tokenBytes(id)));
    // Some tokenizers put a space before a text, and the bytes may end inside a character.
    const isText = (id: number) => !this.#tokens.isSpecial(id) && !this.#endIds.includes(id);
    return Buffer.compare(spelt, bytes) === 0 && ids.every(isText)
      ? ids
      : this.#vocabulary.longestTokens(bytes);
  }

  /** The tokens that may follow, and those that end the answer where it may end. */
  mask(state: State): Mask {
    return refusing("#", this.#named, () => {
      const alike = this.#grammar.alike(state);
      if (!alike.mask) {
        alike.mask = this.#walk(alike);
        this.#grammar.keep(alike.mask.byteLength);
      }
      return alike.mask;
    });
  }

  #walk(state: State): Mask {
    const { bytes, depths, ends, firsts, ids } = this.#vocabulary;
    const mask = new Uint32Array(
      Math.ceil(Math.max(this.#tokens.vocabularySize, ...this.#endIds.map((id) => id + 1)) / 32),
    );
    const path: State[] = [state];
    for (let node = 0; node < bytes.length;) {
      const depth = depths[node]!;
      const next = this.#grammar.next(path[depth - 1]!, bytes[node]!);
      if (!next) {
        node = ends[node]!;
        continue;
      }
      path[depth] = next;
      for (let place = firsts[node]!; place < firsts[node + 1]!; place++) allow(mask, ids[place]!);
      node++;
    }
    if (state.isEnd) for (const id of this.#endIds) allow(mask, id);
    return mask;
  }
}

/** An answer's position in its constraint. */
export class Follower {
  readonly #constraint: Constraint;
  #state: State;

  constructor(constraint: Constraint) {
    this.#constraint = constraint;
    this.#state = constraint.start;
  }

  /** The ids that may follow. */
  mask(): Mask {
    return this.#constraint.mask(this.#state);
  }

  /** The ids that must follow. */
  forced(): readonly number[] {
    return this.#constraint.forced(this.#state);
  }

  /** Advances by an id that the mask allows. */
  accept(id: number): void {
    const next = this.#constraint.after(this.#state, id);
    if (!next) throw new Error(`token ${id} is not allowed here`);
    this.#state = next;
  }

  /** Whether the text may end here. */
  get isEnd(): boolean {
    return this.#state.isEnd;
  }

  /** Whether it ends here: nothing may follow. */
  get isFinished(): boolean {
    return isFinished(this.#state);
  }
}

function nodeOf(shape: AnswerConstraint, vocabulary: Vocabulary): Node {
  const { characters } = vocabulary;
  switch (shape.kind) {
    case "json-schema":
      return schemaGrammar(shape.schema, { characters });
    case "choices":
      return { kind: "text", automaton: oneOf(shape.choices.filter((choice) => isOf(characters, choice))) };
    case "pattern":
      return { kind: "text", automaton: patternAutomaton(shape.pattern) };
  }

  function oneOf(choices: readonly string[]) {
    return choices.length > 0 ? new OneOf(choices) : refuse("#", "choices", "nothing");
  }

  function patternAutomaton(pattern: string) {
    return refusing("#", "pattern", () => {
      const dfa = intersect(patternDfa(`^(?:${pattern})$`), anyOf(characters));
      return isEmpty(dfa) ? refuse("#", "pattern", "nothing") : automatonOf(dfa, "plain");
    });
  }
}
