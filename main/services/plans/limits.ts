/** The person's limits on this computer's resources for engines. */
import type { Settings } from "../../../preload/contract/calls/settings.ts";
import type { RunChoices } from "../../../preload/contract/calls/runs.ts";
import { thisComputer } from "./admission.ts";
import type { Free } from "./admission.ts";
import type { TrimChoices } from "./planning.ts";

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

/** A run's choices with the threads and the device of the settings, unless the run has its own. */
export function withSettings<Choices extends RunChoices | TrimChoices>(
  choices: Choices,
  settings: Kept,
): Choices {
  const { threads, device } = settings.get();
  const isOpen = (name: "threads" | "device") =>
    choices[name] === undefined && choices.settings?.[name] === undefined;
  return {
    ...choices,
    ...(threads !== null && isOpen("threads") && { threads }),
    ...(isOpen("device") && { device }),
  };
}
