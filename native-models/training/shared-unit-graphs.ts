/** The unit graphs of a model: block kinds with byte-identical graphs share them, and so their sessions. */
import type { BlockKind } from "../architectures/architecture.ts";
import type { Section } from "../model.ts";
import { unitGraphs } from "./unit-graphs.ts";
import type { UnitGraphs, UnitOptions } from "./unit-graphs.ts";

/** `name` distinguishes the graphs of different units. */
export interface NamedUnitGraphs extends UnitGraphs {
  readonly name: string;
}

export class SharedUnitGraphs {
  readonly #width: number;
  readonly #options: UnitOptions;
  readonly #byKind = new Map<BlockKind, Map<Section, NamedUnitGraphs>>();

  /** `width`: D. */
  constructor(width: number, options: UnitOptions) {
    this.#width = width;
    this.#options = options;
  }

  /** Built on first use. */
  of(kind: BlockKind, section: Section): NamedUnitGraphs {
    const ofKind = this.#byKind.get(kind) ?? new Map<Section, NamedUnitGraphs>();
    this.#byKind.set(kind, ofKind);
    const known = ofKind.get(section);
    if (known) return known;
    const graphs = this.#shared(kind, section);
    ofKind.set(section, graphs);
    return graphs;
  }

  #shared(kind: BlockKind, section: Section): NamedUnitGraphs {
    const graphs = unitGraphs(this.#width, kind, section, this.#options);
    for (const others of this.#byKind.values()) {
      const other = others.get(section);
      if (other && isSame(other.recomputingBackward, graphs.recomputingBackward)) return other;
    }
    return { ...graphs, name: `${kind.name} ${section}` };
  }
}

/** The backward graph that also computes its section's forward pass contains everything that the others do. */
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
