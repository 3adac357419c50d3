/** Runs units natively (native-trainer.ts), half by half, where that is possible: a frozen base in f32 or w8a8, with or without adapters. */
import { ROLES } from "../architectures/architecture.ts";
import { halvesOf } from "../model.ts";
import type { Model } from "../model.ts";
import type { Batch } from "./batch.ts";
import { nativeHalf } from "./native-half.ts";
import type { NativeHalf } from "./native-half.ts";
import type { NativeTrainer } from "./native-trainer.ts";
import { blockName } from "./parts.ts";
import type { Feeds, Sessions } from "./sessions.ts";
import type { Trainable } from "./unit-graphs.ts";
import type { BackwardRun, ForwardRun, UnitRunner } from "./unit-runner.ts";
import type { HalfStep, Units, UnitStep } from "./units.ts";

export interface NativeRunnerOptions {
  readonly model: Model;
  readonly trainable: Trainable;
  readonly units: Units;
  readonly sessions: Sessions;
  readonly trainer: NativeTrainer;
}

/** Where activations are that are not kept. */
const SCRATCH_SLOTS = { attention: 0, mlp: 1 };

export class NativeRunner implements UnitRunner {
  readonly #options: NativeRunnerOptions;

  constructor(options: NativeRunnerOptions) {
    this.#options = options;
  }

  /** How a half is run natively; null if it can't be. */
  takes({ block, section }: HalfStep): NativeHalf | null {
    const { model, trainable } = this.#options;
    if (trainable.kind === "full") return null;
    if (trainable.kind === "lora" && ROLES.some((role) => !trainable.targets.includes(role))) return null;
    return nativeHalf(model.config.blocks[block]!, section);
  }

  /** Adds a half that it takes, with its weights as inputs of graphs. */
  store(step: HalfStep, half: NativeHalf, weights: Feeds): void {
    const { trainer, trainable, model } = this.#options;
    const { state } = model.config.blocks[step.block]!.halves[step.section];
    const width = model.config.hiddenSize;
    trainer.add(blockName(step.block, step.section), { half, state, width, trainable, weights });
  }

  has({ block, section }: UnitStep): boolean {
    const { trainer, units } = this.#options;
    return halvesOf(section).every((half) => {
      const name = blockName(block, half);
      return trainer.has(name) && units.parts[name]?.form !== "weights";
    });
  }

  forward(batch: Batch, step: UnitStep, { x, y, kept = null }: ForwardRun): Promise<void> {
    const streams = this.#streamsOf(step, x, kept);
    this.#halves(step, kept).forEach((half, index) =>
      this.#options.trainer.forward(half, batch, streams[index]!, streams[index + 1] ?? y),
    );
    return Promise.resolve();
  }

  backward(batch: Batch, step: UnitStep, { x, kept, dy, dx, frozen = false }: BackwardRun): Promise<void> {
    const { trainer, sessions } = this.#options;
    const streams = this.#streamsOf(step, x, kept);
    const halves = this.#halves(step, kept);
    if (kept === null)
      halves.forEach((half, index) =>
        trainer.forward(
          half,
          batch,
          streams[index]!,
          streams[index + 1] ?? sessions.buffer("unused", x.length),
        ),
      );
    let above = dy;
    for (let index = halves.length - 1; index >= 0; index--) {
      const below = index === 0 ? dx : sessions.buffer("gradient between", x.length);
      trainer.backward(halves[index]!, batch, { x: streams[index]!, dy: above, dx: below, frozen });
      above = below;
    }
    return Promise.resolve();
  }

  /** The inputs of a step's halves. */
  #streamsOf({ section }: UnitStep, x: Float32Array, kept: number | null): Float32Array[] {
    if (section !== "block") return [x];
    return [x, this.#options.sessions.buffer(`between ${kept ?? "halves"}`, x.length)];
  }

  #halves({ block, section }: UnitStep, kept: number | null) {
    return halvesOf(section).map((half) => ({
      name: blockName(block, half),
      parameters: this.#options.units.heldOf({ block, section: half })[0],
      slot: SCRATCH_SLOTS[half] + (kept === null ? 0 : 2 * (kept + 1)),
    }));
  }

  close(): void {
    this.#options.trainer.close();
  }
}
