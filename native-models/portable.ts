/** Which cuts of a model other programs can express: native-models/architectures/, `expressible`. */
import { hasHalves } from "./architectures/architecture.ts";
import type { Program } from "./architectures/architecture.ts";
import { isReachable, kindNames } from "./architectures/cut.ts";
import type { Kept, Model } from "./model.ts";

export type Described = Pick<Model, "architecture" | "config">;

/** Whether dropping more of a model's `kept` blocks can leave `length` blocks that all of the programs can express. */
export function canBecome(
  { architecture, config }: Described,
  kept: readonly Kept[],
  length: number,
  programs: readonly Program[],
): boolean {
  const kinds = kindNames(config).filter((_, block) => kept[block] !== null);
  const expressible = (program: Program, blocks: number) => architecture.expressible(config, program, blocks);
  return isReachable(
    expressible,
    programs.includes("ollama") ? [...programs, "llama.cpp"] : programs,
    kinds,
    length,
  );
}

/** The programs that can all express one cut of a model to `length` blocks: in order, each for which the earlier ones leave such a cut. */
export function expressibleTogether(
  model: Described & Pick<Model, "sections">,
  length: number,
  programs: readonly Program[],
): Program[] {
  return programs.reduce<Program[]>((all, program) => {
    const more = [...all, program];
    return canBecome(model, model.sections, length, more) ? more : all;
  }, []);
}

/** Whether a program can load models of this kind that lack halves of blocks. */
export const loadsHalves = (program: Program, { architecture, config }: Described): boolean =>
  (program === "llama.cpp" || program === "ollama") &&
  architecture.ggufOfHalves !== undefined &&
  architecture.expressible(config, program, config.blocks.length) === null;

/** Why a program cannot load what is kept of a model; null if it can. */
export function problemOf(
  program: Program,
  model: Described,
  kept: readonly Kept[],
): "half-blocks" | "kinds" | null {
  const left = kept.filter((section) => section !== null);
  if (hasHalves(left)) return loadsHalves(program, model) ? null : "half-blocks";
  return canBecome(model, kept, left.length, [program]) ? null : "kinds";
}
