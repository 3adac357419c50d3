import { describe, expect, test } from "vitest";
import { compared } from "../../../../main/trimming/export/export-check.ts";
import { failureFrom } from "../../failure-from.ts";

/** Logits after one token. */
const computed = (...logits: number[]) => ({ logits: [Float32Array.from(logits)], nll: null });
const asked = { format: "gguf", mix: "Q4_0", roundedBefore: null } as const;

describe("An export", () => {
  test.each([
    [16, [2, 0, 0.1]],
    [8, [2, 0, 0.4]],
    [4, [2, 0, 1.5]],
  ] as const)("of %i bits may differ by their rounding", (bits, logits) => {
    const check = compared(computed(2, 0, 0), computed(...logits), { ...asked, bits });
    expect(check.sameTop).toBe(1);
    expect(check.divergence).toBeGreaterThan(0);
  });

  test("that computes something else differs", () => {
    for (const bits of [16, 8] as const)
      expect(failureFrom(() => compared(computed(9, 0), computed(0, 9), { ...asked, bits }))).toMatchObject({
        code: "export-differs",
        format: "gguf",
      });
  });

  test("in too few bits for the model names a type with more", () => {
    const refused = (format: "gguf" | "onnx") =>
      failureFrom(() => compared(computed(9, 0), computed(0, 9), { ...asked, format, bits: 4 }));
    expect(refused("gguf")).toEqual({ code: "too-few-bits", type: "Q4_0", suggested: "Q8_0", changed: 1 });
    expect(refused("onnx")).toMatchObject({ suggested: "INT8" });
  });

  test("whose logits are no numbers differs, in any number of bits", () => {
    for (const bits of [16, 8, 4] as const)
      expect(failureFrom(() => compared(computed(1, 0), computed(NaN, 0), { ...asked, bits }))).toMatchObject(
        {
          code: "export-differs",
        },
      );
  });
});
