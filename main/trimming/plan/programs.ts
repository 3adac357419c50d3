/** Which programs can load the result of a plan or a run, judging only by the model's report. */
import { hasHalves } from "../../../native-models/architectures/architecture.ts";
import type { Program } from "../../../native-models/architectures/architecture.ts";
import { architectureOf, configOf } from "../../../native-models/architectures/registry.ts";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import { canBecome, loadsHalves, problemOf } from "../../../native-models/portable.ts";
import type { Described } from "../../../native-models/portable.ts";
import { sectionsIn } from "../../../preload/contract/plans/model.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { Programs, readersOf, unitsPerBlock } from "../../../preload/contract/plans/plan.ts";
import type { ProgramName, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { unitsKept } from "../schedule/planned-run.ts";
import { onlyUnits, unitsOf } from "../schedule/units.ts";
import { wholeDepth } from "../../home/run-folder.ts";

export type NotExpressible = Extract<Failure, { code: "not-expressible" }>;

type Reported = Pick<ModelReport, "layers" | "sections" | "config">;

/** The model described by a report; null if it cannot be read. */
function described({ config: json }: Reported): Described | null {
  try {
    return { architecture: architectureOf(String(json.model_type)), config: configOf(json, "") };
  } catch (error) {
    if (error instanceof AppError) return null; // the engine opens the model itself, and says what is wrong
    throw error;
  }
}

/** Why the programs that a person named cannot load a plan's result, with the nearest depth that they can; null if they can. */
export function planProblem(
  report: Reported,
  plan: Pick<TrimPlan, "trim">,
  programs: readonly ProgramName[],
): NotExpressible | null {
  const model = described(report);
  const { unit } = plan.trim;
  const whole = sectionsIn(report);
  const total = unitsOf(whole, unit).length;
  const kept = unitsKept(plan, total);
  if (!model || kept === total) return null;
  const readers = readersOf(programs);
  if (unit === "sublayer" || hasHalves(whole)) {
    const program = programs.find((name) => readersOf([name]).some((one) => !loadsHalves(one, model)));
    return program === undefined
      ? null
      : {
          code: "not-expressible",
          program,
          blocks: kept / unitsPerBlock[unit],
          reason: "half-blocks",
          nearest: null,
        };
  }
  const reaches = (blocks: number, by: readonly Program[]) => canBecome(model, whole, blocks, by);
  if (reaches(kept, readers)) return null;
  const alone = programs.find((name) => !reaches(kept, readersOf([name])));
  const nearest = nearestOf(
    Array.from({ length: total }, (_, index) => ({ units: index + 1 })).filter(({ units }) =>
      reaches(units, readers),
    ),
    kept,
  );
  const program = alone ?? programs.join(" + ");
  return {
    code: "not-expressible",
    program,
    blocks: kept,
    reason: "kinds",
    nearest: nearest && { blocks: nearest.units },
  };
}

/** Throws `not-expressible` for a plan that the programs a person named cannot load. */
export function checkPrograms(
  report: Reported,
  plan: Pick<TrimPlan, "trim">,
  programs: readonly ProgramName[],
): void {
  const problem = planProblem(report, plan, programs);
  if (problem) fail(problem);
}

type DepthProblems = Readonly<Record<Program, "half-blocks" | "kinds" | null>>;

/** Why each reader cannot load a depth of a run, by the depth's name; null if it cannot be read. */
function depthProblems(
  report: Reported,
  { units, metrics }: Pick<TrimOutcome, "units" | "metrics">,
): Record<string, DepthProblems> | null {
  const model = described(report);
  if (!model) return null;
  const whole = sectionsIn(report);
  const all = unitsOf(whole, units.kind);
  const depths = [{ name: wholeDepth, keptIndices: all }, ...metrics.depths];
  return Object.fromEntries(
    depths.map(({ name, keptIndices }) => {
      const kept = onlyUnits(whole, units.kind, keptIndices);
      const problem = (program: Program) => problemOf(program, model, kept);
      return [
        name,
        {
          transformers: problem("transformers"),
          "llama.cpp": problem("llama.cpp"),
          "mlx-lm": problem("mlx-lm"),
          ollama: problem("ollama"),
        },
      ];
    }),
  );
}

/** Why programs cannot load the depths of a run, by depth and program; null if unknown. */
export function notLoadable(
  report: Reported,
  outcome: Pick<TrimOutcome, "units" | "metrics">,
): Record<string, Partial<Record<ProgramName, NotExpressible>>> | null {
  const problems = depthProblems(report, outcome);
  if (!problems) return null;
  return Object.fromEntries(
    Object.keys(problems).map((depth) => [
      depth,
      Object.fromEntries(
        Programs.flatMap((program) => {
          const problem = depthProblem(report, outcome, depth, program);
          return problem ? [[program, problem] as const] : [];
        }),
      ),
    ]),
  );
}

/** Why a program cannot load a depth of a run, with the figures of the nearest that it can; null if it can, or if that is unknown. */
export function depthProblem(
  report: Reported,
  outcome: Pick<TrimOutcome, "units" | "metrics">,
  depth: string,
  program: ProgramName,
): NotExpressible | null {
  const problems = depthProblems(report, outcome);
  const [reader] = readersOf([program]);
  const reason = reader && problems?.[depth]?.[reader];
  if (!problems || !reader || !reason) return null;
  const { units, metrics } = outcome;
  const depths = [{ ...metrics.tuned, name: wholeDepth, units: units.total }, ...metrics.depths];
  const { units: wanted } = depths.find(({ name }) => name === depth)!;
  const loadable = depths.filter(({ name }) => problems[name]![reader] === null);
  const nearest = nearestOf(loadable, wanted);
  return {
    code: "not-expressible",
    program,
    blocks: wanted / unitsPerBlock[units.kind],
    reason,
    nearest: nearest && {
      blocks: nearest.units / unitsPerBlock[units.kind],
      name: nearest.name,
      accuracy: nearest.accuracy?.value ?? null,
      tokensPerSecond: nearest.tokensPerSecond,
    },
  };
}

/** The depth whose units are nearest to `wanted`; of two equally near, the deeper; of several with the same units, the last, trained longest. */
function nearestOf<Depth extends { readonly units: number }>(
  depths: readonly Depth[],
  wanted: number,
): Depth | null {
  const distance = ({ units }: Depth) => Math.abs(units - wanted);
  return depths.reduce<Depth | null>((best, depth) => {
    if (!best || distance(depth) < distance(best)) return depth;
    return distance(depth) === distance(best) && depth.units >= best.units ? depth : best;
  }, null);
}
