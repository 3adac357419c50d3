import { expect, test } from "vitest";
import { architectureOfGguf } from "../../native-models/architectures/registry.ts";
import { leftOut } from "../../native-models/left-out.ts";

test("finds what predicts a token ahead, by its name or by its block", () => {
  expect(leftOut(["mtp.fc.weight"], 2)).toEqual(["next-token"]);
  expect(leftOut(["model.layers.2.self_attn.q_proj.weight"], 2)).toEqual(["next-token"]);
  expect(leftOut(["blk.2.nextn.eh_proj.weight", "blk.2.attn_q.weight"], 2)).toEqual(["next-token"]);
  expect(leftOut(["blk.1.attn_q.weight", "model.layers.1.mlp.up_proj.weight", "output.weight"], 2)).toEqual(
    [],
  );
});

test("does not count blocks of a GGUF file that predict a token ahead", () => {
  const { gguf } = architectureOfGguf("llama");
  const layers = (entries: [string, number][]) =>
    gguf.config({ metadata: new Map(entries), has: () => false, vector: () => null }).num_hidden_layers;
  expect(layers([["llama.block_count", 5]])).toBe(5);
  expect(
    layers([
      ["llama.block_count", 5],
      ["llama.nextn_predict_layers", 1],
    ]),
  ).toBe(4);
});

test("finds what reads images and sound", () => {
  expect(leftOut(["model.visual.blocks.0.attn.qkv.weight"], 2)).toEqual(["images"]);
  expect(leftOut(["audio_tower.layers.0.weight", "vision_tower.x", "multi_modal_projector.y"], 2)).toEqual([
    "images",
    "sound",
  ]);
});
