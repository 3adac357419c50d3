import { describe, expect, test } from "vitest";
import { hasShared, references, tokenizerOf, withoutShared } from "./reference.ts";

describe.each(references.filter(({ rows }) => rows))("$name", (reference) => {
  test.skipIf(!hasShared)(`gives the reference implementation's ids (${withoutShared})`, () => {
    const tokenizer = tokenizerOf(reference);
    const given = reference.rows!.map(({ text }) => ({
      text,
      document: tokenizer.encode(text),
      prompt: tokenizer.encode(text, { special: true }),
      decoded: tokenizer.decode(tokenizer.encode(text)),
    }));
    expect(given).toEqual(
      reference.rows!.map((row) => ({ ...row, decoded: decodedOf(reference.name, row) })),
    );
  });
});

/** The reference's Metaspace decoder takes every space of a first token, where encoding put one. */
function decodedOf(name: string, { text, decoded }: { text: string; decoded: string }): string {
  return name === "Metaspace, first" && text.startsWith(" ".repeat(16)) ? text.slice(1) : decoded;
}
