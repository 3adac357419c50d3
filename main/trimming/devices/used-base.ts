/** Determines a run's base: the plan's, or ordinary 8 bits if weights cannot be multiplied in int8. */
import type { DenseStorage } from "../../../native-models/graph/linear.ts";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";
import { Base } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan, WeightStorage } from "../../../preload/contract/plans/plan.ts";
import type { Journal } from "../journal/checkpoint.ts";
import type { LogLine } from "../../../preload/contract/runs/log-line.ts";

/** Whether a plan multiplies frozen weights in int8. */
const wantsInt8 = (plan: Pick<TrimPlan, "method" | "base">): boolean =>
  plan.method.kind !== "full" && plan.base.storage === "w8a8";

/** The storage of weights that are not multiplied in int8. */
export const denseStorage = (storage: WeightStorage): DenseStorage => (storage === "w8a8" ? "q8" : storage);

const multipliesBytes = async (): Promise<boolean> => (await largestFactor()) === 127;

export type PlannedBase = Pick<TrimPlan, "method" | "base" | "device">;

export interface UsedBaseOptions {
  readonly log?: (said: LogLine) => void;
  readonly multiplies?: () => Promise<boolean>;
}

/**
 * The plan's base, or the same in `denseStorage` if the training device cannot use it: then `log` gets the reason.
 * `multiplies`: whether this processor multiplies int8 exactly.
 */
export async function usedBase(
  plan: PlannedBase,
  { log = () => {}, multiplies = multipliesBytes }: UsedBaseOptions = {},
): Promise<Base> {
  if (!wantsInt8(plan)) return plan.base;
  const onProcessor = plan.device === "cpu";
  if (onProcessor && (await multiplies())) return plan.base;
  log({ code: "no-int8", device: onProcessor ? "cpu" : "other" });
  return { ...plan.base, storage: denseStorage(plan.base.storage) };
}

/**
 * The same for a run, which stores its choice, so that it continues with the same bits; on another computer that cannot use that base, the
 * run uses one that it can.
 */
export async function usedBaseOf(
  journal: Journal,
  plan: PlannedBase,
  options: UsedBaseOptions = {},
): Promise<Base> {
  if (!wantsInt8(plan)) return plan.base;
  const base = await journal.stage("base", Base, () => usedBase(plan, options));
  return usedBase({ ...plan, base }, options);
}
