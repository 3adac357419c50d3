/** Which cuts of a model other programs can be told: native-models/architectures/, `expressible`. */
import type { Program } from "./architectures/architecture.ts";
import { isReachable, kindNames } from "./architectures/cut.ts";
import type { Kept, Model } from "./model.ts";

type Described = Pick<Model, "architecture" | "config">;

/** Whether dropping more of what is `kept` of a model's blocks can leave `length` that every one of the programs can be told. */
export function canBecome(
  { architecture, config }: Described,
  kept: readonly Kept[],
  length: number,
  programs: readonly Program[],
): boolean {
  const kinds = kindNames(config).filter((_, block) => kept[block] !== null);
  const expressible = (program: Program, blocks: number) => architecture.expressible(config, program, blocks);
  return isReachable(expressible, programs, kinds, length);
}

/** Whether a program loads a model: its blocks are whole, and their sequence of kinds is one that it can be told. */
export function loadsIn(program: Program, model: Described & Pick<Model, "sections">): boolean {
  const { sections } = model;
  return (
    sections.every((section) => section === "block") && canBecome(model, sections, sections.length, [program])
  );
}
