/**
 * The used part of @huggingface/jinja, with its types: the package's own declarations import each other without file extensions,
 * which TypeScript cannot resolve in an ES module.
 */
import * as library from "@huggingface/jinja";

interface JinjaToken {
  readonly type: string;
}

/** A node of a parsed template. */
export interface JinjaNode {
  readonly type: string;
}

/** A value of a running template; `value` is the JavaScript value: string, number, array, Map, … */
export interface JinjaValue {
  readonly type: string;
  readonly value: unknown;
}

/** The variables of a template. */
export interface JinjaScope {
  /** Declares a variable; functions take and return JavaScript values. */
  set(name: string, value: unknown): void;
}

interface JinjaInterpreter {
  run(program: JinjaNode): JinjaValue;
  evaluate(node: JinjaNode | undefined, scope: JinjaScope): JinjaValue;
  /** The text that statements write. */
  evaluateBlock(statements: readonly JinjaNode[], scope: JinjaScope): JinjaValue;
}

interface Library {
  readonly Environment: new (outer?: JinjaScope) => JinjaScope;
  readonly Interpreter: new (globals: JinjaScope) => JinjaInterpreter;
  readonly parse: (tokens: JinjaToken[]) => JinjaNode;
  readonly tokenize: (
    template: string,
    options: { lstrip_blocks: boolean; trim_blocks: boolean },
  ) => JinjaToken[];
}

export const { Environment, Interpreter, parse, tokenize } = library as unknown as Library;
