/**
 * A model as a stack of units that can be run, trained and cut: embedding, blocks, head. Sessions are shared by all
 * blocks, weights and adapters are their inputs, so dropping a unit is leaving an element out of a list.
 */
import type { InferenceSession } from "onnxruntime-node";
import { blockWeight, EMBEDDING, endWeights } from "../architectures/architecture.ts";
import type { Half } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import type { GraphStorage } from "../graph/linear.ts";
import type { Model, Section } from "../model.ts";
import { Random } from "../random.ts";
import { float32, int32, openSession } from "../runtime/session.ts";
import type { Device, OrtTensor } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { distillationGraph, finalNormGraph, headGraphs } from "./head-graphs.ts";
import { blockName, ENDS, ParameterBlock } from "./parameters.ts";
import { residentWeight } from "./residency.ts";
import { halvesOf, sectionParameters, sectionWeights, unitGraphs } from "./unit-graphs.ts";
import type { Trainable } from "./unit-graphs.ts";

export interface StackOptions {
  readonly threads: number;
  readonly trainable: Trainable;
  /** Seed of the adapters' first values. */
  readonly seed?: number;
  /** How the frozen base lies in memory; what is trained is always f32. */
  readonly storage?: GraphStorage;
  readonly device?: Device;
}

/** What remains of a block; null: nothing, the stream passes by. */
export type Kept = Section | null;

/** Losses of one batch, already weighted. */
export interface Losses {
  readonly loss: number;
  readonly distillation: number;
}

/** Tokens with a label whose logits exist at a time. */
const HEAD_TOKENS = 256;

type Feeds = Readonly<Record<string, OrtTensor>>;

interface HalfState {
  readonly weights: Feeds;
  readonly parameters: ParameterBlock | null;
}

interface Step {
  readonly block: number;
  readonly section: Section;
}

export class Stack {
  readonly model: Model;
  readonly options: StackOptions;
  readonly #dialect: Dialect;
  readonly #storage: GraphStorage;
  #kept: Kept[];
  #halves: Map<string, HalfState> = new Map();
  /** Embedding, head and final norm: trained only in a full update. */
  #ends: { feeds: Record<string, OrtTensor>; parameters: ParameterBlock | null };
  #sessions = new Map<string, Promise<InferenceSession>>();
  #scratch = new Map<string, Float32Array>();

  private constructor(model: Model, options: StackOptions) {
    this.model = model;
    this.options = options;
    this.#dialect = options.device === "webgpu" ? "portable" : "cpu";
    this.#storage = options.trainable.kind === "full" ? "f32" : (options.storage ?? "f32");
    this.#kept = [...model.sections];
    this.#ends = { feeds: {}, parameters: null };
  }

  /** Reads the weights into memory. Throws what reading them throws. */
  static open(model: Model, options: StackOptions): Stack {
    const stack = new Stack(model, options);
    for (let block = 0; block < model.config.layers; block++) {
      for (const half of ["attention", "mlp"] as const)
        stack.#halves.set(`${block}.${half}`, stack.#readHalf(block, half));
    }
    stack.#readEnds();
    return stack;
  }

  #readHalf(block: number, half: Half): HalfState {
    const { architecture, config } = this.model;
    const { trainable } = this.options;
    const specs = sectionParameters(architecture, config, half, trainable);
    const parameters = specs.length > 0 ? new ParameterBlock(blockName(block, half), specs) : null;
    const read = (name: string) => this.model.weight(blockWeight(block, name));
    if (trainable.kind === "full") {
      for (const { name } of specs) parameters!.value(name).set(read(name).readFloat32());
      return { weights: {}, parameters };
    }
    if (parameters) initialiseAdapters(parameters, new Random(this.options.seed ?? 0, parameters.name));
    const feeds = sectionWeights(architecture, config, half).map(({ name }) =>
      residentWeight(name, read(name), this.#storage),
    );
    return { weights: Object.assign({}, ...feeds) as Feeds, parameters };
  }

  #readEnds(): void {
    const specs = endWeights(this.model.config);
    const read = (name: string) => this.model.weight(name);
    if (this.options.trainable.kind !== "full") {
      for (const { name } of specs) Object.assign(this.#ends.feeds, residentWeight(name, read(name), "f32"));
      return;
    }
    const parameters = new ParameterBlock(ENDS, specs);
    for (const { name } of specs) parameters.value(name).set(read(name).readFloat32());
    this.#ends = { feeds: { ...parameters.feeds }, parameters };
  }

  /** What remains of each block. */
  get kept(): readonly Kept[] {
    return this.#kept;
  }

  /** Makes the stack consist of these parts of its blocks. Nothing is forgotten: a part can come back. */
  keep(kept: readonly Kept[]): void {
    if (kept.length !== this.#kept.length)
      throw new Error(`${kept.length} blocks given, the model has ${this.#kept.length}`);
    this.#kept = [...kept];
  }

  /** What is trained in the parts that are kept, from the lowest up, the ends last. */
  get parameters(): ParameterBlock[] {
    const units = this.#steps(this.#kept).flatMap(({ block, section }) => this.#parametersOf(block, section));
    return this.#ends.parameters ? [...units, this.#ends.parameters] : units;
  }

  #parametersOf(block: number, section: Section): ParameterBlock[] {
    return halvesOf(section).flatMap((half) => this.#halves.get(`${block}.${half}`)!.parameters ?? []);
  }

  #steps(kept: readonly Kept[]): Step[] {
    return kept.flatMap((section, block) => (section ? [{ block, section }] : []));
  }

  /** The NLL of each label. [n] */
  async nll(batch: Batch): Promise<Float32Array> {
    return this.#scoreLabels(batch, await this.#forward(batch, this.#embed(batch), this.#steps(this.#kept)));
  }

  /** The hidden states that the head sees, normed. [N, D] */
  async normedHidden(batch: Batch): Promise<Float32Array> {
    const hidden = await this.#forward(batch, this.#embed(batch), this.#steps(this.#kept));
    const session = await this.#session("final norm", () => finalNormGraph(this.model.config, this.#dialect));
    const { y } = await this.#run(session, [{ x: this.#hiddenTensor(hidden) }, this.#ends.feeds]);
    return y!.data as Float32Array;
  }

  /**
   * For each candidate, the NLL of each label with the stack as that candidate leaves it. Candidates are whole `kept`
   * lists that differ from the present one in one block; what lies below that block is computed once.
   */
  async scan(
    batch: Batch,
    candidates: readonly (readonly Kept[])[],
    each: (candidate: number, nll: Float32Array) => void,
  ): Promise<void> {
    const inputs = new Map<number, Float32Array>(); // the stream before each block that is kept
    let hidden = this.#embed(batch);
    for (const step of this.#steps(this.#kept)) {
      inputs.set(step.block, hidden);
      hidden = await this.#runStep(batch, step, hidden);
    }
    for (const [index, candidate] of candidates.entries()) {
      const changed = candidate.findIndex((section, block) => section !== this.#kept[block]);
      const above = this.#steps(candidate).filter(({ block }) => block >= changed);
      each(index, await this.#scoreLabels(batch, await this.#forward(batch, inputs.get(changed)!, above)));
    }
  }

  /**
   * Block influence (arXiv 2403.03853): for each kept part, the mean over tokens of 1 − cos(its input, its output).
   * `halves` splits blocks into attention and MLP.
   */
  async influence(
    batch: Batch,
    halves: boolean,
  ): Promise<{ block: number; section: Section; influence: number }[]> {
    const steps = this.#steps(this.#kept).flatMap(({ block, section }): Step[] =>
      halves ? halvesOf(section).map((half) => ({ block, section: half })) : [{ block, section }],
    );
    const results = [];
    let hidden = this.#embed(batch);
    for (const step of steps) {
      const output = await this.#runStep(batch, step, hidden);
      results.push({ ...step, influence: 1 - meanCosine(hidden, output, this.model.config.hiddenSize) });
      hidden = output;
    }
    return results;
  }

  /** Forgets the gradients. */
  clearGradients(): void {
    for (const { gradients } of this.parameters) gradients.fill(0);
  }

  /**
   * Adds the gradients of a batch: Σ weight · cross-entropy over its labels (one weight for all, or one each), and `distillation.factor` · Σ (hidden − target)² over
   * all tokens, hidden normed.
   */
  async accumulate(
    batch: Batch,
    labelWeights: number | Float32Array,
    distillation?: { target: Float32Array; factor: number },
  ): Promise<Losses> {
    const steps = this.#steps(this.#kept);
    const inputs: Float32Array[] = [];
    let hidden = this.#embed(batch);
    for (const [index, step] of steps.entries()) {
      inputs.push(hidden);
      hidden = await this.#runStep(batch, step, hidden, `hidden ${index}`);
    }
    const gradient = this.#buffer("gradient 0", hidden.length).fill(0);
    const loss = await this.#backwardHead(batch, hidden, labelWeights, gradient);
    const distilled = distillation ? await this.#backwardDistillation(hidden, distillation, gradient) : 0;
    let above = gradient;
    for (let index = steps.length - 1; index >= 0; index--) {
      const below = this.#buffer(`gradient ${(steps.length - index) % 2}`, hidden.length);
      await this.#backwardStep(batch, steps[index]!, inputs[index]!, above, below);
      above = below;
    }
    if (this.#ends.parameters) this.#addEmbeddingGradient(batch, above);
    return { loss, distillation: distilled };
  }

  async #backwardHead(
    batch: Batch,
    hidden: Float32Array,
    labelWeights: number | Float32Array,
    gradient: Float32Array,
  ): Promise<number> {
    const { hiddenSize } = this.model.config;
    const session = await this.#session("head", () => this.#headGraphs().train);
    let loss = 0;
    let done = 0;
    const weightsOf = (count: number) =>
      typeof labelWeights === "number"
        ? new Float32Array(count).fill(labelWeights)
        : labelWeights.slice(done, (done += count));
    for (const { x, labels, index } of this.#labelChunks(batch, hidden)) {
      const weights = float32(weightsOf(index.length), index.length);
      const outputs = await this.#run(session, [{ x, labels, weights }, this.#ends.feeds]);
      loss += (outputs.loss!.data as Float32Array)[0]!;
      const dx = outputs.dx!.data as Float32Array;
      index.forEach((token, row) => {
        const from = row * hiddenSize;
        for (let i = 0; i < hiddenSize; i++) gradient[token * hiddenSize + i]! += dx[from + i]!;
      });
      this.#addEndGradients(outputs);
    }
    return loss;
  }

  async #backwardDistillation(
    hidden: Float32Array,
    { target, factor }: { target: Float32Array; factor: number },
    gradient: Float32Array,
  ): Promise<number> {
    const full = this.#ends.parameters !== null;
    const session = await this.#session("distillation", () =>
      distillationGraph(this.model.config, { dialect: this.#dialect, full }),
    );
    const feeds = {
      x: this.#hiddenTensor(hidden),
      target: this.#hiddenTensor(target),
      factor: float32(Float32Array.of(factor)),
    };
    const outputs = await this.#run(session, [feeds, this.#ends.feeds]);
    addInto(gradient, outputs.dx!.data as Float32Array);
    this.#addEndGradients(outputs);
    return (outputs.loss!.data as Float32Array)[0]!;
  }

  #addEndGradients(outputs: Feeds): void {
    for (const [name, value] of Object.entries(outputs)) {
      if (name.startsWith("d:"))
        addInto(this.#ends.parameters!.gradient(name.slice(2)), value.data as Float32Array);
    }
  }

  #addEmbeddingGradient(batch: Batch, gradient: Float32Array): void {
    const { hiddenSize } = this.model.config;
    const sum = this.#ends.parameters!.gradient(EMBEDDING);
    batch.tokens.forEach((token, index) => {
      for (let i = 0; i < hiddenSize; i++) sum[token * hiddenSize + i]! += gradient[index * hiddenSize + i]!;
    });
  }

  async #backwardStep(
    batch: Batch,
    step: Step,
    input: Float32Array,
    above: Float32Array,
    below: Float32Array,
  ): Promise<void> {
    const session = await this.#session(
      `${step.section} backward`,
      () => this.#unitGraphs(step.section).backward,
    );
    const gradients = this.#parametersOf(step.block, step.section);
    const outputs = await this.#run(
      session,
      [{ x: this.#hiddenTensor(input), dy: this.#hiddenTensor(above) }, batch.layout, ...this.#feedsOf(step)],
      { dx: this.#hiddenTensor(below) },
    );
    for (const parameters of gradients) {
      for (const { name } of parameters.specs)
        addInto(parameters.gradient(name), outputs[`d:${name}`]!.data as Float32Array);
    }
  }

  async #scoreLabels(batch: Batch, hidden: Float32Array): Promise<Float32Array> {
    const session = await this.#session("score", () => this.#headGraphs().score);
    const nll = new Float32Array(batch.labels.length);
    let done = 0;
    for (const { x, labels, index } of this.#labelChunks(batch, hidden)) {
      const outputs = await this.#run(session, [{ x, labels }, this.#ends.feeds]);
      nll.set(outputs.nll!.data as Float32Array, done);
      done += index.length;
    }
    return nll;
  }

  /** The hidden states of tokens that carry a label, some at a time. */
  *#labelChunks(
    batch: Batch,
    hidden: Float32Array,
  ): Generator<{ x: OrtTensor; labels: OrtTensor; index: Int32Array }> {
    const { hiddenSize } = this.model.config;
    for (let first = 0; first < batch.labels.length; first += HEAD_TOKENS) {
      const index = batch.labelIndex.subarray(first, first + HEAD_TOKENS);
      const x = this.#buffer("head input", index.length * hiddenSize);
      index.forEach((token, row) =>
        x.set(hidden.subarray(token * hiddenSize, (token + 1) * hiddenSize), row * hiddenSize),
      );
      const labels = int32(batch.labels.slice(first, first + index.length), index.length);
      yield { x: this.#hiddenTensor(x), labels, index };
    }
  }

  async #forward(batch: Batch, hidden: Float32Array, steps: readonly Step[]): Promise<Float32Array> {
    let turn = 0;
    for (const step of steps) hidden = await this.#runStep(batch, step, hidden, `forward ${turn++ % 2}`);
    return hidden;
  }

  /** Runs one unit; into a named buffer that is used again, or into new memory. */
  async #runStep(batch: Batch, step: Step, hidden: Float32Array, buffer?: string): Promise<Float32Array> {
    const session = await this.#session(
      `${step.section} forward`,
      () => this.#unitGraphs(step.section).forward,
    );
    const output = buffer ? this.#buffer(buffer, hidden.length) : new Float32Array(hidden.length);
    const feeds = [{ x: this.#hiddenTensor(hidden) }, batch.layout, ...this.#feedsOf(step)];
    await this.#run(session, feeds, { y: this.#hiddenTensor(output) });
    return output;
  }

  #feedsOf({ block, section }: Step): Feeds[] {
    return halvesOf(section).flatMap((half) => {
      const { weights, parameters } = this.#halves.get(`${block}.${half}`)!;
      return parameters ? [weights, parameters.feeds] : [weights];
    });
  }

  #embed({ tokens }: Batch): Float32Array {
    const { hiddenSize } = this.model.config;
    const matrix = this.#ends.feeds[EMBEDDING]!.data as Float32Array;
    const hidden = this.#buffer("embedded", tokens.length * hiddenSize);
    tokens.forEach((token, index) =>
      hidden.set(matrix.subarray(token * hiddenSize, (token + 1) * hiddenSize), index * hiddenSize),
    );
    return hidden;
  }

  #hiddenTensor(data: Float32Array): OrtTensor {
    const { hiddenSize } = this.model.config;
    return float32(data, data.length / hiddenSize, hiddenSize);
  }

  #headGraphs() {
    return headGraphs(this.model.config, { dialect: this.#dialect, full: this.#ends.parameters !== null });
  }

  #unitGraphs(section: Section) {
    const { architecture, config } = this.model;
    const { trainable } = this.options;
    return unitGraphs(architecture, config, section, {
      trainable,
      storage: this.#storage,
      dialect: this.#dialect,
    });
  }

  /** Memory that is kept between calls: a view of `length` numbers of the buffer of that name. */
  #buffer(name: string, length: number): Float32Array {
    let memory = this.#scratch.get(name);
    if (!memory || memory.length < length) this.#scratch.set(name, (memory = new Float32Array(length)));
    return memory.subarray(0, length);
  }

  #session(name: string, model: () => Uint8Array): Promise<InferenceSession> {
    let session = this.#sessions.get(name);
    if (!session) {
      const { threads, device = "cpu" } = this.options;
      this.#sessions.set(name, (session = openSession(model(), { threads, device })));
    }
    return session;
  }

  /** Runs a session with those of the feeds that it takes; given outputs are written in place. */
  async #run(session: InferenceSession, sources: readonly Feeds[], outputs: Feeds = {}): Promise<Feeds> {
    const feeds: Record<string, OrtTensor> = {};
    for (const name of session.inputNames) {
      const source = sources.find((candidate) => name in candidate);
      if (!source) throw new Error(`nothing given for input ${name}`);
      feeds[name] = source[name]!;
    }
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of session.outputNames) fetches[name] = outputs[name] ?? null;
    return (await session.run(feeds, fetches)) as Feeds;
  }

  /** Frees the sessions. */
  async close(): Promise<void> {
    const sessions = await Promise.all(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.release()));
  }
}

/** LoRA's start: A uniform in ±1/√in (Kaiming, a = √5, as PEFT), B zero, so that the model is unchanged. */
function initialiseAdapters(parameters: ParameterBlock, random: Random): void {
  for (const { name, shape } of parameters.specs) {
    if (!name.includes("lora_A")) continue;
    const bound = 1 / Math.sqrt(shape.at(-1)!);
    const values = parameters.value(name);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * bound;
  }
}

function addInto(sum: Float32Array, addend: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += addend[i]!;
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
