/** Folders whose `model_type` spells a model of another architecture: their logits, against transformers' in float64, and what is exported of them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../native-models/architectures/architecture.ts";
import { failureOf } from "../../../native-models/failure.ts";
import { writeSafetensorsFolder } from "../../../native-models/formats/safetensors/write.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { writeTinyModel } from "../../main/cli/tiny-model.ts";
import { temporaryFolder } from "../formats/fixtures.ts";
import { hashedWeight, readFixture } from "./golden-weights.ts";
import type { GoldenTensor, Hashed } from "./golden-weights.ts";
import { trainingLogits, worstDifference } from "./hashed-model.ts";

interface Spelled extends Hashed {
  readonly config: JsonObject;
  /** Of each weight, by the folder's name for it. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  /** At `positions`. [P, V] */
  readonly logits: GoldenTensor;
}

const fixture = readFixture("spelled/granitemoehybrid") as Spelled;

/** A folder with the fixture's model, some keys of its configuration changed. */
async function folderOf(change: JsonObject = {}): Promise<string> {
  const folder = await writeTinyModel(join(temporaryFolder(), "spelled"));
  await writeSafetensorsFolder(
    folder,
    Object.entries(fixture.shapes).map(([name, shape]) =>
      fromFloat32(name, shape, hashedWeight(name, fixture, shape)),
    ),
  );
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...fixture.config, ...change }));
  return folder;
}

describe("A dense Granite 4, spelled as a hybrid without Mamba and experts", () => {
  test("is a Granite with the reference's logits", async () => {
    const model = await openModel(await folderOf());
    const logits = await trainingLogits(model, fixture.ids, fixture.positions);
    expect(worstDifference(logits, fixture.logits.data)).toBeLessThan(1e-4);
    expect(model.architecture.modelTypes).toContain("granite");
    expect(model.json).toMatchObject({ architectures: ["GraniteForCausalLM"], intermediate_size: 48 });
    expect(Object.keys(model.json).filter((key) => /mamba|expert|shared|layer_types/.test(key))).toEqual([]);
    model.close();
  });

  test("is the same where transformers 5 has written it, with another name of attention", async () => {
    const model = await openModel(await folderOf({ layer_types: ["full_attention", "full_attention"] }));
    expect(model.config.modelType).toBe("granite");
    model.close();
  });

  test.each([
    [{ layer_types: ["mamba", "attention"] }, "granitemoehybrid with Mamba blocks"],
    [{ layer_types: undefined }, "granitemoehybrid with Mamba blocks"],
    [{ num_local_experts: 4 }, "granitemoehybrid with a mixture of experts"],
    [{ num_local_experts: undefined }, "granitemoehybrid with a mixture of experts"],
    [{ position_embedding_type: "nope" }, "granitemoehybrid with no rotary positions"],
    [{ position_embedding_type: undefined }, "granitemoehybrid with no rotary positions"],
  ])("is refused by name where it has more, or says nothing of it: %j", async (change, modelType) => {
    const failure = await openModel(await folderOf(change)).catch(failureOf);
    expect(failure).toMatchObject({ code: "unsupported-architecture", modelType });
  });

  test("is damaged where its fused projections lack rows", async () => {
    const failure = await openModel(await folderOf({ shared_intermediate_size: 50 })).catch(failureOf);
    expect(failure).toMatchObject({
      code: "corrupt-file",
      section: expect.stringMatching(/input_linear/) as string,
    });
  });
});
