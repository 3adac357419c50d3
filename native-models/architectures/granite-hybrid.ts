/**
 * Granite 4, dense, in its own folders: spelled as a hybrid of attention, Mamba and experts (transformers,
 * modeling_granitemoehybrid.py), of which it has attention alone. It is the model of `granite` by other names.
 */
import { z } from "zod";
import { fail } from "../failure.ts";
import type { Spelling } from "./architecture.ts";
import { readKeys, size } from "./keys.ts";
import { GLOBAL } from "./windows.ts";

const MODEL_TYPE = "granitemoehybrid";
/** The names of attention in `layer_types`: its own, and the one of transformers 5. */
const ATTENTION = ["attention", GLOBAL];

/** Upstream's defaults are those of a hybrid. */
const Keys = z.object({
  layer_types: z.array(z.string()).nullish(),
  num_local_experts: z.number().default(8),
  position_embedding_type: z.string().nullish(),
  shared_intermediate_size: size.default(1024),
});

const OF_HYBRIDS =
  /^(mamba_|time_step_|router_|output_router_|layer_types$|layers_block_type$|num_local_experts$|num_experts_per_tok$|shared_intermediate_size$|position_embedding_type$|normalization_function$)/;

export const graniteHybrid: Spelling = {
  modelType: MODEL_TYPE,
  json(json, path) {
    const c = readKeys(Keys, json, path);
    const has =
      c.layer_types?.every((type) => ATTENTION.includes(type)) !== true
        ? "Mamba blocks"
        : c.num_local_experts > 0
          ? "a mixture of experts"
          : c.position_embedding_type !== "rope"
            ? "no rotary positions"
            : null;
    if (has !== null)
      fail({
        code: "unsupported-architecture",
        modelType: `${MODEL_TYPE} with ${has}`,
        supported: ["granite"],
      });
    const own = Object.entries(json).filter(([key]) => !OF_HYBRIDS.test(key));
    return {
      ...Object.fromEntries(own),
      model_type: "granite",
      architectures: ["GraniteForCausalLM"],
      intermediate_size: c.shared_intermediate_size,
    };
  },
  view: (name, config) => {
    const [, part] = /\.mlp\.(gate|up|down)_proj\./.exec(name) ?? [];
    if (part === undefined) return { name };
    if (part === "down") return { name: name.replace("mlp.down_proj", "shared_mlp.output_linear") };
    const rows = Number(config.json.intermediate_size);
    return {
      name: name.replace(`mlp.${part}_proj`, "shared_mlp.input_linear"),
      rows: Int32Array.from({ length: rows }, (_, row) => (part === "up" ? rows : 0) + row),
    };
  },
};
