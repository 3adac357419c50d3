/** Runs units as onnxruntime's graphs: all blocks of one kind share sessions, and weights are their inputs. */
import { blockWeight } from "../architectures/architecture.ts";
import type { BlockKind, Half } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import type { GraphStorage } from "../graph/linear.ts";
import { halvesOf, sectionWeights } from "../model.ts";
import type { Model } from "../model.ts";
import { float32 } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { blockName } from "./parts.ts";
import { residentWeight } from "./residency.ts";
import type { Feeds, Sessions } from "./sessions.ts";
import { SharedUnitGraphs } from "./shared-unit-graphs.ts";
import type { NamedUnitGraphs } from "./shared-unit-graphs.ts";
import type { StoredApart } from "./unit-graphs.ts";
import type { BackwardRun, ForwardRun, UnitRunner } from "./unit-runner.ts";
import type { HalfStep, Units, UnitStep } from "./units.ts";
import type { WeightStore } from "./weight-store.ts";

export interface GraphRunnerOptions {
  readonly model: Model;
  readonly units: Units;
  readonly sessions: Sessions;
  readonly dialect: Dialect;
  /** The storage of the frozen base. */
  readonly storage: GraphStorage;
  /** Upstream's names of matrices that are stored in `RAISED` instead. */
  readonly raised: ReadonlySet<string>;
  /** The frozen weights of each half of a block, by "0.attention". */
  readonly frozen: WeightStore;
}

/** How `raised` matrices are stored. */
const RAISED = "q8" satisfies GraphStorage;

export class GraphRunner implements UnitRunner {
  readonly #options: GraphRunnerOptions;
  readonly #graphs: SharedUnitGraphs;

  constructor(options: GraphRunnerOptions) {
    this.#options = options;
    this.#graphs = new SharedUnitGraphs(options.model.config.hiddenSize, options.dialect);
  }

  /** Stores the model's own weights of a half, unless they are. Throws the errors of reading and writing them. */
  store(step: HalfStep): void {
    const { frozen } = this.#options;
    const name = blockName(step.block, step.section);
    if (!frozen.has(name)) frozen.add(name, this.frozenHalf(step));
  }

  /** The model's own weights of a half as inputs of its graphs. Throws the errors of reading them. */
  frozenHalf({ block, section }: HalfStep): Feeds {
    const { model, storage } = this.#options;
    const { names = [] } = this.raisedIn({ block, section }) ?? {};
    const feeds = sectionWeights(this.#kindOf(block), section).map(({ name }) =>
      residentWeight(name, model.weight(blockWeight(block, name)), names.includes(name) ? RAISED : storage),
    );
    return Object.assign({}, ...feeds) as Feeds;
  }

  /** The matrices of a half that are `raised`. */
  raisedIn({ block, section }: HalfStep): StoredApart | undefined {
    const { raised } = this.#options;
    if (raised.size === 0) return undefined;
    const names = sectionWeights(this.#kindOf(block), section)
      .map(({ name }) => name)
      .filter((name) => raised.has(blockWeight(block, name)));
    return names.length > 0 ? { names, storage: RAISED } : undefined;
  }

  async forward(batch: Batch, step: UnitStep, { x, y, kept = null, otherwise }: ForwardRun): Promise<void> {
    const { sessions } = this.#options;
    const graphs = this.#graphsOf(step, { apart: otherwise });
    const { name, forward, keepingForward } = graphs;
    const feeds = [{ x: this.#stream(x), ...otherwise?.feeds }, ...(await this.#feedsOf(batch, step))];
    const into = { y: this.#stream(y) };
    if (kept === null) return void (await sessions.run(`${name} forward`, () => forward, feeds, into));
    const activations = this.#activations(graphs, kept, batch.tokens.length);
    await sessions.run(`${name} forward, keeping`, () => keepingForward, feeds, { ...into, ...activations });
  }

  async backward(
    batch: Batch,
    step: UnitStep,
    { x, kept, dy, dx, frozen = false }: BackwardRun,
  ): Promise<void> {
    const { sessions, units } = this.#options;
    const graphs = this.#graphsOf(step, { frozen });
    const { name, backward, recomputingBackward } = graphs;
    const feeds = [{ x: this.#stream(x), dy: this.#stream(dy) }, ...(await this.#feedsOf(batch, step))];
    const into = { dx: this.#stream(dx) };
    const outputs =
      kept === null
        ? await sessions.run(`${name} backward, recomputing`, () => recomputingBackward, feeds, into)
        : await sessions.run(
            `${name} backward`,
            () => backward,
            [...feeds, this.#activations(graphs, kept, batch.tokens.length)],
            into,
          );
    if (!frozen) for (const parameters of units.parametersOf(step)) parameters.addGradients(outputs);
  }

  /** Memory for the activations that a step keeps, by name. */
  #activations({ activations }: NamedUnitGraphs, kept: number, tokens: number): Feeds {
    return Object.fromEntries(
      activations.map(({ name, width }) => [
        name,
        float32(this.#options.sessions.buffer(`${name} ${kept}`, tokens * width), tokens, width),
      ]),
    );
  }

  /** The inputs of a unit except the stream. */
  async #feedsOf(batch: Batch, { block, section }: UnitStep): Promise<Feeds[]> {
    const { units, frozen } = this.#options;
    const feeds: Feeds[] = [batch.layout];
    for (const half of halvesOf(section)) {
      const step = { block, section: half };
      feeds.push(batch.tables(this.#kindOf(block).halves[half].state) as Feeds);
      if (units.parts[blockName(block, half)]?.form !== "weights") {
        this.store(step);
        feeds.push(await frozen.get(blockName(block, half)));
      }
      for (const held of units.heldOf(step)) feeds.push(held.feeds);
    }
    return feeds;
  }

  /** `frozen`: graphs without gradients of weights. `apart`: weights in another storage than the stack's. */
  #graphsOf(
    { block, section }: UnitStep,
    { frozen = false, apart }: { frozen?: boolean; apart?: StoredApart | undefined } = {},
  ): NamedUnitGraphs {
    const { units, storage } = this.#options;
    const optionsOf = (half: Half) => ({
      ...units.optionsOf({ block, section: half }, { storage, frozen }),
      apart: apartIn(this.#kindOf(block), half, apart) ?? this.raisedIn({ block, section: half }),
    });
    const halves = { attention: optionsOf("attention"), mlp: optionsOf("mlp") };
    return this.#graphs.of(this.#kindOf(block), section, halves);
  }

  #kindOf(block: number): BlockKind {
    return this.#options.model.config.blocks[block]!;
  }

  #stream(data: Float32Array): OrtTensor {
    const { hiddenSize } = this.#options.model.config;
    return float32(data, data.length / hiddenSize, hiddenSize);
  }
}

/** The weights among `apart` that belong to a half. */
function apartIn(kind: BlockKind, half: Half, apart: StoredApart | undefined): StoredApart | undefined {
  const names = apart?.names.filter((name) => kind.halves[half].weights.some((spec) => spec.name === name));
  return names && names.length > 0 ? { names, storage: apart!.storage } : undefined;
}
