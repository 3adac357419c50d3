/** What must hold for every tokenizer whose ids a reference gave. */
import { expect } from "vitest";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { referenceTokenizers } from "./reference.ts";

type Reference = ReturnType<typeof referenceTokenizers>["references"][number];

/** The ids of every text, as data and with its special tokens, and the text that they give. */
export function expectReferenceIds({ name, rows }: Reference, tokenizer: Tokenizer): void {
  const given = rows!.map(({ text }) => ({
    text,
    document: tokenizer.encode(text),
    prompt: tokenizer.encode(text, { special: true }),
    decoded: tokenizer.decode(tokenizer.encode(text)),
  }));
  expect(given).toEqual(rows!.map((row) => ({ ...row, decoded: decodedOf(name, row) })));
}

/** The reference's Metaspace decoder takes every space of a first token, where encoding put one. */
function decodedOf(name: string, { text, decoded }: { text: string; decoded: string }): string {
  const spaces = /^ +/.exec(text)?.[0].length ?? 0;
  return name === "Metaspace, first" && decoded.length < text.length && spaces > 1 ? text.slice(1) : decoded;
}

/** A long text has the ids of its parts. */
export function expectIdsOfParts(tokenizer: Tokenizer): void {
  // A line break ends a piece for every tokenizer here, and what follows is not the beginning of the text.
  const part = "The Lessee shall pay, on demand, £1,234.50 (plus VAT).\n";
  const once = tokenizer.encode(part);
  const twice = tokenizer.encode(part + part);
  const second = twice.slice(once.length);
  expect(twice.slice(0, once.length)).toEqual(once);
  const many = tokenizer.encode(part.repeat(200));
  expect(many.length).toBe(once.length + 199 * second.length);
  expect(many.slice(-second.length)).toEqual(second);
}
