import { describe, expect, test } from "vitest";
import { evaluationRows } from "../../../../main/trimming/evaluation/evaluate.ts";
import type { Encoder } from "../../../../main/trimming/rows/rows.ts";

/** An id is a byte. */
const bytes: Encoder = {
  encode: (text) => [...Buffer.from(text)],
  tokenBytes: (id) => Uint8Array.of(id),
  eosIds: [256],
  addsBos: false,
  bosToken: null,
};

describe("Bits per byte", () => {
  /** Of a model to which each byte is one of two equally likely ones. */
  const bitsPerByte = (completion: string, maxTokens: number) => {
    const split = { questions: [], examples: [{ prompt: "Ein Brief: ", completion }] };
    const scored = evaluationRows(bytes, split, "plain", maxTokens);
    const nll = scored.rows.map(({ ids, promptLength }) =>
      new Float32Array(ids.length - promptLength).fill(Math.LN2),
    );
    return scored.evaluation(nll, "f32").bitsPerByte!;
  };
  const text = "Grüße aus der Heide. ".repeat(200);

  test("are of the bytes that are scored, also of a text that is cut", () => {
    expect(bitsPerByte(text, 256)).toBeCloseTo(1, 5);
  });

  test("are of all bytes of a text that is not, whose end is scored, too", () => {
    const all = Buffer.byteLength(text);
    expect(bitsPerByte(text, 8192)).toBeCloseTo((all + 1) / all, 5);
  });
});

test("More rows than an evaluation can report are refused before they are measured", () => {
  const examples = Array.from({ length: 40_001 }, () => ({ prompt: "", completion: "x" }));
  expect(() => evaluationRows(bytes, { questions: [], examples }, "plain", 64)).toThrow(
    '"rows":40001,"most":40000',
  );
});
