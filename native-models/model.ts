/** A model: an architecture, its configuration and its weights by upstream name. */
import { blockWeight, endWeights } from "./architectures/architecture.ts";
import type {
  Architecture,
  BlockKind,
  Config,
  Half,
  JsonObject,
  Section,
  WeightSpec,
} from "./architectures/architecture.ts";
import type { Weight } from "./weights.ts";

export type { Section };

/** The remaining part of a block; null: nothing, the stream bypasses it. */
export type Kept = Section | null;

export interface Model {
  readonly path: string;
  readonly architecture: Architecture;
  readonly config: Config;
  /** The part of each block: "block", except in a model trimmed by half-blocks. */
  readonly sections: readonly Section[];
  /** Its original config.json, or one made from GGUF metadata. */
  readonly json: JsonObject;
  /** Its generation_config.json; empty if it has none that can be read. */
  readonly generation: JsonObject;
  /** The upstream names of its weights; `weight` finds all of them. */
  readonly names: readonly string[];
  /** Throws `missing-tensors`, `not-finite`. */
  weight(name: string): Weight;
}

/** The halves that a section has, in order. */
export const halvesOf = (section: Section): readonly Half[] =>
  section === "block" ? ["attention", "mlp"] : [section];

/** The weights of a section of a kind of block, relative to its block. */
export const sectionWeights = (kind: BlockKind, section: Section): WeightSpec[] =>
  halvesOf(section).flatMap((half) => kind.halves[half].weights);

/** All weights of a model whose blocks have these sections, by their upstream names. */
export function modelWeights(config: Config, sections: readonly Section[]): WeightSpec[] {
  const inBlocks = sections.flatMap((section, block) =>
    sectionWeights(config.blocks[block]!, section).map((spec) => upstreamSpec(spec, block)),
  );
  return [...endWeights(config), ...inBlocks];
}

/** A weight of a block by its upstream name. */
function upstreamSpec(spec: WeightSpec, block: number): WeightSpec {
  const { name, fused } = spec;
  return {
    ...spec,
    name: blockWeight(block, name),
    ...(fused && { fused: { ...fused, name: blockWeight(block, fused.name) } }),
  };
}

/** Elements of weights. */
export const elements = (specs: readonly WeightSpec[]): number =>
  specs.reduce((total, { shape }) => total + shape.reduce<number>((product, size) => product * size, 1), 0);
