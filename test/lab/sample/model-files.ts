/** The sample model's shape and how it starts, before anything is learnt. */
import { Random } from "../../../native-models/random.ts";

/** config.json of the sample: a Llama that is small, yet has everything a Llama has. */
export const modelConfig = {
  architectures: ["LlamaForCausalLM"],
  attention_bias: false,
  attention_dropout: 0,
  bos_token_id: 0,
  eos_token_id: 0,
  head_dim: 32,
  hidden_act: "silu",
  hidden_size: 192,
  initializer_range: 0.02,
  intermediate_size: 512,
  license: "apache-2.0",
  max_position_embeddings: 512,
  mlp_bias: false,
  model_type: "llama",
  num_attention_heads: 6,
  num_hidden_layers: 8,
  num_key_value_heads: 3,
  pad_token_id: 0,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 10000,
  tie_word_embeddings: true,
  torch_dtype: "float16",
  use_cache: true,
  vocab_size: 2048,
} as const;

/** generation_config.json of the sample. */
export const generationConfig = {
  bos_token_id: 0,
  do_sample: false,
  eos_token_id: 0,
  pad_token_id: 0,
} as const;

export interface InitialTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The weights to train from, by upstream name: norms 1, all else normal with deviation 0.02, and the two projections that
 * write to the residual stream smaller by √(2 · blocks) (GPT-2). One tensor at a time, each from a stream of its own.
 */
export function* initialWeights(seed: number): Generator<InitialTensor> {
  const {
    hidden_size: width,
    intermediate_size: inner,
    num_hidden_layers: blocks,
    vocab_size: tokens,
  } = modelConfig;
  const keyValueWidth = modelConfig.num_key_value_heads * modelConfig.head_dim;
  const residual = modelConfig.initializer_range / Math.sqrt(2 * blocks);
  const normal = (
    name: string,
    shape: [number, number],
    deviation: number = modelConfig.initializer_range,
  ) => {
    const random = new Random(seed, name);
    return {
      name,
      shape,
      data: Float32Array.from({ length: shape[0] * shape[1] }, () => random.normal() * deviation),
    };
  };
  const ones = (name: string) => ({ name, shape: [width], data: new Float32Array(width).fill(1) });

  yield normal("model.embed_tokens.weight", [tokens, width]);
  for (let block = 0; block < blocks; block++) {
    const name = (part: string) => `model.layers.${block}.${part}.weight`;
    yield ones(name("input_layernorm"));
    yield normal(name("self_attn.q_proj"), [width, width]);
    yield normal(name("self_attn.k_proj"), [keyValueWidth, width]);
    yield normal(name("self_attn.v_proj"), [keyValueWidth, width]);
    yield normal(name("self_attn.o_proj"), [width, width], residual);
    yield ones(name("post_attention_layernorm"));
    yield normal(name("mlp.gate_proj"), [inner, width]);
    yield normal(name("mlp.up_proj"), [inner, width]);
    yield normal(name("mlp.down_proj"), [width, inner], residual);
  }
  yield ones("model.norm.weight");
}
