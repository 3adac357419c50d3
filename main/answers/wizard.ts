import type { Answers } from "../../preload/contract/call.ts";
import { WizardDraft } from "../../preload/contract/calls/wizard.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { freeWithin, withThreads } from "../services/limits.ts";
import { estimateTarget, probeTarget } from "../services/target.ts";
import type { Planned } from "../services/target.ts";

const form = "new-model";

export function wizardAnswers({
  services: { drafts, home, settings },
  engine,
}: Application): Answers<(typeof contract)["wizard"]> {
  const free = freeWithin(settings);
  const within = (planned: Planned): Planned => ({
    ...planned,
    choices: withThreads(planned.choices, settings),
  });
  return {
    draft: () => {
      const kept = WizardDraft.safeParse(drafts.get(form) ?? {});
      // A draft of another version that cannot be read is one that was never begun.
      return kept.success ? kept.data : WizardDraft.parse({});
    },
    keep: (draft) => drafts.keep(form, draft),
    forget: () => drafts.forget(form),
    estimate: ({ probe, ...planned }) => estimateTarget(home, within(planned), probe, free),
    probe: (planned, onPiece, signal) =>
      probeTarget(home, within(planned), { onDone: (done) => onPiece({ done }), signal, engine, free }),
  };
}
