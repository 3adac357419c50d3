/**
 * Models that lack halves of blocks as GGUF files: llama.cpp's architecture "deci" (its src/models/deci.cpp), whose numbers of heads and
 * widths are lists with an entry for each block. A block without heads has no attention. One without a width loses its attention too, so
 * a missing MLP is written as a narrow one of zeros; and because head sizes are derived from the first block, a missing attention there
 * is one head of zeros. Our own keys hold what the lists no longer say.
 */
import { attentionsOf, blockWeight } from "./architecture.ts";
import type { Config, GgufForm, Section, WeightSpec } from "./architecture.ts";
import { fail } from "../failure.ts";
import { ggufForm, pairedHeads } from "./gguf.ts";
import type { GgufOptions } from "./gguf.ts";

/** `general.architecture` of such files. */
const HALVES_ARCHITECTURE = "deci";

/** The `model_type` of the model that lacks halves. */
export const HALVES_MODEL_TYPE = "coppice.model_type";
const SECTIONS = "coppice.sections";

/** The width of an MLP of zeros: one block of most quantised types. */
const NARROW = 32;

const LISTS = ["attention.head_count", "attention.head_count_kv", "feed_forward_length"] as const;
const keyOf = (name: string) => `${HALVES_ARCHITECTURE}.${name}`;
const ownKeyOf = (name: string) => `coppice.${name}`;

/** The form for a family whose blocks compute what "deci" computes: before each half an RMS norm, rotated heads, a gated MLP (SiLU). */
export function halvesForm(
  options: Omit<GgufOptions, "architecture" | "stored"> & { readonly json: { readonly model_type: string } },
): GgufForm {
  const form = ggufForm({
    ...options,
    architecture: HALVES_ARCHITECTURE,
    keys: [["head_dim", "rope.dimension_count"]],
    stored: pairedHeads, // "deci" rotates neighbouring elements
  });
  return {
    ...form,
    config: (header) => {
      const { metadata } = header;
      const sections = metadata.get(SECTIONS);
      const whole = LISTS.map((name) => [keyOf(name), metadata.get(ownKeyOf(name))] as const);
      if (!Array.isArray(sections) || whole.some(([, size]) => typeof size !== "number")) {
        const modelType = `${HALVES_ARCHITECTURE} with a different number of heads in each layer`;
        return fail({ code: "unsupported-architecture", modelType, supported: [options.json.model_type] });
      }
      const json = form.config({ ...header, metadata: new Map([...metadata, ...whole]) });
      return { ...json, coppice_sections: sections };
    },
    metadata: (json, sections = []) => {
      const metadata = new Map(form.metadata(json));
      const [heads, kvHeads, width] = LISTS.map((name) => Number(metadata.get(keyOf(name))));
      const perBlock = (whole: number, half: Section, without: (block: number) => number) =>
        sections.map((section, block) => (section === "block" || section === half ? whole : without(block)));
      const headsWithout = (block: number) => (block === 0 ? 1 : 0);
      const lists = [
        perBlock(heads!, "attention", headsWithout),
        perBlock(kvHeads!, "attention", headsWithout),
        perBlock(width!, "mlp", () => NARROW),
      ];
      LISTS.forEach((name, index) => {
        metadata.set(ownKeyOf(name), metadata.get(keyOf(name)));
        metadata.set(keyOf(name), lists[index]);
      });
      return metadata.set(HALVES_MODEL_TYPE, options.json.model_type).set(SECTIONS, [...sections]);
    },
    zeros: (config, sections) =>
      new Map(
        sections.flatMap((section, block) => {
          if (section === "block" || (section === "mlp" && block > 0)) return [];
          const missing = config.blocks[block]!.halves[section === "mlp" ? "attention" : "mlp"];
          return missing.weights.flatMap((spec) => {
            const shape = zerosOf(spec, config);
            return shape ? [[form.view(blockWeight(block, spec.name), config).name, shape] as const] : [];
          });
        }),
      ),
  };
}

/** The shape of a weight in a half of zeros; null for biases, which such files may leave out. */
function zerosOf(
  { name, role, shape }: WeightSpec,
  { hiddenSize, blocks }: Config,
): readonly number[] | null {
  const { headDim } = attentionsOf({ blocks })[0]!;
  switch (role) {
    case undefined:
      return name.endsWith(".bias") ? null : shape;
    case "gate":
    case "up":
      return [NARROW, hiddenSize];
    case "down":
      return [hiddenSize, NARROW];
    case "o":
      return [hiddenSize, headDim];
    default:
      return [headDim, hiddenSize];
  }
}
