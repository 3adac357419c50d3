/** The types that llama.cpp's quantiser gives each tensor (test/lab/reference/mixes.py). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mixedTypes } from "../../../native-models/exporting/gguf-mix.ts";
import { MIXES } from "../../../native-models/exporting/mixes.ts";
import type { Mix } from "../../../native-models/exporting/mixes.ts";

const models = JSON.parse(readFileSync(new URL("golden/mixes.json", import.meta.url), "utf8")) as {
  layers: number;
  shapes: Record<string, number[]>;
  mixes: Record<Mix, Record<string, string>>;
}[];

describe.each(models)("a model of $layers layers", ({ layers, shapes, mixes }) => {
  test.each(MIXES)("mixes %s as llama.cpp does", (mix) => {
    const tensors = Object.entries(shapes).map(([name, shape]) => ({ name, shape, columns: shape.at(-1)! }));
    const types = mixedTypes(mix, tensors, layers).map((type) => type.toUpperCase());
    expect(Object.fromEntries(tensors.map(({ name }, index) => [name, types[index]]))).toEqual(mixes[mix]);
  });
});
