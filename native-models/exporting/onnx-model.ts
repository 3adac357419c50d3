/** A model's graph and weights as files for onnxruntime-genai and transformers.js, and the configuration that each of them reads. */
import { join } from "node:path";
import { attentionsOf } from "../architectures/architecture.ts";
import type { JsonObject } from "../architectures/architecture.ts";
import { fail } from "../failure.ts";
import { makeFolder, writeFileAtomic } from "../formats/atomic.ts";
import type { Precision } from "../inference/precision.ts";
import type { WeightsFile } from "../inference/weights-file.ts";
import type { Model } from "../model.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { mixersOf, onnxGraph } from "./onnx-graph.ts";

/** Where transformers.js looks; `_data` after a graph's name is its weights. */
export const ONNX_FOLDER = "onnx";
export const ONNX_GRAPH = "model.onnx";
const ONNX_WEIGHTS = `${ONNX_GRAPH}_data`;

/** Throws `not-expressible` for a model without any attention: both programs count tokens by its cache. */
export function refuseWithoutAttention({ config, sections }: Model): void {
  const mixers = mixersOf(sections).map((block) => config.blocks[block]!.halves.attention);
  if (mixers.every(({ state }) => state?.kind !== "attention"))
    fail({ code: "not-expressible", program: "onnx", blocks: sections.length, reason: "no-attention" });
}

/**
 * Writes the graph and its weights into `folder`/onnx. Returns another graph over the same weights, which gives logits after every token:
 * for checks. Throws `not-expressible`, `disk-full`, `unwritable`, and the errors of reading the weights.
 */
export async function writeOnnxModel(
  folder: string,
  model: Model,
  precision: Precision,
  onProgress: (fraction: number) => void = () => {},
): Promise<{ checking: Uint8Array }> {
  refuseWithoutAttention(model);
  const place = join(folder, ONNX_FOLDER);
  makeFolder(place);
  const options = { precision, weightsFile: ONNX_WEIGHTS };
  const { graph, weights } = onnxGraph(model, options);
  await writeFileAtomic(join(place, ONNX_WEIGHTS), watchedContent(weights, onProgress));
  await writeFileAtomic(join(place, ONNX_GRAPH), graph.encode("model"));
  return {
    checking: onnxGraph(model, { ...options, allLogits: true }).graph.encode("model with all logits"),
  };
}

function* watchedContent(
  weights: WeightsFile,
  onProgress: (fraction: number) => void,
): Generator<Uint8Array> {
  let done = 0;
  for (const piece of weights.content()) {
    yield piece;
    done += piece.byteLength;
    onProgress(done / weights.sizeBytes);
  }
}

/** The config.json that transformers.js reads: the states that it keeps, and which file it opens, on every device. */
export function javascriptConfig(model: Model): JsonObject {
  const { architecture, json } = model;
  const kinds = kindsOf(model);
  return {
    ...json,
    model_type: architecture.inOnnx?.modelType ?? json.model_type,
    num_hidden_layers: kinds.length,
    layer_types: kinds,
    "transformers.js_config": { use_external_data_format: true, dtype: "fp32" },
  };
}

/** The kinds of the blocks that keep a state of earlier tokens. */
const kindsOf = ({ config, sections }: Model): string[] =>
  mixersOf(sections).map((block) => config.blocks[block]!.name);

/** The content of genai_config.json. `sampling`: what the base's files recommend, by transformers' names. */
export function genaiConfig(model: Model, tokenizer: Tokenizer, sampling: JsonObject): JsonObject {
  const { architecture, config } = model;
  const { heads, kvHeads, headDim } = attentionsOf(config)[0]!;
  const recommended = (name: string, otherwise: number) =>
    typeof sampling[name] === "number" ? sampling[name] : otherwise;
  const isSampled = sampling.do_sample === true;
  const end = tokenizer.eosIds[0] ?? 0;
  return {
    model: {
      type: architecture.inOnnx?.genaiType ?? "decoder",
      vocab_size: config.vocabularySize,
      context_length: config.maxPositions,
      bos_token_id: tokenizer.bosId ?? end,
      eos_token_id: tokenizer.eosIds,
      pad_token_id: recommended("pad_token_id", end),
      decoder: {
        session_options: { log_id: "onnxruntime-genai", provider_options: [] },
        filename: `${ONNX_FOLDER}/${ONNX_GRAPH}`,
        hidden_size: config.hiddenSize,
        num_attention_heads: heads,
        num_key_value_heads: kvHeads,
        head_size: headDim,
        num_hidden_layers: kindsOf(model).length,
        ...typeSettings(model),
        inputs: {
          input_ids: "input_ids",
          attention_mask: "attention_mask",
          past_key_names: "past_key_values.%d.key",
          past_value_names: "past_key_values.%d.value",
          past_conv_names: "past_conv.%d",
          past_recurrent_names: "past_recurrent.%d",
        },
        outputs: {
          logits: "logits",
          present_key_names: "present.%d.key",
          present_value_names: "present.%d.value",
          present_conv_names: "present_conv.%d",
          present_recurrent_names: "present_recurrent.%d",
        },
      },
    },
    search: {
      do_sample: isSampled,
      temperature: recommended("temperature", 1),
      top_k: isSampled ? recommended("top_k", 50) : 1,
      top_p: recommended("top_p", 1),
      repetition_penalty: recommended("repetition_penalty", 1),
      min_length: 0,
      max_length: config.maxPositions,
      num_beams: 1,
      num_return_sequences: 1,
      past_present_share_buffer: false,
    },
  };
}

/** What the family's type in onnxruntime-genai needs to know about its states. */
function typeSettings(model: Model): JsonObject {
  const { architecture, config } = model;
  if (!architecture.inOnnx?.genaiType) return {};
  const lengths = config.blocks.flatMap(({ halves: { attention } }) =>
    attention.state?.kind === "recurrent"
      ? Object.values(attention.state.tensors).map(([length]) => length)
      : [],
  );
  return { layer_types: kindsOf(model), ...(lengths.length > 0 && { conv_cache_size: lengths[0] }) };
}
