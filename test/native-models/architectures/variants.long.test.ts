/** What each key of a configuration does: logits of tiny models in which it has another value, against transformers' in float64. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../native-models/architectures/architecture.ts";
import { architectureOf, architectures } from "../../../native-models/architectures/registry.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { families, SILENT_KEYS } from "./families.ts";
import { goldenNames, readGolden } from "./golden-weights.ts";
import { readVariants } from "./golden-variants.ts";
import type { GoldenVariant } from "./golden-variants.ts";
import { hashedModel, trainingLogits, worstDifference } from "./hashed-model.ts";

const TOLERANCE = 1e-4;
/** What a changed key must move the logits by, so that a wrong value is seen. */
const CLEAR = 100 * TOLERANCE;

test("each architecture has fixtures for each of its model types and for its GGUF files", () => {
  const types = architectures.flatMap(({ modelTypes }) => modelTypes);
  expect(families.map(({ modelType }) => modelType)).toEqual(types);
  const goldens = goldenNames.map((name) => readGolden(name).config.model_type);
  expect(new Set(goldens)).toEqual(new Set(types));
  for (const { modelTypes, gguf } of architectures)
    expect(
      families.some(({ modelType, gguf: files }) => modelTypes.includes(modelType) && files.length > 0),
      modelTypes[0],
    ).toBe(gguf !== null);
});

describe.each(families)("$modelType", ({ modelType, refused, alike, foreign }) => {
  const fixture = readVariants(modelType);
  const { ids, positions, base, variants } = fixture;
  const read = (config: JsonObject) => architectureOf(modelType).config(config, modelType);

  async function expectLogits({ config, logits }: Pick<GoldenVariant, "config" | "logits">): Promise<void> {
    const model = hashedModel(config, fixture);
    expect(worstDifference(await trainingLogits(model, ids, positions), logits.data)).toBeLessThan(TOLERANCE);
    const folder = mkdtempSync(join(tmpdir(), "coppice-variant-"));
    await writeInferenceModel(model, folder, { precision: "fp32" });
    const decoder = await Decoder.open(folder, { threads: 1 });
    const all = await decoder.readAll(ids); // [T, V]
    const size = logits.shape[1]!;
    const seen = positions.flatMap((place) => [...all.subarray(place * size, (place + 1) * size)]);
    expect(worstDifference(seen, logits.data), "for chat").toBeLessThan(TOLERANCE);
    await decoder.close();
    rmSync(folder, { recursive: true });
  }

  test("gives the reference's logits", () => expectLogits(base));

  test.each(variants.filter(({ name }) => !refused.includes(name)))(
    "gives the reference's logits where a key has another value: $name",
    async (variant) => {
      if ([...alike, ...foreign].includes(variant.name)) expect(variant.moved).toBeLessThan(TOLERANCE / 10);
      else expect(variant.moved).toBeGreaterThan(CLEAR);
      await expectLogits(variant);
    },
  );

  test.each(refused)("refuses what it does not support: %s", (name) => {
    const variant = variants.find((candidate) => candidate.name === name)!;
    expect(variant.moved).toBeGreaterThan(10 * TOLERANCE); // the two forms of GELU are near each other
    expect(() => read(variant.config)).toThrow("unsupported-architecture");
  });

  test("each key that is read has a variant that shows its effect", () => {
    const isShown = (key: string) =>
      variants.some(
        ({ name, config }) =>
          !alike.includes(name) && JSON.stringify(config[key]) !== JSON.stringify(base.config[key]),
      );
    const unseen = keysRead(read, base.config).filter((key) => !SILENT_KEYS.includes(key) && !isShown(key));
    expect(unseen).toEqual([]);
  });
});

/** The keys of a config.json that an architecture looks at. */
function keysRead(read: (config: JsonObject) => unknown, config: JsonObject): string[] {
  const keys = new Set<string>();
  const watch = (key: string | symbol) => typeof key === "string" && keys.add(key);
  read(
    new Proxy(config, {
      get: (target, key) => (watch(key), Reflect.get(target, key) as unknown),
      has: (target, key) => (watch(key), Reflect.has(target, key)),
    }),
  );
  return [...keys].sort();
}
