/** The unit graphs of a model: kinds of blocks whose graphs are the same to the byte share them, and so their sessions. */
import type { BlockKind } from "../architectures/architecture.ts";
import type { Section } from "../model.ts";
import { unitGraphs } from "./unit-graphs.ts";
import type { UnitGraphs, UnitOptions } from "./unit-graphs.ts";

/** `name` tells graphs of different units apart. */
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

  /** Built when they are first wanted. */
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

/** The backward graph that computes its section's forward pass too contains all that the others have. */
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
