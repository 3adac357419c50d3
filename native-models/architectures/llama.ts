/** Llama 2 and 3, Mistral, SmolLM2, TinyLlama: RMS norm, rotary grouped-query attention, SwiGLU (arXiv 2302.13971). */
import { z } from "zod";
import type { Tensor } from "../graph/graph.ts";
import { fail } from "../failure.ts";
import type { Architecture, BlockOps, Config, JsonObject, WeightSpec } from "./architecture.ts";
import { ropeFrequencies } from "./rope.ts";

const size = z
  .number()
  .int()
  .min(1)
  .max(2 ** 24);

const LlamaConfig = z.object({
  model_type: z.string(),
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size.max(1024),
  num_attention_heads: size.max(1024),
  num_key_value_heads: size.max(1024).nullish(),
  head_dim: size.max(4096).nullish(),
  vocab_size: size,
  max_position_embeddings: size.default(2048),
  rms_norm_eps: z.number().positive().default(1e-6),
  hidden_act: z.literal("silu").default("silu"),
  sliding_window: size.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

function config(json: JsonObject, path: string): Config {
  const parsed = LlamaConfig.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail({
      code: "corrupt-file",
      path,
      section: "configuration",
      reason: `${issue!.path.join(".")}: ${issue!.message}`,
    });
  }
  const c = parsed.data;
  const kvHeads = c.num_key_value_heads ?? c.num_attention_heads;
  const headDim = c.head_dim ?? c.hidden_size / c.num_attention_heads;
  if (c.num_attention_heads % kvHeads !== 0 || !Number.isInteger(headDim) || headDim % 2 !== 0) {
    const reason = `${c.num_attention_heads} heads, ${kvHeads} key/value heads and a head width of ${headDim} do not fit together`;
    fail({ code: "corrupt-file", path, section: "configuration", reason });
  }
  return {
    modelType: c.model_type,
    hiddenSize: c.hidden_size,
    intermediateSize: c.intermediate_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    kvHeads,
    headDim,
    vocabularySize: c.vocab_size,
    maxPositions: c.max_position_embeddings,
    normEpsilon: c.rms_norm_eps,
    ropeFrequencies: ropeFrequencies(json, headDim),
    slidingWindow: c.sliding_window ?? null,
    tiedEmbedding: c.tie_word_embeddings,
    attentionBias: c.attention_bias,
    mlpBias: c.mlp_bias,
  };
}

/** Keys: github.com/ggml-org/ggml docs/gguf.md, "LLM". */
function configFromGguf(
  metadata: ReadonlyMap<string, unknown>,
  vector: (name: string) => Float32Array | null,
): JsonObject {
  const get = (key: string) => metadata.get(`llama.${key}`);
  const tokens = metadata.get("tokenizer.ggml.tokens") as readonly unknown[] | undefined;
  const heads = get("attention.head_count");
  if (Array.isArray(heads)) {
    fail({
      code: "unsupported-architecture",
      modelType: "llama with a different number of heads in each layer",
      supported: ["llama"],
    });
  }
  const theta = get("rope.freq_base") ?? 10_000;
  const factors = vector("rope_freqs.weight");
  const linear = get("rope.scaling.type") === "linear" ? get("rope.scaling.factor") : undefined;
  const scaling = factors
    ? { rope_type: "factors", factors: [...factors] }
    : linear !== undefined
      ? { rope_type: "linear", factor: linear }
      : undefined;
  const headDim = get("attention.key_length") ?? get("rope.dimension_count");
  return {
    model_type: "llama",
    architectures: ["LlamaForCausalLM"],
    hidden_size: get("embedding_length"),
    intermediate_size: get("feed_forward_length"),
    num_hidden_layers: get("block_count"),
    num_attention_heads: heads,
    num_key_value_heads: get("attention.head_count_kv") ?? heads,
    ...(headDim !== undefined && { head_dim: headDim }),
    vocab_size: get("vocab_size") ?? tokens?.length,
    max_position_embeddings: get("context_length") ?? 2048,
    rms_norm_eps: get("attention.layer_norm_rms_epsilon") ?? 1e-5,
    rope_theta: theta,
    ...(scaling && { rope_scaling: scaling }),
    hidden_act: "silu",
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: vector("output.weight") === null,
    bos_token_id: metadata.get("tokenizer.ggml.bos_token_id"),
    eos_token_id: metadata.get("tokenizer.ggml.eos_token_id"),
  };
}

const GGUF_NAMES: readonly (readonly [string, string])[] = [
  ["model.embed_tokens.", "token_embd."],
  ["model.norm.", "output_norm."],
  ["lm_head.", "output."],
  ["model.layers.", "blk."],
  ["input_layernorm.", "attn_norm."],
  ["post_attention_layernorm.", "ffn_norm."],
  ["self_attn.q_proj.", "attn_q."],
  ["self_attn.k_proj.", "attn_k."],
  ["self_attn.v_proj.", "attn_v."],
  ["self_attn.o_proj.", "attn_output."],
  ["mlp.gate_proj.", "ffn_gate."],
  ["mlp.up_proj.", "ffn_up."],
  ["mlp.down_proj.", "ffn_down."],
];

function weights(c: Config): { attention: WeightSpec[]; mlp: WeightSpec[] } {
  const [q, kv] = [c.heads * c.headDim, c.kvHeads * c.headDim];
  const linear = (name: string, outputs: number, inputs: number, bias: boolean): WeightSpec[] => [
    { name: `${name}.weight`, shape: [outputs, inputs] },
    ...(bias ? [{ name: `${name}.bias`, shape: [outputs] } as const] : []),
  ];
  return {
    attention: [
      { name: "input_layernorm.weight", shape: [c.hiddenSize] },
      ...linear("self_attn.q_proj", q, c.hiddenSize, c.attentionBias),
      ...linear("self_attn.k_proj", kv, c.hiddenSize, c.attentionBias),
      ...linear("self_attn.v_proj", kv, c.hiddenSize, c.attentionBias),
      ...linear("self_attn.o_proj", c.hiddenSize, q, c.attentionBias),
    ],
    mlp: [
      { name: "post_attention_layernorm.weight", shape: [c.hiddenSize] },
      ...linear("mlp.gate_proj", c.intermediateSize, c.hiddenSize, c.mlpBias),
      ...linear("mlp.up_proj", c.intermediateSize, c.hiddenSize, c.mlpBias),
      ...linear("mlp.down_proj", c.hiddenSize, c.intermediateSize, c.mlpBias),
    ],
  };
}

/** x + attention(norm(x)). [N, D] → [N, D] */
function attention(x: Tensor, ops: BlockOps): Tensor {
  const normed = ops.rmsNorm(x, "input_layernorm");
  const [q, k, v] = ops.linear(normed, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"); // [N, H·Dh], [N, K·Dh] twice
  const [mixed] = ops.linear(ops.attention(q, k, v), "self_attn.o_proj"); // [N, D]
  return ops.add(x, mixed);
}

/** x + down(silu(gate(norm(x))) ⊙ up(norm(x))). [N, D] → [N, D] */
function mlp(x: Tensor, ops: BlockOps): Tensor {
  const normed = ops.rmsNorm(x, "post_attention_layernorm");
  const [gate, up] = ops.linear(normed, "mlp.gate_proj", "mlp.up_proj"); // [N, F] twice
  const [down] = ops.linear(ops.swiglu(gate, up), "mlp.down_proj"); // [N, D]
  return ops.add(x, down);
}

export const llama: Architecture = {
  modelTypes: ["llama", "mistral"],
  ggufArchitectures: ["llama"],
  config,
  configFromGguf,
  ggufName: (name) => GGUF_NAMES.reduce((renamed, [from, to]) => renamed.replace(from, to), name),
  ggufInterleavedHeads: (name, c) =>
    /\bq_proj\./.test(name) ? c.heads : /\bk_proj\./.test(name) ? c.kvHeads : 0,
  weights,
  attention,
  mlp,
};
