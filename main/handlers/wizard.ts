import type { Handlers } from "../../preload/contract/call.ts";
import type { WizardDraft } from "../../preload/contract/calls/wizard.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { withSettings } from "../services/plans/limits.ts";
import { estimateTarget, probeTarget } from "../services/plans/target.ts";
import type { Planned } from "../services/plans/target.ts";
import { WizardDrafts } from "../services/plans/wizard-drafts.ts";

export function wizardHandlers({
  services: { drafts, home, runs, settings },
  paths,
  engine,
  free,
  loadedModels,
}: Application): Handlers<(typeof contract)["wizard"]> {
  const kept = new WizardDrafts(drafts);
  const within = (planned: Planned): Planned => ({
    ...planned,
    patch: withSettings(planned.patch, settings),
  });
  return {
    draft: () => {
      const draft = kept.now;
      paths.permit(pathsIn(draft)); // each was checked when it was saved
      const isKept = draft.run !== null && runs.find(draft.run) !== null;
      return isKept ? draft : { ...draft, run: null };
    },
    keep: (draft) => {
      paths.checkReading(...pathsIn(draft));
      kept.keep(draft);
    },
    begin: () => kept.begin(),
    unfinished: () => kept.unfinished,
    resume: ({ id }) => kept.resume(id),
    discard: ({ id }) => kept.discard(id),
    estimate: ({ probe, ...planned }) => {
      paths.checkReading(planned.model.path, planned.dataset);
      return estimateTarget(home, within(planned), probe, free);
    },
    probe: async (planned, onPiece, signal) => {
      paths.checkReading(planned.model.path, planned.dataset);
      await loadedModels.unloadIdle(); // the measured steps need their memory
      const onDone = (done: number) => onPiece({ done });
      return probeTarget(home, within(planned), { onDone, signal, engine, free });
    },
  };
}

function pathsIn({ model, sources, dataset }: WizardDraft): string[] {
  const { data, valid, test, offDomain } = sources;
  const named = [...data, ...valid, ...test, ...offDomain];
  return [...named, ...(model ? [model.path] : []), ...(dataset ? [dataset.folder] : [])];
}
