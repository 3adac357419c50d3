/**
 * A model whose weights stay on the device that runs it: one step graph serves scoring, scans and training. It is rebuilt when
 * the kept units have changed, so that dropped units cost nothing.
 */
import type { InferenceSession } from "onnxruntime-node";
import { dirname } from "node:path";
import { blockWeight } from "../architectures/architecture.ts";
import type { DenseStorage } from "../graph/linear.ts";
import type { Kept, Model } from "../model.ts";
import { float32, int32, openSession, tensor } from "../runtime/session.ts";
import type { Device, OrtTensor } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { embedReading } from "./ends.ts";
import type { ParameterBlock } from "./parameters.ts";
import { blockName, ENDS } from "./parts.ts";
import type { Parts } from "./parts.ts";
import { ResidentWeights } from "./resident-weights.ts";
import type { Feeds } from "./sessions.ts";
import { distinctKinds, kindSuffix, stepGraph } from "./step-graph.ts";
import type { WantedGradients } from "./step-graph.ts";
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
import { halfStepsOf, Units } from "./units.ts";
import type { HalfStep } from "./units.ts";

export interface ResidentOptions {
  readonly threads: number;
  /**
   * How everything is trained at first, as in `StackOptions`. Full fine-tuning would leave no weights in place: it uses block graphs
   * (stack.ts), as does training the ends.
   */
  readonly trainable: Exclude<Trainable, { kind: "full" }>;
  /** Seed of the adapters' initial values. */
  readonly seed?: number;
  /** The storage of the frozen weights; adapters are f32. */
  readonly storage?: DenseStorage;
  readonly device: Device;
  /** A file for the weights, from which the device loads them. */
  readonly file: string;
  /** Maximum bytes of a part of the head as f32. */
  readonly partBytes?: number;
}

interface RunOptions {
  readonly gates?: Float32Array;
  readonly weights?: Float32Array;
  readonly distillation?: Distillation | undefined;
  readonly gradients?: WantedGradients;
}

/** The logits of `LABELS` labels for a part of the head take at most this. */
const LOGITS_BYTES = 2 ** 27;
const LABELS = 2048;

export class ResidentStack implements Trainee {
  readonly model: Model;
  readonly #options: ResidentOptions;
  readonly #units: Units;
  readonly #weights: ResidentWeights;
  readonly #embed: (tokens: Int32Array, hidden: Float32Array) => void;
  /** The session of the step graph, and what it was built for. */
  #step: {
    session: InferenceSession;
    kept: readonly Kept[];
    parts: Parts;
    gradients: WantedGradients;
  } | null = null;

  private constructor(model: Model, options: ResidentOptions) {
    const { trainable, seed = 0, storage = "f32", file } = options;
    this.model = model;
    this.#options = options;
    this.#units = new Units(model, trainable, seed);
    const { partBytes = (LOGITS_BYTES / LABELS) * model.config.hiddenSize } = options;
    this.#weights = new ResidentWeights(file, model, storage, partBytes);
    this.#embed = embedReading(model);
  }

  /** Writes the weights to their file. Throws the errors of reading and writing them. */
  static open(model: Model, options: ResidentOptions): ResidentStack {
    return new ResidentStack(model, options);
  }

  get kept(): readonly Kept[] {
    return this.#units.kept;
  }

  keep(kept: readonly Kept[]): void {
    this.#units.keep(kept);
  }

  get parts(): Parts {
    return this.#units.parts;
  }

  hold(parts: Parts): void {
    if (parts[ENDS]) throw new Error("a device that holds the weights cannot train embedding and head");
    this.#units.hold(parts);
  }

  get parameters(): ParameterBlock[] {
    return this.#units.parameters;
  }

  get held(): ParameterBlock[] {
    return this.#units.held;
  }

  clearGradients(): void {
    for (const { gradients } of this.parameters) gradients.fill(0);
  }

  async prepare(): Promise<void> {
    await this.#session();
  }

  async nll(batch: Batch): Promise<Float32Array> {
    return (await this.#score(batch, "nll")).data as Float32Array;
  }

  async normedHidden(batch: Batch): Promise<Float32Array> {
    return (await this.#score(batch, "normed")).data as Float32Array;
  }

  /** Only hidden states: plans that need more are refused for such a device (main/trimming/plan/planning.ts). */
  async record(batch: Batch): Promise<TeacherRecord> {
    return { hidden: await this.normedHidden(batch), tokens: null };
  }

  async scan(
    batch: Batch,
    candidates: readonly (readonly Kept[])[],
    each: (candidate: number, nll: Float32Array) => void,
  ): Promise<void> {
    for (const [index, candidate] of candidates.entries()) {
      const { nll } = await this.#run(batch, ["nll"], { gates: this.#gates(candidate) });
      each(index, nll!.data as Float32Array);
    }
  }

  async influence(batch: Batch, halves: boolean): Promise<UnitInfluence[]> {
    const of = halves ? "halves" : "sections";
    const names = [`cosine of ${of}`, `added squares of ${of}`];
    const outputs = await this.#run(batch, names);
    const [cosines, squares] = names.map((name) => outputs[name]!.data) as [Float32Array, Float32Array];
    const steps = halves ? halfStepsOf(this.kept) : this.#units.steps;
    return steps.map((step, index) => ({
      ...step,
      influence: 1 - cosines[index]!,
      addedSquares: squares[index]!,
    }));
  }

  /** Uses another graph, whose backward pass reaches all halves: the step graph is rebuilt for the next training step. */
  async gateGradients(batch: Batch, labelWeight: number, halves: boolean): Promise<GateGradient[]> {
    const name = `gate gradients of ${halves ? "halves" : "sections"}`;
    const weights = new Float32Array(batch.labels.length).fill(labelWeight);
    const gradients = (await this.#run(batch, [name], { weights, gradients: "gates" }))[name]!.data;
    const steps = halves ? halfStepsOf(this.kept) : this.#units.steps;
    return steps.map((step, index) => ({ ...step, gradient: (gradients as Float32Array)[index]! }));
  }

  async accumulate(
    batch: Batch,
    labelWeights: number | Float32Array,
    { hidden: distillation }: Pick<DistillationTargets, "hidden"> = {},
  ): Promise<Losses> {
    const count = batch.labels.length;
    const weights =
      typeof labelWeights === "number" ? new Float32Array(count).fill(labelWeights) : labelWeights;
    const gradients = this.#units.steps.flatMap((step) =>
      this.#units
        .parametersOf(step)
        .flatMap(({ specs }) => specs.map(({ name }) => `d:${blockWeight(step.block, name)}`)),
    );
    const outputs = await this.#run(batch, ["nll", "distillation", ...gradients], {
      weights,
      distillation,
    });
    for (const step of this.#units.steps)
      for (const parameters of this.#units.parametersOf(step))
        parameters.addGradients(outputs, (name) => blockWeight(step.block, name));
    const nll = outputs.nll!.data as Float32Array;
    return {
      loss: nll.reduce((sum, value, label) => sum + value * weights[label]!, 0),
      distillation: (outputs.distillation!.data as Float32Array)[0]!,
    };
  }

  async #score(batch: Batch, output: string): Promise<OrtTensor> {
    return (await this.#run(batch, [output]))[output]!;
  }

  /** 1 for each half in the graph that a candidate has, 0 for the others. */
  #gates(candidate: readonly Kept[]): Float32Array {
    const left = halfStepsOf(candidate);
    const isLeft = ({ block, section }: HalfStep) =>
      left.some((step) => step.block === block && step.section === section);
    return Float32Array.from(halfStepsOf(this.kept), (step) => (isLeft(step) ? 1 : 0));
  }

  async #run(
    batch: Batch,
    outputs: readonly string[],
    { gates = this.#gates(this.kept), weights, distillation, gradients = "parameters" }: RunOptions = {},
  ): Promise<Feeds> {
    const { hiddenSize } = this.model.config;
    const count = batch.tokens.length;
    const [labels, hidden] = [batch.labels.length, new Float32Array(count * hiddenSize)];
    this.#embed(batch.tokens, hidden);
    const { target, factor } = distillation ?? { target: new Float32Array(count * hiddenSize), factor: 0 };
    const feeds: Feeds = {
      ...batch.layout,
      ...this.#tables(batch),
      x: float32(hidden, count, hiddenSize),
      gates: float32(gates, gates.length),
      labelIndex: int32(batch.labelIndex, labels),
      labels: int32(batch.labels, labels),
      weights: float32(weights ?? new Float32Array(labels), labels),
      target: float32(target, count, hiddenSize),
      factor: float32(Float32Array.of(factor)),
      trains: flag(weights !== undefined),
      measures: flag(outputs.some((name) => name.startsWith("cosine"))),
      ...this.#held(),
    };
    const session = await this.#session(gradients);
    const taken = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    return (await session.run(taken, outputs)) as Feeds;
  }

  /** The additional inputs of attention of each kind, by their names in the step graph. */
  #tables(batch: Batch): Feeds {
    const { config } = this.model;
    const all = distinctKinds(config).flatMap((kind) =>
      Object.entries(batch.tables(kind.halves.attention.state)).map(
        ([name, value]) => [name + kindSuffix(config, kind), value] as const,
      ),
    );
    return Object.fromEntries(all);
  }

  #held(): Feeds {
    const all = this.#units.steps.flatMap((step) =>
      this.#units
        .heldOf(step)
        .flatMap(({ feeds }) =>
          Object.entries(feeds).map(([name, value]) => [blockWeight(step.block, name), value] as const),
        ),
    );
    return Object.fromEntries(all);
  }

  async #session(gradients: WantedGradients = "parameters"): Promise<InferenceSession> {
    const { kept, parts } = this;
    const isSame = this.#step?.parts === parts && this.#step.gradients === gradients;
    if (isSame && this.#step!.kept.every((section, block) => section === kept[block]))
      return this.#step!.session;
    await this.#release();
    const { threads, device, file } = this.#options;
    const graph = stepGraph(this.model, kept, this.#weights, {
      gradients,
      optionsOf: (step) => this.#units.optionsOf(step, { storage: this.#weights.storage }),
      givesWeights: ({ block, section }) => parts[blockName(block, section)]?.form === "weights",
      dialect: "portable",
    });
    const session = await openSession(graph, {
      threads,
      device,
      dataFolder: dirname(file),
      rewrites: false,
    });
    this.#step = { session, kept, parts, gradients };
    return session;
  }

  async #release(): Promise<void> {
    await this.#step?.session.release();
    this.#step = null;
  }

  async close(): Promise<void> {
    await this.#release();
    this.#weights.close();
  }
}

const flag = (value: boolean) => tensor("bool", Uint8Array.of(value ? 1 : 0), []);
