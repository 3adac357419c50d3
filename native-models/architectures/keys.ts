/** Reading a config.json: the keys that most families have, and their checks. */
import { z } from "zod";
import { fail } from "../failure.ts";
import { shown } from "../shown.ts";
import type { BlockKind, Config, JsonObject } from "./architecture.ts";

/** A size of a model. */
export const size = z
  .number()
  .int()
  .min(1)
  .max(2 ** 24);

/** Any scaling of rotary positions; `ropeOf` checks it. */
const ropeObject = z.record(z.string(), z.unknown()).nullish();

/** A base of rotary frequencies, with the family's default. */
export const ropeBase = (base: number) =>
  z
    .number()
    .positive()
    .nullish()
    .transform((value) => value ?? base);

/** More blocks than any model has. */
export const MOST_LAYERS = 1024;

/** Keys that every decoder has here, with upstream's defaults. */
export const decoderKeys = {
  model_type: z.string(),
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size.max(MOST_LAYERS),
  num_attention_heads: size.max(1024),
  num_key_value_heads: size.max(1024).nullish(),
  head_dim: size.max(4096).nullish(),
  vocab_size: size,
  max_position_embeddings: size.default(2048),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: ropeBase(10_000),
  rope_scaling: ropeObject,
  rope_parameters: ropeObject,
  tie_word_embeddings: z.boolean().default(false),
};

/** The keys of a config.json that a schema names, checked. Throws `corrupt-file`; `unsupported-architecture` for maths that it excludes. */
export function readKeys<Schema extends z.ZodType>(
  schema: Schema,
  json: JsonObject,
  path: string,
): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const key = issue.path.join(".");
  if (issue.code === "invalid_value") {
    const modelType = `${shown(json.model_type)} with ${key} = ${shown(json[key])}`;
    fail({
      code: "unsupported-architecture",
      modelType,
      supported: issue.values.map((value) => `${key} = ${String(value)}`),
    });
  }
  return corruptConfig(path, `"${key}" is wrong (${issue.message})`);
}

/** A decoder with these keys, blocks and ends. */
export function decoder(
  c: JsonObject &
    Readonly<Record<"hidden_size" | "vocab_size" | "max_position_embeddings", number>> & {
      readonly model_type: string;
    },
  { blocks, ends }: Pick<Config, "blocks" | "ends">,
): Config {
  return {
    modelType: c.model_type,
    json: c,
    hiddenSize: c.hidden_size,
    vocabularySize: c.vocab_size,
    maxPositions: c.max_position_embeddings,
    blocks,
    ends,
  };
}

export function corruptConfig(path: string, reason: string): never {
  return fail({ code: "corrupt-file", path, section: "configuration", reason });
}

/** H, K and Dh of a configuration. Throws `corrupt-file` if they are inconsistent. */
export function headSizes(
  c: {
    hidden_size: number;
    num_attention_heads: number;
    num_key_value_heads?: number | null | undefined;
    head_dim?: number | null | undefined;
  },
  path: string,
): { heads: number; kvHeads: number; headDim: number } {
  const heads = c.num_attention_heads;
  const kvHeads = c.num_key_value_heads ?? heads;
  const headDim = c.head_dim ?? c.hidden_size / heads;
  if (heads % kvHeads !== 0 || !Number.isInteger(headDim) || headDim % 2 !== 0) {
    const reason = `${heads} heads, ${kvHeads} key/value heads and a head width of ${headDim} do not fit together`;
    corruptConfig(path, reason);
  }
  return { heads, kvHeads, headDim };
}

/**
 * The blocks of a configuration: the kind of each is the one that `layer_types` names, or `usual(block)` without such a list. Throws
 * `corrupt-file` for a list that does not name one of `kinds` for each block.
 */
export function layerBlocks<Kind extends string>(
  c: { readonly num_hidden_layers: number; readonly layer_types?: readonly string[] | null | undefined },
  kinds: Readonly<Record<Kind, BlockKind>>,
  usual: (block: number) => Kind,
  path: string,
): BlockKind[] {
  const { layer_types: types, num_hidden_layers: layers } = c;
  if (!types) return Array.from({ length: layers }, (_, block) => kinds[usual(block)]);
  const foreign = types.find((type) => !Object.hasOwn(kinds, type));
  if (foreign !== undefined)
    corruptConfig(path, `layer_types: "${foreign}" is none of ${Object.keys(kinds).join(", ")}`);
  if (types.length !== layers) corruptConfig(path, `layer_types names ${types.length} blocks of ${layers}`);
  return types.map((type) => kinds[type as Kind]);
}
