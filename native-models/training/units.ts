/** The units of a model in training: the kept parts of its blocks, and their trained tensors. */
import { blockWeight } from "../architectures/architecture.ts";
import type { Half } from "../architectures/architecture.ts";
import { halvesOf } from "../model.ts";
import type { Kept, Model, Section } from "../model.ts";
import { Random } from "../random.ts";
import { blockName, ParameterBlock } from "./parameters.ts";
import { sectionParameters } from "./unit-graphs.ts";
import type { Trainable } from "./unit-graphs.ts";

/** A part of a block that runs as one unit. */
export interface Step {
  readonly block: number;
  readonly section: Section;
}

export interface HalfStep extends Step {
  readonly section: Half;
}

export class Units {
  readonly #parameters = new Map<string, ParameterBlock>();
  #kept: Kept[];

  /** Initialises the trained tensors: `seed` draws adapters, weights are read. Throws the errors of reading. */
  constructor(model: Model, trainable: Trainable, seed: number) {
    const { config, sections } = model;
    this.#kept = [...sections];
    for (const { block, section } of halfStepsOf(sections)) {
      const specs = sectionParameters(config.blocks[block]!, section, trainable);
      if (specs.length === 0) continue;
      const parameters = new ParameterBlock(blockName(block, section), specs);
      this.#parameters.set(parameters.name, parameters);
      if (trainable.kind === "lora") initialiseAdapters(parameters, new Random(seed, parameters.name));
      else
        for (const { name } of specs)
          parameters.value(name).set(model.weight(blockWeight(block, name)).readFloat32());
    }
  }

  get kept(): readonly Kept[] {
    return this.#kept;
  }

  keep(kept: readonly Kept[]): void {
    if (kept.length !== this.#kept.length)
      throw new Error(`${kept.length} blocks given, the model has ${this.#kept.length}`);
    this.#kept = [...kept];
  }

  /** The kept parts, starting at the input. */
  get steps(): Step[] {
    return stepsOf(this.#kept);
  }

  /** The trained tensors of the kept parts, starting at the input. */
  get parameters(): ParameterBlock[] {
    return this.steps.flatMap((step) => this.parametersOf(step));
  }

  parametersOf({ block, section }: Step): ParameterBlock[] {
    return halvesOf(section).flatMap((half) => this.#parameters.get(blockName(block, half)) ?? []);
  }
}

/** The parts in this list, starting at the input. */
export function stepsOf(kept: readonly Kept[]): Step[] {
  return kept.flatMap((section, block) => (section ? [{ block, section }] : []));
}

/** The same, with blocks as two halves each. */
export function halfStepsOf(kept: readonly Kept[]): HalfStep[] {
  return stepsOf(kept).flatMap(({ block, section }) =>
    halvesOf(section).map((half) => ({ block, section: half })),
  );
}

/** LoRA's initial values: A uniform in ±1/√in (Kaiming, a = √5, as PEFT), B zero, so that the model is unchanged. */
function initialiseAdapters(parameters: ParameterBlock, random: Random): void {
  for (const { name, shape } of parameters.specs) {
    if (!name.includes("lora_A")) continue;
    const bound = 1 / Math.sqrt(shape.at(-1)!);
    const values = parameters.value(name);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * bound;
  }
}
