/** Which cuts of a model other programs can express: native-models/architectures/, `expressible`. */
import type { Program } from "./architectures/architecture.ts";
import { isReachable, kindNames } from "./architectures/cut.ts";
import type { Kept, Model } from "./model.ts";

type Described = Pick<Model, "architecture" | "config">;

/** Whether dropping more of a model's `kept` blocks can leave `length` blocks that all of the programs can express. */
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

/** Whether a program can load a model: its blocks are whole, and the program can express their sequence of kinds. */
export function loadsIn(program: Program, model: Described & Pick<Model, "sections">): boolean {
  const { sections } = model;
  return (
    sections.every((section) => section === "block") && canBecome(model, sections, sections.length, [program])
  );
}
