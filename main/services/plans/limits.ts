/** The person's limits on this computer's resources for engines. */
import type { Settings } from "../../../preload/contract/calls/settings.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { thisComputer } from "./admission.ts";
import type { Free } from "./admission.ts";

interface Kept {
  get(): Settings;
}

/** The free memory, limited by the current settings. */
export function freeWithin(settings: Kept, free: Free = thisComputer): Free {
  return {
    memoryBytes: () => Math.min(settings.get().memoryLimitBytes ?? Infinity, free.memoryBytes()),
    diskBytes: (path) => free.diskBytes(path),
  };
}

/** A person's choices with the threads and the device of the settings, unless they name their own. */
export function withSettings<
  Choices extends { threads?: number | undefined; device?: TrimPlan["device"] | undefined },
>(choices: Choices, settings: Kept): Choices {
  const { threads, device } = settings.get();
  return {
    ...choices,
    ...(threads !== null && choices.threads === undefined && { threads }),
    ...(choices.device === undefined && { device }),
  };
}
