import { describe, expect, test } from "vitest";
import { kindNames } from "../../../native-models/architectures/cut.ts";
import type { Architecture, JsonObject } from "../../../native-models/architectures/architecture.ts";
import {
  architectureOf,
  architectureOfGguf,
  architectures,
} from "../../../native-models/architectures/registry.ts";
import { failureFrom } from "../../main/failure-from.ts";

const sizes = {
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 7,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  vocab_size: 100,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 5000,
  query_pre_attn_scalar: 16, // no GGUF key says another one than the width of a head
};

/** What GGUF has no key for, and llama.cpp takes from the number of blocks. */
const unsaid: Readonly<Record<string, JsonObject>> = { exaone4: { sliding_window: null } };

const ofType = (modelType: string): JsonObject => ({ model_type: modelType, ...sizes, ...unsaid[modelType] });

describe.each(architectures.map((architecture) => [architecture.modelTypes[0]!, architecture] as const))(
  "%s",
  (modelType: string, architecture: Architecture) => {
    const config = architecture.config(ofType(modelType), "model");

    test("is the same when read back from its own keys", () => {
      expect(JSON.stringify(architecture.config(config.json, "model"))).toBe(JSON.stringify(config));
    });

    test("is the same when read from its GGUF metadata", () => {
      const { gguf } = architecture;
      const metadata = new Map([
        ...gguf!.metadata(config.json),
        ["tokenizer.ggml.tokens", new Array(sizes.vocab_size).fill("")],
      ]);
      const isTied = config.json.tie_word_embeddings === true;
      const has = (name: string) => !isTied && name === "output.weight";
      const json = gguf!.config({ metadata, has, vector: () => null });
      const read = architecture.config(json, "file");
      const described = JSON.parse(JSON.stringify({ ...config, json: undefined })) as object;
      expect(read).toMatchObject(described);
    });

    test("gives every weight one name in GGUF", () => {
      const names = config.blocks.flatMap((kind, block) =>
        Object.values(kind.halves).flatMap(({ weights }) =>
          weights.map(({ name }) => architecture.gguf!.view(`model.layers.${block}.${name}`, config).name),
        ),
      );
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^blk\.\d+\.[a-z0-9_]+(\.(weight|bias))?$/);
    });

    test("keeps the kinds of the blocks that remain after a cut", () => {
      const kept = [0, 2, 3, 5];
      const cut = architecture.config(architecture.cut(config.json, kept), "cut");
      expect(kindNames(cut)).toEqual(kept.map((block) => kindNames(config)[block]));
    });
  },
);

test("A padding token in GGUF metadata that is out of range is none in the configuration", () => {
  const llama = architectureOf("llama");
  const padding = (id: number) => {
    const metadata = new Map<string, unknown>([
      ...llama.gguf!.metadata(llama.config(ofType("llama"), "model").json),
      ["tokenizer.ggml.tokens", new Array(sizes.vocab_size).fill("")],
      ["tokenizer.ggml.padding_token_id", id],
    ]);
    return llama.gguf!.config({ metadata, has: () => false, vector: () => null }).pad_token_id;
  };
  expect([99, 100, 2 ** 32 - 1].map(padding)).toEqual([99, null, null]);
});

test("An unknown architecture is refused, with a list of the known ones", () => {
  const known = architectures.flatMap(({ modelTypes }) => modelTypes);
  expect(failureFrom(() => architectureOf("mamba"))).toMatchObject({ modelType: "mamba", supported: known });
  expect(failureFrom(() => architectureOfGguf("mamba"))).toMatchObject({
    code: "unsupported-architecture",
    supported: architectures.map(({ gguf }) => gguf!.architecture),
  });
});

test("a file without windows may give their pattern as 0, as transformers writes it", () => {
  const { config } = architectureOf("exaone4");
  const json = { ...ofType("exaone4"), sliding_window_pattern: 0 };
  expect(kindNames(config(json, "model"))).toEqual(new Array(sizes.num_hidden_layers).fill("full_attention"));
});
