/** Adapters in PEFT's format, read by PEFT's rules: a module's rank and alpha are those of its pattern, or of the whole. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withWrittenAdapter, writeAdapter } from "../../../native-models/exporting/adapter.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { adapterName } from "../../../native-models/training/unit-graphs.ts";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { readGolden } from "../architectures/golden-weights.ts";

interface PeftConfig {
  readonly r: number;
  readonly lora_alpha: number;
  readonly rank_pattern: Readonly<Record<string, number>>;
  readonly alpha_pattern: Readonly<Record<string, number>>;
}

const [RANK, ALPHA] = [4, 6];

test.each([
  ["llama-gqa", {}],
  ["phi3", { "0 qkv_proj": 12, "1 qkv_proj": 12 }],
])("of %s name a module's rank where it is another", async (name, others) => {
  const base = goldenModel(readGolden(name));
  const trainable = { kind: "lora", rank: RANK, alpha: ALPHA, targets: ROLES } as const;
  const stack = Stack.open(base, { threads: 1, trainable, seed: 1 });
  for (const { values } of stack.held) values.forEach((value, i) => (values[i] = value + 0.02 * Math.sin(i)));
  const trained = (block: number | null, tensor: string) =>
    stack.held
      .filter((held) => held.name.startsWith(`${block}.`))
      .map((held) => held.value(tensor))
      .find((values) => values !== undefined);
  const folder = temporaryFolder();
  const pair = (upstream: string) => {
    const [, block, weight] = /^model\.layers\.(\d+)\.(.*)$/.exec(upstream) ?? [];
    if (weight === undefined) return null;
    const [a, b] = (["A", "B"] as const).map((side) => trained(Number(block), adapterName(weight, side)));
    return a && b ? { a, b } : null;
  };
  const adapter = { rank: RANK, alpha: ALPHA, pair };
  await writeAdapter(folder, base, adapter, "base");

  const config = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8")) as PeftConfig;
  expect([config.r, config.lora_alpha]).toEqual([RANK, ALPHA]);
  for (const [module, rank] of Object.entries(others)) {
    const [block, projection] = module.split(" ") as [string, string];
    const named = Object.keys(config.rank_pattern).filter((key) => key.endsWith(`.${projection}`));
    const key = named.find((key) => key.startsWith(`model.layers.${block}.`))!;
    expect(config.rank_pattern[key], module).toBe(rank);
  }
  if (Object.keys(others).length === 0) expect(config.rank_pattern).toEqual({});
  const file = openTensorFile(join(folder, "adapter_model.safetensors"));
  for (const [tensor, { rows, columns }] of file.tensors) {
    const [, module, side] = /^base_model\.model\.(.*)\.lora_([AB])\.weight$/.exec(tensor)!;
    const rank = config.rank_pattern[module!] ?? config.r;
    expect(side === "A" ? rows : columns, tensor).toBe(rank);
    expect((config.alpha_pattern[module!] ?? config.lora_alpha) / rank, tensor).toBeCloseTo(ALPHA / RANK, 12);
  }
  file.close();

  const merged = mergedModel(base, stack.kept, trainable, trained);
  const read = withWrittenAdapter(base, folder, adapter);
  for (const weight of merged.names) {
    const [found, expected] = [read.weight(weight).readFloat32(), merged.weight(weight).readFloat32()];
    expected.forEach((value, i) => expect(found[i], weight).toBeCloseTo(value, 5));
  }
  await stack.close();
});
