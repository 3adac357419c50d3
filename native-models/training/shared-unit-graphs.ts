/** The unit graphs of a model: block kinds with byte-identical graphs share them, and so their sessions. */
import type { BlockKind, Half } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import { halvesOf } from "../model.ts";
import type { Section } from "../model.ts";
import { unitGraphs } from "./unit-graphs.ts";
import type { HalfOptions, UnitGraphs } from "./unit-graphs.ts";

/** `name` distinguishes the graphs of different units. */
export interface NamedUnitGraphs extends UnitGraphs {
  readonly name: string;
}

export class SharedUnitGraphs {
  readonly #width: number;
  readonly #dialect: Dialect;
  /** Graphs by what units must have in common for these to be the same: the section, and how its halves are stored and trained. */
  readonly #byForm = new Map<string, Map<BlockKind, NamedUnitGraphs>>();

  /** `width`: D. */
  constructor(width: number, dialect: Dialect) {
    this.#width = width;
    this.#dialect = dialect;
  }

  /** Built on first use. */
  of(kind: BlockKind, section: Section, halves: Readonly<Record<Half, HalfOptions>>): NamedUnitGraphs {
    const form = [section, ...halvesOf(section).map((half) => formOf(halves[half]))].join(", ");
    const ofForm = this.#byForm.get(form) ?? new Map<BlockKind, NamedUnitGraphs>();
    this.#byForm.set(form, ofForm);
    const known = ofForm.get(kind);
    if (known) return known;
    const made = unitGraphs(this.#width, kind, section, { halves, dialect: this.#dialect });
    const same = [...ofForm.values()].find((other) =>
      isSame(other.recomputingBackward, made.recomputingBackward),
    );
    const graphs = same ?? { ...made, name: `${kind.name} ${form}` };
    ofForm.set(kind, graphs);
    return graphs;
  }
}

const formOf = ({ trainable, storage, apart, frozen = false }: HalfOptions) =>
  `${trainable.kind === "lora" ? `lora ${trainable.rank}` : trainable.kind} ${storage}${frozen ? " frozen" : ""}${apart ? ` but ${apart.names.join("+")} ${apart.storage}` : ""}`;

/** Compares recomputing backward graphs, which contain everything that a section's other graphs do. */
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
