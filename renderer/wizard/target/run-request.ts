import type { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { patchWithDepth } from "./depth.ts";
import { limitAt } from "./time.ts";

/** The request for a draft's run; the draft has a model. */
export function requestOf(started: WizardDraft) {
  const { sources, goal, time, probe } = started;
  const name = started.name.trim();
  return {
    model: started.model!,
    sources,
    patch: patchWithDepth(started),
    goal,
    limit: limitAt(time, new Date()),
    probe,
    ...(name === "" ? {} : { name }),
  };
}
