/** The frozen weights of a model in a file, which a graph uses as its initialisers. */
import { basename } from "node:path";
import { blockWeight } from "../architectures/architecture.ts";
import type { Graph, Source, Tensor } from "../graph/graph.ts";
import type { DenseStorage } from "../graph/linear.ts";
import { sectionWeights } from "../model.ts";
import type { Model } from "../model.ts";
import { headParts } from "./chunked-head.ts";
import { finalNormWeight, PART } from "./head-graphs.ts";
import { residentWeight } from "./residency.ts";
import type { RowRange } from "./residency.ts";
import { cutHeadStorage, isHeadCut } from "./sizes.ts";
import type { Feeds } from "./sessions.ts";
import { halfStepsOf } from "./units.ts";
import { WeightFile } from "./weight-file.ts";
import type { FileSpan } from "./weight-file.ts";

/** The name of a part of the head. */
export const headPart = (part: number) => `${PART} ${part}`;

export class ResidentWeights {
  readonly storage: DenseStorage;
  readonly headStorage: DenseStorage;
  /** How the head is split along the vocabulary. */
  readonly headParts: readonly RowRange[];
  readonly #file: WeightFile;
  readonly #places = new Map<string, FileSpan>();

  /**
   * Writes the file; a part of the head has at most `partBytes` as f32. Throws the errors of reading the model, `disk-full`,
   * `unwritable`.
   */
  constructor(path: string, model: Model, storage: DenseStorage, partBytes: number) {
    const { config } = model;
    this.storage = storage;
    this.headStorage = isHeadCut(config) ? cutHeadStorage(storage) : "f32";
    this.headParts = headParts(config, partBytes);
    this.#file = new WeightFile(path);
    try {
      for (const { block, section } of halfStepsOf(model.sections))
        for (const { name } of sectionWeights(config.blocks[block]!, section)) {
          const upstream = blockWeight(block, name);
          this.#add(residentWeight(upstream, model.weight(upstream), storage));
        }
      const norm = finalNormWeight(config);
      this.#add(residentWeight(norm, model.weight(norm), "f32"));
      const head = model.weight(config.ends.head.name);
      for (const [part, range] of this.headParts.entries())
        this.#add(residentWeight(headPart(part), head, this.headStorage, range));
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  #add(tensors: Feeds): void {
    for (const [name, tensor] of Object.entries(tensors)) this.#places.set(name, this.#file.append(tensor));
  }

  /** Adds the weights stored here to a graph as initialisers, once each; any other weight becomes an input. */
  source(graph: Graph): Source {
    const given = new Map<string, Tensor>();
    return {
      input: (name, type, shape) => {
        const place = this.#places.get(name);
        if (!place) return graph.input(name, type, shape);
        const data = { file: basename(this.#file.path), ...place };
        const tensor = given.get(name) ?? graph.initializer(name, type, shape as number[], data);
        given.set(name, tensor);
        return tensor;
      },
    };
  }

  /** Removes the file. */
  close(): void {
    this.#file.close();
  }
}
