/**
 * EXAONE 4: norms of each half's branch instead of its input, and of each head of queries and keys. Models with windows have three
 * windowed blocks per global one, and do not encode positions in the latter (arXiv 2507.11407).
 */
import { z } from "zod";
import type { Architecture, Config, JsonObject } from "./architecture.ts";
import { everyNth, kindNames, sequence } from "./cut.ts";
import { usualEnds } from "./ends.ts";
import { ggufForm } from "./gguf.ts";
import { decoder, decoderKeys, headSizes, layerBlocks, MOST_LAYERS, readKeys, size } from "./keys.ts";
import { POST_NORM_NAMES, postNormBlock } from "./post-norm-block.ts";
import { normsOf } from "./pre-norm-block.ts";
import { ropeOf, ropeParameters } from "./rope.ts";
import { cutWindows, GLOBAL, WINDOWED } from "./windows.ts";

const PERIOD = 4;
/** The only number of blocks for which llama.cpp has windows. */
const WINDOWED_LAYERS = 64;
/** Letters of a pattern, and the usual one. */
const [LOCAL_LETTER, GLOBAL_LETTER] = ["L", "G"];
const PATTERN = LOCAL_LETTER.repeat(PERIOD - 1) + GLOBAL_LETTER;

const Keys = z.object({
  ...decoderKeys,
  num_key_value_heads: decoderKeys.num_key_value_heads.default(32),
  rms_norm_eps: decoderKeys.rms_norm_eps.default(1e-5),
  hidden_act: z.literal("silu").default("silu"),
  sliding_window: size.nullable().default(4096),
  sliding_window_pattern: z
    .union([size, z.literal(0), z.string().regex(/^[LG]+$/)]) // transformers writes 0 where there are no windows
    .nullish()
    .transform((pattern) => pattern || PERIOD),
  layer_types: z.array(z.string()).nullish(),
});
type Keys = z.output<typeof Keys>;

function config(json: JsonObject, path: string): Config {
  const c = readKeys(Keys, json, path);
  const options = { ...headSizes(c, path), bias: { qkv: false, o: false }, normAcrossHeads: false };
  const rope = ropeOf(ropeParameters(c), { headDim: options.headDim, path });
  const { sliding_window: window } = c;
  const kinds = {
    [GLOBAL]: postNormBlock(GLOBAL, c, { ...options, window: null, rope: window === null ? rope : null }),
    [WINDOWED]: postNormBlock(WINDOWED, c, { ...options, window, rope }),
  };
  return decoder(c, {
    blocks: layerBlocks(c, kinds, usualKind(c), path),
    ends: usualEnds(normsOf(c)("model.norm"), c.tie_word_embeddings),
  });
}

/** The kind of a block that is not listed: by a period, or by a pattern of letters that repeats. */
function usualKind({ sliding_window: window, sliding_window_pattern: pattern }: Keys) {
  if (window === null) return () => GLOBAL;
  if (typeof pattern === "number") return everyNth(pattern, GLOBAL, WINDOWED);
  return (block: number) => (pattern[block % pattern.length] === GLOBAL_LETTER ? GLOBAL : WINDOWED);
}

/** The kinds of the kept blocks are listed, and also written as a pattern for programs that read only that. */
function cut(json: JsonObject, kept: readonly number[]): JsonObject {
  const whole = config(json, "");
  const listed = cutWindows(json, kept, whole);
  if (!kindNames(whole).includes(WINDOWED)) return listed;
  const letter = (block: number) => (whole.blocks[block]!.name === WINDOWED ? LOCAL_LETTER : GLOBAL_LETTER);
  return { ...listed, sliding_window_pattern: kept.map(letter).join("") };
}

export const exaone4: Architecture = {
  modelTypes: ["exaone4"],
  inOnnx: { modelType: "llama" },
  gguf: ggufForm({
    architecture: "exaone4",
    json: { model_type: "exaone4", architectures: ["Exaone4ForCausalLM"], hidden_act: "silu" },
    keys: [
      ["sliding_window", "attention.sliding_window"],
      ["layer_types", "attention.sliding_window_pattern"],
    ],
    derived: ({ num_hidden_layers: layers, sliding_window: window, ...read }) => ({
      // mlx-lm has no default for it, nor for the pattern
      head_dim: read.head_dim ?? Number(read.hidden_size) / Number(read.num_attention_heads),
      ...(layers === WINDOWED_LAYERS
        ? { sliding_window: window ?? 4096, sliding_window_pattern: PATTERN, layer_types: null }
        : {
            sliding_window: null,
            sliding_window_pattern: 0,
            // transformers needs the list where there are no windows; `config` refuses a number of blocks above the limit
            layer_types: sequence(Math.min(Number(layers), MOST_LAYERS), () => GLOBAL),
          }),
    }),
    written: (json) => {
      const { blocks } = config(json, "");
      const isWindowed = blocks.map(({ name }) => name === WINDOWED);
      return { layer_types: isWindowed.includes(true) ? isWindowed : null };
    },
    names: POST_NORM_NAMES,
  }),
  config,
  cut,
  expressible: (whole, program, length) => {
    if (program !== "llama.cpp" || !kindNames(whole).includes(WINDOWED)) return null;
    return length === WINDOWED_LAYERS ? [sequence(length, everyNth(PERIOD, GLOBAL, WINDOWED))] : [];
  },
};
