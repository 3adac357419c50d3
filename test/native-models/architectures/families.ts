/** Each family's fixtures, and what its architecture does with each key. A new architecture is a row here. */

export interface Family {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** Its GGUF fixtures, in `golden/gguf`. */
  readonly gguf: readonly string[];
  /** Variants (`golden/variants`) that are refused: maths that the architecture does not have. */
  readonly refused: readonly string[];
  /** Variants that have the base's logits: another spelling, or a default that the base has too. */
  readonly alike: readonly string[];
  /** Variants that have the base's logits, since upstream does not read the key in this family. */
  readonly foreign: readonly string[];
}

/** Keys that are read and say nothing about the logits of a short text. */
export const SILENT_KEYS = ["model_type", "vocab_size", "max_position_embeddings"];

const UNTIED = "tie_word_embeddings left out";
const QWEN = {
  refused: ["hidden_act", "rope_scaling dynamic"],
  alike: [UNTIED, "sliding_window without use_sliding_window"],
};

export const families: readonly Family[] = [
  {
    modelType: "llama",
    gguf: ["llama", "llama-tied"],
    refused: ["hidden_act", "rope_scaling dynamic"],
    alike: [UNTIED],
    foreign: ["sliding_window"],
  },
  {
    modelType: "mistral",
    gguf: ["mistral", "mistral-small"],
    refused: ["hidden_act", "rope_scaling dynamic"],
    alike: [UNTIED],
    foreign: ["attention_bias", "mlp_bias"],
  },
  {
    modelType: "ministral3",
    gguf: ["ministral3"],
    refused: ["hidden_act", "rope_scaling linear"],
    alike: [UNTIED],
    foreign: ["attention_bias", "rope_theta beside them"],
  },
  { modelType: "qwen2", gguf: ["qwen2", "qwen2-tied"], ...QWEN, foreign: ["attention_bias"] },
  { modelType: "qwen3", gguf: ["qwen3"], ...QWEN, foreign: [] },
  {
    modelType: "smollm3",
    gguf: ["smollm3"],
    refused: ["hidden_act", "rope_scaling dynamic", "use_sliding_window"],
    alike: [UNTIED],
    foreign: [],
  },
  {
    modelType: "granite",
    gguf: ["granite"],
    refused: ["hidden_act"],
    alike: [UNTIED],
    foreign: [],
  },
  {
    modelType: "olmo2",
    gguf: ["olmo2"],
    refused: ["hidden_act"],
    alike: [UNTIED],
    foreign: ["sliding_window"],
  },
  { modelType: "olmo3", gguf: ["olmo3"], refused: ["hidden_act"], alike: [UNTIED], foreign: [] },
  { modelType: "exaone4", gguf: ["exaone4"], refused: ["hidden_act"], alike: [UNTIED], foreign: [] },
  {
    modelType: "phi3",
    gguf: ["phi3", "phi3-long"],
    refused: ["hidden_act"],
    alike: [UNTIED, "rope_scaling, by an older name"],
    foreign: [],
  },
  {
    modelType: "gemma2",
    gguf: ["gemma2"],
    refused: ["hidden_activation"],
    alike: [UNTIED, "hidden_activation left out"],
    foreign: ["use_bidirectional_attention"],
  },
  {
    modelType: "gemma3_text",
    gguf: ["gemma3", "gemma3-pattern"],
    refused: ["hidden_activation", "hidden_activation silu", "use_bidirectional_attention"],
    alike: [UNTIED, "hidden_activation left out", "rope_parameters, the same"],
    foreign: ["attn_logit_softcapping"],
  },
  {
    modelType: "qwen3_5_text",
    gguf: ["qwen3_5"],
    refused: ["hidden_act"],
    alike: [UNTIED],
    foreign: [],
  },
  {
    modelType: "lfm2",
    gguf: ["lfm2"],
    refused: ["rope_scaling dynamic"],
    alike: [UNTIED, "conv_L_cache left out"],
    foreign: ["full_attn_idxs beside layer_types"],
  },
];
