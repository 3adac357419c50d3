/** A target in tokens per second: the depth chosen by measurements on this computer, and the speed that the result reaches. */
import { unitName } from "../../preload/contract/plans/plan.ts";
import type { TrimPlan, UnitKind } from "../../preload/contract/plans/plan.ts";
import { reachesSpeed } from "../../preload/contract/results/speed.ts";
import type { TrimOutcome } from "../../preload/contract/runs/run.ts";
import { speedText } from "../../preload/contract/words/figures.ts";
import type { Home } from "../home/home.ts";
import { plannedDepth, speedAt } from "../trimming/plan/goals.ts";
import { plannedShape } from "../trimming/plan/vocabulary.ts";
import type { ReadOptions } from "../services/runs/trimming.ts";
import type { Context } from "./context.ts";
import { measured } from "./measuring.ts";
import { resultSpeedRatio } from "./verdict.ts";

/** Measures this computer for such a goal, and says which depth it leads to. */
export function measuringSpeed(
  context: Context,
  home: Home,
): Required<Pick<ReadOptions, "measure" | "onMeasured">> {
  const { terminal } = context;
  return {
    measure: (planned) => measured(context, home, planned, "Measuring how fast it answers here"),
    onMeasured: ({ plan, model }, probe) => {
      const { units, blocks } = plannedDepth(plan, model);
      const found: SpeedDepth = {
        wanted: plan.targetTokensPerSecond!,
        whole: (probe.original ?? probe.chat[1]).tokensPerSecond,
        expected: speedAt(plannedShape(model, plan), blocks, probe, plan.chat),
        units: { kind: plan.trim.unit, total: units.total, kept: units.kept },
      };
      terminal.say(speedDepthSentence(found));
      terminal.emit({ event: "target-speed", ...found });
    },
  };
}

/** The wanted and measured tokens per second, and the depth that they lead to. */
export interface SpeedDepth {
  readonly wanted: number;
  /** Of the uncut model. */
  readonly whole: number;
  readonly expected: number;
  readonly units: { readonly kind: UnitKind; readonly total: number; readonly kept: number };
}

/** What was measured, and how much is kept to reach the target. */
export function speedDepthSentence({ wanted, whole, expected, units }: SpeedDepth): string {
  const { kind, total, kept } = units;
  const what = `${unitName[kind]}s`;
  const found =
    kept === total
      ? `all ${total} ${what} reach ${speedText(wanted)}, so none is cut`
      : `to reach ${speedText(wanted)} it keeps ${kept} of ${total} ${what}, at about ${speedText(expected)}`;
  return `Uncut, it answers at ${speedText(whole)} on this computer; ${found}.`;
}

/** The speed that the result reaches, compared with the target; empty without a target, or if the result's speed is not known. */
export function reachedSpeedSentence(
  outcome: Pick<TrimOutcome, "units" | "tokens" | "metrics">,
  { targetTokensPerSecond: wanted }: Pick<TrimPlan, "targetTokensPerSecond">,
): string {
  const { tokensPerSecond: reached } = outcome.metrics.trimmed;
  if (wanted === undefined || reached === null || resultSpeedRatio(outcome) === "unsure") return "";
  return reachesSpeed(reached, wanted)
    ? `It answers with ${speedText(reached)}, measured; the target was ${speedText(wanted)}.`
    : `It answers with ${speedText(reached)}, measured, which is less than the target of ${speedText(wanted)}.`;
}
