/** The training graphs of each family's blocks in the portable dialect, against those for the processor: forward and backward. */
import { describe, expect, test } from "vitest";
import { blockWeight } from "../../../native-models/architectures/architecture.ts";
import type { BlockKind } from "../../../native-models/architectures/architecture.ts";
import type { Dialect } from "../../../native-models/graph/graph.ts";
import { sectionWeights } from "../../../native-models/model.ts";
import { float32 } from "../../../native-models/runtime/session.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { alike, symbolicUnitGraphs } from "../../../native-models/training/unit-graphs.ts";
import type { UnitOptions } from "../../../native-models/training/unit-graphs.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, readGolden } from "../architectures/golden-weights.ts";
import { random, randomTensor, run } from "../graph/finite-differences.ts";
import type { Feeds } from "../graph/finite-differences.ts";

describe.each(comparedNames)("%s", (name) => {
  const golden = readGolden(name);
  const model = goldenModel(golden);
  const kinds = [...new Map(model.config.blocks.map((kind, block) => [kind, block]))];

  test.each(kinds.map(([kind, block]) => ({ kind: kind.name, block })))(
    "computes the same for a block of the kind $kind",
    async ({ block }) => {
      const kind = model.config.blocks[block]!;
      const { hiddenSize } = model.config;
      const batch = new Batcher().batch([
        { ids: golden.ids[0]!, promptLength: 1 },
        { ids: golden.ids[1]!.slice(0, 7), promptLength: 1 },
      ]);
      const next = random(3);
      const stream = () => randomTensor(next, batch.tokens.length, hiddenSize);
      const feeds: Feeds = {
        ...batch.layout,
        ...(batch.tables(kind.halves.attention.state) as Feeds),
        ...weightsOf(kind, block),
        x: stream(),
        dy: stream(),
      };
      const computed = async (dialect: Dialect) => {
        const full = { trainable: { kind: "full" }, storage: "f32" } as const;
        const frozen = { trainable: { kind: "none" }, storage: "f32" } as const;
        const outputs = async (halves: UnitOptions["halves"]) => {
          const graphs = symbolicUnitGraphs(hiddenSize, kind, "block", { halves, dialect });
          return { ...(await run(graphs.forward, feeds)), ...(await run(graphs.recomputingBackward, feeds)) };
        };
        const whole = await outputs(alike(full));
        if (dialect === "cpu") return whole; // of parts.test.ts
        const half = await outputs({ attention: frozen, mlp: full });
        for (const [name, values] of Object.entries(half)) expect(whole[name]).toEqual(values);
        expect(Object.keys(half).length).toBeLessThan(Object.keys(whole).length);
        return whole;
      };
      const [expected, actual] = [await computed("cpu"), await computed("portable")];
      expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
      expect(Object.keys(actual)).toContain("dx");
      for (const [output, values] of Object.entries(expected)) {
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(largest, output).toBeGreaterThan(0);
        values.forEach((value, i) => {
          if (!(Math.abs(actual[output]![i]! - value) < 1e-5 * largest)) expect.fail(`${output}[${i}]`);
        });
      }
    },
  );

  function weightsOf(kind: BlockKind, block: number): Feeds {
    return Object.fromEntries(
      sectionWeights(kind, "block").map(({ name: weight, shape }) => [
        weight,
        float32(model.weight(blockWeight(block, weight)).readFloat32(), ...shape),
      ]),
    );
  }
});
