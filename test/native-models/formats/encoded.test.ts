/** What we store beside what GGML stores for the same values (test/lab/reference/encoded.py). */
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../native-models/formats/storage.ts";
import type { EncodedStorage } from "../../../native-models/formats/storage.ts";
import { bytesOf, floatsOf, golden } from "./fixtures.ts";

const reference = golden("encoded.json") as {
  values: string;
  encoded: Record<Extract<EncodedStorage, `q${string}`>, string>;
};
const values = floatsOf(reference.values);

describe.each(Object.entries(reference.encoded))("%s", (name, stored) => {
  const storage = name as EncodedStorage;
  const theirs = bytesOf(stored);
  const ours = encode(storage, values);

  test("stores GGML's bytes, except for ties among the candidate scales of a K-quant", () => {
    expect(ours).toHaveLength(theirs.length);
    const other = theirs.filter((byte, at) => byte !== ours[at]).length;
    expect(other / theirs.length).toBeLessThanOrEqual(name.endsWith("_k") ? 0.03 : 0);
  });

  test("comes as close to the values as GGML's bytes", () => {
    expect(squaredError(storage, ours)).toBeLessThan(1.01 * squaredError(storage, theirs));
  });
});

function squaredError(storage: EncodedStorage, bytes: Uint8Array): number {
  const back = new Float32Array(values.length);
  decode(storage, bytes, back);
  return values.reduce((sum, value, i) => sum + (value - back[i]!) ** 2, 0);
}
