/** What grammars say of whole texts. */
import type { Node } from "../../../native-models/constraints/grammar.ts";
import { Grammar } from "../../../native-models/constraints/grammar.ts";
import { schemaGrammar } from "../../../native-models/constraints/json-schema/schema-grammar.ts";
import type { SchemaOptions } from "../../../native-models/constraints/json-schema/schema-grammar.ts";
import { written } from "../../../native-models/constraints/json-schema/written.ts";
import { Random } from "../../../native-models/random.ts";

/** Whether a text is one of a grammar's. */
export function follows(node: Node, text: string): boolean {
  const grammar = new Grammar(node, 16);
  let state = grammar.start;
  for (const byte of Buffer.from(text)) {
    const next = grammar.next(state, byte);
    if (!next) return false;
    state = next;
  }
  return state.isEnd;
}

/** Whether a schema allows a value, as it is written. */
export const allows = (schema: unknown, value: unknown, options?: SchemaOptions): boolean =>
  follows(schemaGrammar(schema, options), written(value));

/** A random text of a grammar, byte by byte: as short as it can be after so many. */
export function randomText(node: Node, seed: number, bytes = 200): string | null {
  const grammar = new Grammar(node, 16);
  const random = new Random(seed, "texts");
  const text: number[] = [];
  let state = grammar.start;
  while (text.length < bytes) {
    if (state.isEnd && (state.ways.length === 0 || random.integer(4) === 0))
      return Buffer.from(text).toString();
    const possible = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
      grammar.next(state, byte),
    );
    // Quotes and brackets that close are tried more often, so that texts end.
    const closing = possible.filter((byte) => '"]}'.includes(String.fromCharCode(byte)));
    const from = closing.length > 0 && random.integer(3) === 0 ? closing : possible;
    const byte = from[random.integer(from.length)]!;
    text.push(byte);
    state = grammar.next(state, byte)!;
  }
  return null;
}
