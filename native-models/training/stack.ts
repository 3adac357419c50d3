/**
 * A model as a stack of units that can be run, trained and cut: embedding, blocks, head. All blocks of one kind share sessions;
 * weights and adapters are the sessions' inputs, so dropping a unit means leaving an element out of a list.
 */
import { blockWeight } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import type { GraphStorage } from "../graph/linear.ts";
import type { Kept, Model } from "../model.ts";
import { float32 } from "../runtime/session.ts";
import type { Device, OrtTensor } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { frozenEnds, heldEnds } from "./ends.ts";
import type { Ends } from "./ends.ts";
import { GraphRunner } from "./graph-runner.ts";
import type { Likeliest } from "./head.ts";
import { distillationGraph, finalNormGraph } from "./head-graphs.ts";
import { NativeRunner } from "./native-runner.ts";
import { isNativeStorage } from "./fastest-loops.ts";
import { NativeTrainer } from "./native-trainer.ts";
import type { TrainingLoops } from "./native-trainer.ts";
import { addInto } from "./parameters.ts";
import type { ParameterBlock } from "./parameters.ts";
import { blockName, ENDS, isSamePart, partsEverywhere } from "./parts.ts";
import type { Part, Parts } from "./parts.ts";
import { PromptVectors } from "./prompt-vectors.ts";
import { residentWeight } from "./residency.ts";
import { Sessions } from "./sessions.ts";
import type { Feeds } from "./sessions.ts";
import { headLimits as defaultLimits, isLarge } from "./sizes.ts";
import type { HeadLimits } from "./sizes.ts";
import type {
  Distillation,
  GateGradient,
  DistillationTargets,
  Losses,
  TeacherRecord,
  Trainee,
  UnitInfluence,
} from "./trainee.ts";
import type { Trainable } from "./unit-graphs.ts";
import type { StoredOtherwise, UnitRunner } from "./unit-runner.ts";
import { halfStepsOf, stepsOf, Units } from "./units.ts";
import type { HalfStep, UnitStep } from "./units.ts";
import { deviceStore, fileStore, memoryStore } from "./weight-store.ts";
import type { WeightStore } from "./weight-store.ts";

export interface StackOptions {
  readonly threads: number;
  /** How everything is trained at first, and which adapters parts may have later (`Trainee.hold`). */
  readonly trainable: Trainable;
  /** Seed of the adapters' initial values. */
  readonly seed?: number;
  /** The storage of the frozen base; trained tensors are always f32. */
  readonly storage?: GraphStorage;
  /** Upstream's names of matrices of the frozen base that are stored in 8 bits (`q8`) whatever `storage` is. */
  readonly raised?: readonly string[];
  /** A file for the frozen base, which is then read one unit at a time instead of being kept in memory. */
  readonly streamedFrom?: string;
  readonly headLimits?: HeadLimits;
  readonly device?: Device;
  /**
   * Whether activations are kept in the forward pass for the backward pass rather than recomputed: bit-identical gradients, in
   * less time and more memory.
   */
  readonly keepsActivations?: boolean;
  /** The native loops that run a base in f32 or w8a8; graphs if absent. */
  readonly loops?: TrainingLoops | undefined;
  /** A prompt to be trained, along with whatever else is: one vector per id, initialised with the id's embedding. */
  readonly prompt?: readonly number[];
}

export class Stack implements Trainee {
  readonly model: Model;
  readonly options: StackOptions;
  readonly #dialect: Dialect;
  readonly #sessions: Sessions;
  /** The frozen weights of each half of a block, by "0.attention", and the parts of a split head. */
  readonly #frozen: WeightStore;
  readonly #graphs: GraphRunner;
  readonly #native: NativeRunner | null;
  readonly #units: Units;
  #ends: Ends;
  readonly #prompt: PromptVectors | null;

  private constructor(model: Model, options: StackOptions) {
    const { trainable, storage = "f32", streamedFrom, threads, device = "cpu" } = options;
    this.model = model;
    this.options = options;
    this.#dialect = device === "webgpu" ? "portable" : "cpu";
    this.#units = new Units(model, trainable, options.seed ?? 0);
    this.#sessions = new Sessions({
      threads,
      device,
      keepsMemory: !isLarge(model.config),
      laysOutMemory: false, // every batch has other shapes
    });
    this.#frozen =
      streamedFrom !== undefined
        ? fileStore(streamedFrom)
        : device === "cpu"
          ? memoryStore()
          : deviceStore(this.#sessions);
    this.#graphs = new GraphRunner({
      model,
      units: this.#units,
      sessions: this.#sessions,
      dialect: this.#dialect,
      storage,
      raised: new Set(options.raised),
      frozen: this.#frozen,
    });
    this.#native = this.#openNative();
    try {
      this.#storeFrozen();
      this.#ends = this.#openEnds(partsEverywhere([], trainable.kind)[ENDS]);
      this.#prompt = options.prompt
        ? new PromptVectors(model.config, options.prompt, this.#ends.embed)
        : null;
    } catch (error) {
      this.#frozen.close();
      throw error;
    }
  }

  /**
   * Reads the weights into memory, or into the file that they are streamed from. Throws the errors of reading and writing them.
   */
  static open(model: Model, options: StackOptions): Stack {
    return new Stack(model, options);
  }

  #openNative(): NativeRunner | null {
    const { storage = "f32", streamedFrom, device = "cpu", loops, threads, trainable } = this.options;
    const isPossible = loops && isNativeStorage(storage) && device === "cpu" && streamedFrom === undefined;
    const trainer = isPossible ? NativeTrainer.open(threads, loops) : null;
    const shared = { model: this.model, units: this.#units, sessions: this.#sessions };
    return trainer && new NativeRunner({ ...shared, trainable, trainer });
  }

  /** Ends that already had weights of their own keep their values. */
  #openEnds(part: Part | undefined, before: Ends | null = null): Ends {
    const { storage = "f32", device = "cpu", headLimits: limits = defaultLimits } = this.options;
    const sessions = { dialect: this.#dialect, sessions: this.#sessions };
    const values = before?.held?.values ?? null;
    if (part) return heldEnds(this.model, { ...sessions, trained: part.trained, values });
    const wholeStore = device === "cpu" ? memoryStore() : this.#frozen;
    return frozenEnds(this.model, { ...sessions, storage, store: this.#frozen, wholeStore, limits });
  }

  /** Stores the model's own weights for the halves that use them, and releases those of the other halves. */
  #storeFrozen(): void {
    for (const step of halfStepsOf(this.model.sections)) {
      const name = blockName(step.block, step.section);
      if (this.#units.parts[name]?.form === "weights") this.#frozen.release(name);
      else if (!this.#native?.has(step)) this.#storeHalf(step);
    }
  }

  #storeHalf(step: HalfStep): void {
    const half = this.#graphs.raisedIn(step) ? null : this.#native?.takes(step);
    if (half) this.#native!.store(step, half, this.#graphs.frozenHalf(step));
    else this.#graphs.store(step);
  }

  #runnerOf(step: UnitStep, otherwise?: StoredOtherwise): UnitRunner {
    return !otherwise && this.#native?.has(step) ? this.#native : this.#graphs;
  }

  get kept(): readonly Kept[] {
    return this.#units.kept;
  }

  keep(kept: readonly Kept[]): void {
    this.#units.keep(kept);
  }

  get parts(): Parts {
    const { held } = this.#ends;
    if (!held) return this.#units.parts;
    return { ...this.#units.parts, [ENDS]: { form: "weights", trained: held.trained } };
  }

  hold(parts: Parts): void {
    this.#units.hold(parts);
    this.#storeFrozen();
    if (isSamePart(parts[ENDS], this.parts[ENDS])) return;
    const before = this.#ends;
    this.#ends = this.#openEnds(parts[ENDS], before);
    before.release();
  }

  get parameters(): ParameterBlock[] {
    return this.held.filter(({ trained }) => trained);
  }

  get held(): ParameterBlock[] {
    const others = [this.#ends.held, this.#prompt?.parameters].filter((block) => !!block);
    return [...this.#units.held, ...others];
  }

  /** The sessions serve any set of kept units. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async nll(batch: Batch): Promise<Float32Array> {
    const hidden = await this.#forward(batch, this.#embed(batch), this.#units.steps);
    return this.#ends.head.score(batch, hidden);
  }

  async normedHidden(batch: Batch): Promise<Float32Array> {
    return (await this.record(batch, null)).hidden;
  }

  async record(batch: Batch, likeliest: Likeliest | null): Promise<TeacherRecord> {
    const hidden = await this.#forward(batch, this.#embed(batch), this.#units.steps);
    const { y } = await this.#sessions.run(
      "final norm",
      () => finalNormGraph(this.model.config, this.#dialect),
      [{ x: this.#hiddenTensor(hidden) }, this.#ends.feeds],
    );
    const normed = y!.data as Float32Array;
    return {
      hidden: normed,
      tokens: likeliest && (await this.#ends.head.likeliest(batch, normed, likeliest)),
    };
  }

  /** The blocks below the one that a candidate changes are computed once for all candidates. */
  async scan(
    batch: Batch,
    candidates: readonly (readonly Kept[])[],
    each: (candidate: number, nll: Float32Array) => void,
  ): Promise<void> {
    const inputs = new Map<number, Float32Array>(); // the stream before each kept block
    let hidden = this.#embed(batch);
    for (const [index, step] of this.#units.steps.entries()) {
      inputs.set(step.block, hidden);
      hidden = await this.#runStep(batch, step, hidden, { buffer: `hidden ${index}` });
    }
    for (const [index, candidate] of candidates.entries()) {
      const changed = candidate.findIndex((section, block) => section !== this.kept[block]);
      const above = stepsOf(candidate).filter(({ block }) => block >= changed);
      const result = await this.#forward(batch, inputs.get(changed)!, above);
      each(index, await this.#ends.head.score(batch, result));
    }
  }

  /** Matrices of a block, by their names in the block, in another storage. Throws the errors of reading. */
  storedOtherwise(block: number, names: readonly string[], storage: GraphStorage): StoredOtherwise {
    const feeds = names.map((name) =>
      residentWeight(name, this.model.weight(blockWeight(block, name)), storage),
    );
    return { block, names, storage, feeds: Object.assign({}, ...feeds) as Feeds };
  }

  /** The stream before the first block. [N, D] */
  embedded(batch: Batch): Float32Array {
    return this.#embed(batch).slice();
  }

  /**
   * Runs the stream before block `first` through the blocks from `first` up to, but not including, `end` (all by default); one of them
   * may have matrices in another storage. The result is valid until the next call. [N, D]
   */
  forwardFrom(
    batch: Batch,
    hidden: Float32Array,
    { first, end = Infinity, otherwise }: { first: number; end?: number; otherwise?: StoredOtherwise },
  ): Promise<Float32Array> {
    const steps = this.#units.steps.filter(({ block }) => block >= first && block < end);
    return this.#forward(batch, hidden, steps, otherwise);
  }

  /** The NLL of each label, with the stream after all blocks. [n] */
  nllAfter(batch: Batch, hidden: Float32Array): Promise<Float32Array> {
    return this.#ends.head.score(batch, hidden);
  }

  async influence(batch: Batch, halves: boolean): Promise<UnitInfluence[]> {
    const { hiddenSize } = this.model.config;
    const steps = halves ? halfStepsOf(this.kept) : this.#units.steps;
    const results: UnitInfluence[] = [];
    let hidden = this.#embed(batch);
    for (const step of steps) {
      const output = await this.#runStep(batch, step, hidden);
      const influence = 1 - meanCosine(hidden, output, hiddenSize);
      results.push({ ...step, influence, addedSquares: squaredDistance(hidden, output) });
      hidden = output;
    }
    return results;
  }

  async gateGradients(batch: Batch, labelWeight: number, halves: boolean): Promise<GateGradient[]> {
    const steps = halves ? halfStepsOf(this.kept) : this.#units.steps;
    const streams = [this.#embed(batch)];
    for (const [index, step] of steps.entries())
      streams.push(await this.#runStep(batch, step, streams[index]!, { buffer: `hidden ${index}` }));
    let above = this.#sessions.buffer("gradient 0", streams[0]!.length).fill(0);
    await this.#ends.head.accumulate(batch, streams.at(-1)!, labelWeight, above);
    const results: GateGradient[] = [];
    for (const [index, step] of [...steps.entries()].reverse()) {
      const [input, output] = [streams[index]!, streams[index + 1]!];
      results.unshift({
        ...step,
        gradient: above.reduce((sum, dy, i) => sum + dy * (output[i]! - input[i]!), 0),
      });
      const below = this.#sessions.buffer(`gradient ${(steps.length - index) % 2}`, input.length);
      const run = { x: input, kept: null, dy: above, dx: below, frozen: true };
      await this.#runnerOf(step).backward(batch, step, run);
      above = below;
    }
    return results;
  }

  clearGradients(): void {
    for (const { gradients } of this.parameters) gradients.fill(0);
  }

  async accumulate(
    batch: Batch,
    labelWeights: number | Float32Array,
    targets: DistillationTargets = {},
  ): Promise<Losses> {
    const { steps } = this.#units;
    const reachesBottom = this.#prompt !== null || this.#ends.parameters !== null;
    const lowest = reachesBottom ? 0 : this.#units.lowestTrained;
    const inputs: Float32Array[] = [];
    /** Under which place a step's activations are kept. */
    const keptOf = (index: number) => (this.options.keepsActivations && index >= lowest ? index : null);
    let hidden = this.#embed(batch);
    for (const [index, step] of steps.entries()) {
      inputs.push(hidden);
      hidden = await this.#runStep(batch, step, hidden, { buffer: `hidden ${index}`, kept: keptOf(index) });
    }
    const gradient = this.#sessions.buffer("gradient 0", hidden.length).fill(0);
    const head = this.#ends.head;
    const { loss, divergence } = await head.accumulate(batch, hidden, labelWeights, gradient, targets.tokens);
    let distillation = divergence;
    if (targets.hidden) distillation += await this.#backwardDistillation(hidden, targets.hidden, gradient);
    let above = gradient;
    for (let index = steps.length - 1; index >= lowest; index--) {
      const below = this.#sessions.buffer(`gradient ${(steps.length - index) % 2}`, hidden.length);
      const [step, x] = [steps[index]!, inputs[index]!];
      await this.#runnerOf(step).backward(batch, step, { x, kept: keptOf(index), dy: above, dx: below });
      above = below;
    }
    if (this.#ends.parameters) this.#addEmbeddingGradient(batch, above);
    this.#prompt?.addGradient(batch.tokens, above);
    return { loss, distillation };
  }

  async #backwardDistillation(
    hidden: Float32Array,
    { target, factor }: Distillation,
    gradient: Float32Array,
  ): Promise<number> {
    const { feeds: weights, parameters } = this.#ends;
    const feeds = {
      x: this.#hiddenTensor(hidden),
      target: this.#hiddenTensor(target),
      factor: float32(Float32Array.of(factor)),
    };
    const outputs = await this.#sessions.run(
      parameters ? "distillation, trained" : "distillation",
      () => distillationGraph(this.model.config, { dialect: this.#dialect, full: parameters !== null }),
      [feeds, weights],
    );
    addInto(gradient, outputs.dx!.data as Float32Array);
    parameters?.addGradients(outputs);
    return (outputs.loss!.data as Float32Array)[0]!;
  }

  #addEmbeddingGradient(batch: Batch, gradient: Float32Array): void {
    const { hiddenSize } = this.model.config;
    const { name, scale } = this.model.config.ends.embedding;
    const sum = this.#ends.parameters!.gradient(name);
    batch.tokens.forEach((token, index) => {
      if (token >= this.model.config.vocabularySize) return; // a prompt's vector
      for (let i = 0; i < hiddenSize; i++)
        sum[token * hiddenSize + i]! += scale * gradient[index * hiddenSize + i]!;
    });
  }

  async #forward(
    batch: Batch,
    hidden: Float32Array,
    steps: readonly UnitStep[],
    otherwise?: StoredOtherwise,
  ): Promise<Float32Array> {
    let turn = 0;
    for (const step of steps) {
      hidden = await this.#runStep(batch, step, hidden, { buffer: `forward ${turn++ % 2}`, otherwise });
    }
    return hidden;
  }

  /** Runs one unit, into a named reusable buffer or into new memory; the activations in `kept` are written too. */
  async #runStep(
    batch: Batch,
    step: UnitStep,
    hidden: Float32Array,
    { buffer, kept = null, otherwise }: RunOptions = {},
  ): Promise<Float32Array> {
    const own = otherwise?.block === step.block ? otherwise : undefined;
    const y = buffer ? this.#sessions.buffer(buffer, hidden.length) : new Float32Array(hidden.length);
    await this.#runnerOf(step, own).forward(batch, step, { x: hidden, y, kept, otherwise: own });
    return y;
  }

  #embed({ tokens }: Batch): Float32Array {
    const hidden = this.#sessions.buffer("embedded", tokens.length * this.model.config.hiddenSize);
    if (this.#prompt) this.#prompt.embed(tokens, hidden, this.#ends.embed);
    else this.#ends.embed(tokens, hidden);
    return hidden;
  }

  #hiddenTensor(data: Float32Array): OrtTensor {
    const { hiddenSize } = this.model.config;
    return float32(data, data.length / hiddenSize, hiddenSize);
  }

  /** Frees the sessions, and the file that weights were streamed from. */
  async close(): Promise<void> {
    this.#frozen.close();
    this.#native?.close();
    await this.#sessions.close();
  }
}

interface RunOptions {
  readonly buffer?: string;
  readonly kept?: number | null;
  readonly otherwise?: StoredOtherwise | undefined;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}

function meanCosine(a: Float32Array, b: Float32Array, width: number): number {
  let total = 0;
  for (let start = 0; start < a.length; start += width) {
    let [dot, squareA, squareB] = [0, 0, 0];
    for (let i = start; i < start + width; i++) {
      dot += a[i]! * b[i]!;
      squareA += a[i]! * a[i]!;
      squareB += b[i]! * b[i]!;
    }
    total += dot / Math.sqrt(squareA * squareB || 1);
  }
  return total / (a.length / width);
}
