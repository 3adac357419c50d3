/** The units of a model in training: the kept parts of its blocks, and the tensors that they have of their own. */
import { blockWeight } from "../architectures/architecture.ts";
import type { Half } from "../architectures/architecture.ts";
import type { GraphStorage } from "../graph/linear.ts";
import { halvesOf } from "../model.ts";
import type { Kept, Model, Section } from "../model.ts";
import { Random } from "../random.ts";
import { withAdapter } from "./merge.ts";
import { ParameterBlock } from "./parameters.ts";
import { blockName, isSamePart, partNames, partsEverywhere } from "./parts.ts";
import type { Part, Parts } from "./parts.ts";
import { adapterName, sectionParameters } from "./unit-graphs.ts";
import type { HalfOptions, Trainable } from "./unit-graphs.ts";

/** A part of a block that runs as one unit. */
export interface UnitStep {
  readonly block: number;
  readonly section: Section;
}

export interface HalfStep extends UnitStep {
  readonly section: Half;
}

export class Units {
  readonly #model: Model;
  /** How halves are trained that have no weights of their own. */
  readonly #trainable: Trainable;
  readonly #seed: number;
  readonly #parameters = new Map<string, ParameterBlock>();
  #parts: Parts = {};
  #kept: Kept[];

  /**
   * Starts with every half trained as `trainable` says, which also defines the adapters that any half may get later; `seed` draws their
   * initial values. Throws the errors of reading weights.
   */
  constructor(model: Model, trainable: Trainable, seed: number) {
    const { sections } = model;
    this.#model = model;
    this.#trainable = trainable;
    this.#seed = seed;
    this.#kept = [...sections];
    this.hold(partsEverywhere(sections, trainable.kind));
  }

  get kept(): readonly Kept[] {
    return this.#kept;
  }

  keep(kept: readonly Kept[]): void {
    if (kept.length !== this.#kept.length)
      throw new Error(`${kept.length} blocks given, the model has ${this.#kept.length}`);
    this.#kept = [...kept];
  }

  get parts(): Parts {
    return this.#parts;
  }

  /** `Trainee.hold` for the halves of blocks. */
  hold(parts: Parts): void {
    const { sections } = this.#model;
    for (const step of halfStepsOf(sections)) {
      const name = blockName(step.block, step.section);
      if (!isSamePart(parts[name], this.#parts[name])) this.#change(step, parts[name]);
    }
    this.#parts = Object.fromEntries(
      partNames(sections).flatMap((name) => (parts[name] ? [[name, parts[name]]] : [])),
    );
  }

  #change(step: HalfStep, part: Part | undefined): void {
    const name = blockName(step.block, step.section);
    const before = this.#parameters.get(name);
    this.#parameters.delete(name);
    if (!part) return;
    const kind = this.#model.config.blocks[step.block]!;
    const specs = sectionParameters(kind, step.section, this.#trainableOf(part));
    if (specs.length === 0) return;
    const parameters = new ParameterBlock(name, specs, part.trained);
    this.#parameters.set(name, parameters);
    if (before && this.#parts[name]?.form === part.form) parameters.values.set(before.values);
    else if (part.form === "adapters") initialiseAdapters(parameters, new Random(this.#seed, name));
    else this.#fillWeights(parameters, step, before);
  }

  /** Sets weights to the model's values, with the adapters of `before` merged into them. */
  #fillWeights(parameters: ParameterBlock, { block }: HalfStep, before: ParameterBlock | undefined): void {
    const trainable = this.#trainable;
    const adapters = new Set(before?.specs.map(({ name }) => name));
    for (const { name } of parameters.specs) {
      const weight = this.#model.weight(blockWeight(block, name));
      const [a, b] = [adapterName(name, "A"), adapterName(name, "B")];
      const merged =
        before && adapters.has(a) && trainable.kind === "lora"
          ? withAdapter(weight, { ...trainable, a: before.value(a), b: before.value(b) })
          : weight;
      parameters.value(name).set(merged.readFloat32());
    }
  }

  #trainableOf({ form }: Part): Trainable {
    return form === "weights" ? { kind: "full" } : this.#trainable;
  }

  /** How a half is stored and trained if the model's own weights are stored as `storage`; `frozen`: as if nothing were trained. */
  optionsOf<S extends GraphStorage>(
    { block, section }: HalfStep,
    { storage, frozen = false }: { storage: S; frozen?: boolean },
  ): HalfOptions & { storage: S | "f32" } {
    const part = this.#parts[blockName(block, section)];
    if (!part) return { trainable: { kind: "none" }, storage };
    const isFrozen = frozen || !part.trained;
    if (part.form === "adapters") return { trainable: this.#trainable, storage, frozen: isFrozen };
    return { trainable: { kind: isFrozen ? "none" : "full" }, storage: "f32" };
  }

  /** The kept parts, starting at the input. */
  get steps(): UnitStep[] {
    return stepsOf(this.#kept);
  }

  /** The tensors that the kept parts have of their own, starting at the input. */
  get held(): ParameterBlock[] {
    return this.steps.flatMap((step) => this.heldOf(step));
  }

  heldOf({ block, section }: UnitStep): ParameterBlock[] {
    return halvesOf(section).flatMap((half) => this.#parameters.get(blockName(block, half)) ?? []);
  }

  /** The trained ones among `held`. */
  get parameters(): ParameterBlock[] {
    return this.held.filter(({ trained }) => trained);
  }

  parametersOf(step: UnitStep): ParameterBlock[] {
    return this.heldOf(step).filter(({ trained }) => trained);
  }

  /** The index of the lowest trained step: nothing below it needs a gradient. The number of steps if none is trained. */
  get lowestTrained(): number {
    const { steps } = this;
    const lowest = steps.findIndex((step) => this.parametersOf(step).length > 0);
    return lowest < 0 ? steps.length : lowest;
  }
}

/** The parts in this list, starting at the input. */
export function stepsOf(kept: readonly Kept[]): UnitStep[] {
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
