/** The constraints of a model's answers: one for each shape, so that grammar and masks are made once for answers of the same shape. */
import { Constraint } from "./constraint.ts";
import type { AnswerConstraint } from "./constraint.ts";
import type { Tokens } from "./vocabulary.ts";

/** With the states and masks that it caches, a constraint takes tens of megabytes. */
const MOST_KEPT = 2;

/** Keeps the constraints that were used last. */
export class Constraints {
  readonly #tokens: Tokens;
  readonly #endIds: readonly number[];
  /** Constraints by their shape as JSON, the least recently used first. */
  readonly #kept = new Map<string, Constraint>();

  /** `endIds`: allowed where an answer may end. */
  constructor(tokens: Tokens, endIds: readonly number[]) {
    this.#tokens = tokens;
    this.#endIds = endIds;
  }

  /** Throws `unsupported-schema`. */
  of(shape: AnswerConstraint): Constraint {
    const key = JSON.stringify(shape);
    const constraint = this.#kept.get(key) ?? new Constraint(shape, this.#tokens, this.#endIds);
    this.#kept.delete(key);
    this.#kept.set(key, constraint);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest!);
    return constraint;
  }
}
