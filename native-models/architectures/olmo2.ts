/**
 * OLMo 2 and 3: norms of each half's branch instead of its input, and of queries and keys over all heads together (arXiv 2501.00656);
 * OLMo 3 has three windowed blocks per global one, and scales rotations only in global blocks.
 */
import { z } from "zod";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { everyNth, sequence } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, layerBlocks, readKeys, ropeBase, size } from "./keys.ts";
import { POST_NORM_NAMES, postNormBlock } from "./post-norm-block.ts";
import { normsOf } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import type { RopeKeys } from "./rope.ts";
import { cutWindows, GLOBAL, WINDOWED } from "./windows.ts";

const WINDOWED_TYPE = "olmo3";
const PERIOD = 4;
/** OLMo 3's rotary base; windowed blocks use it even where a file gives another one without naming their kind. */
const BASE = 500_000;

const Keys = z.object({
  ...decoderKeys,
  rms_norm_eps: decoderKeys.rms_norm_eps.default(1e-5),
  hidden_act: z.literal("silu").default("silu"),
  attention_bias: z.boolean().default(false),
});
const WindowedKeys = z.object({
  ...Keys.shape,
  rope_theta: ropeBase(BASE),
  sliding_window: size.default(4096),
  layer_types: z.array(z.string()).nullish(),
});

const usualKind = everyNth(PERIOD, GLOBAL, WINDOWED);

function config(json: JsonObject, path: string): Config {
  if (json.model_type === WINDOWED_TYPE) return windowedConfig(json, path);
  const c = readKeys(Keys, json, path);
  const options = { ...headSizes(c, path), window: null, bias: biasOf(c), normAcrossHeads: true };
  const rope = ropeOf(ropeParameters(c), { headDim: options.headDim, path });
  const block = postNormBlock(GLOBAL, c, { ...options, rope });
  return decoder(c, { blocks: Array.from({ length: c.num_hidden_layers }, () => block), ends: endsOf(c) });
}

function windowedConfig(json: JsonObject, path: string): Config {
  const c = readKeys(WindowedKeys, json, path);
  const options = { ...headSizes(c, path), bias: biasOf(c), normAcrossHeads: true };
  const { headDim } = options;
  const windowedRope = (c.rope_parameters?.[WINDOWED] ?? { rope_theta: BASE }) as JsonObject;
  const kinds = {
    [GLOBAL]: postNormBlock(GLOBAL, c, {
      ...options,
      window: null,
      rope: ropeOf(ropeParameters(c, GLOBAL), { headDim, path }),
    }),
    [WINDOWED]: postNormBlock(WINDOWED, c, {
      ...options,
      window: c.sliding_window,
      rope: ropeOf({ rope_theta: BASE, ...windowedRope }, { headDim, path }),
    }),
  };
  return decoder(c, { blocks: layerBlocks(c, kinds, usualKind, path), ends: endsOf(c) });
}

const biasOf = ({ attention_bias: bias }: z.output<typeof Keys>) => ({ qkv: bias, o: bias });
const endsOf = (c: z.output<typeof Keys>) => usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings);

/** The keys of a GGUF file with windows, whose pattern is a list, or every fourth block. */
function windowedJson(read: JsonObject): JsonObject {
  const pattern = read.layer_types as readonly boolean[] | undefined;
  const base = read.rope_theta;
  return {
    model_type: WINDOWED_TYPE,
    architectures: ["Olmo3ForCausalLM"],
    layer_types: Array.isArray(pattern) ? pattern.map((windowed) => (windowed ? WINDOWED : GLOBAL)) : null,
    rope_scaling: null,
    rope_parameters: {
      [GLOBAL]: { rope_type: "default", rope_theta: base, ...(read.rope_scaling as JsonObject | undefined) },
      [WINDOWED]: { rope_type: "default", rope_theta: read.windowed_rope_theta ?? base },
    },
  };
}

/** The rotary base of a kind of block. */
const baseOf = (json: JsonObject, kind: string): unknown =>
  kind === WINDOWED && !json.rope_parameters
    ? BASE
    : (ropeParameters(json as unknown as RopeKeys, kind).rope_theta ?? BASE);

export const olmo2: Architecture = {
  modelTypes: ["olmo2", WINDOWED_TYPE],
  gguf: ggufForm({
    architecture: "olmo2",
    json: { model_type: "olmo2", architectures: ["Olmo2ForCausalLM"], hidden_act: "silu" },
    keys: [
      ["sliding_window", "attention.sliding_window"],
      ["layer_types", "attention.sliding_window_pattern"],
      ["windowed_rope_theta", "rope.freq_base_swa"],
    ],
    derived: (read) => ({
      ...(read.sliding_window ? windowedJson(read) : {}),
      windowed_rope_theta: undefined,
    }),
    written: (json) => {
      if (json.model_type !== WINDOWED_TYPE) return { sliding_window: null, layer_types: null };
      const { blocks } = config(json, "");
      return {
        layer_types: blocks.map(({ name }) => name === WINDOWED),
        windowed_rope_theta: baseOf(json, WINDOWED),
      };
    },
    names: POST_NORM_NAMES,
  }),
  config,
  cut: (json, kept) => cutWindows(json, kept, config(json, "")),
  // llama.cpp and mlx-lm have one rotary base. Versions of llama.cpp that do not read the list of kinds treat every fourth block as global;
  // mlx-lm reads any list, and looks for the first block of each kind.
  expressible: (whole, program, length) => {
    const hasOneBase = program === "llama.cpp" || program === "mlx-lm";
    if (!hasOneBase || whole.modelType !== WINDOWED_TYPE) return null;
    if (baseOf(whole.json, GLOBAL) !== baseOf(whole.json, WINDOWED)) return [];
    return program === "mlx-lm" ? { required: [GLOBAL, WINDOWED] } : [sequence(length, usualKind)];
  },
};
