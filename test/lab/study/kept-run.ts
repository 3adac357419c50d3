/** Opens a study's run whose weights were kept, for scripts that measure more about it. */
import { modelOfSnapshot } from "../../../main/trimming/export/trained.ts";
import { Journal } from "../../../main/trimming/journal/checkpoint.ts";
import { planTrim } from "../../../main/trimming/plan/planning.ts";
import type { Model } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import type { PlanPatch, TrimPlan } from "../../../preload/contract/plans/plan.ts";

/** Options of such scripts: the study's model, the folders of the run and of the set's rows, the file for figures. */
export const KEPT_RUN_OPTIONS = {
  model: { type: "string" },
  run: { type: "string" },
  rows: { type: "string" },
  out: { type: "string" },
  threads: { type: "string", default: "2" },
} as const;

interface KeptRun {
  readonly base: OpenModel;
  /** The default plan with the given changes, not the run's own plan. */
  readonly plan: TrimPlan;
  readonly depth: Model;
}

/** Opens the base, which the caller closes, and a depth of the run. Throws the errors of reading both. */
export async function openKeptRun(
  places: { readonly model: string; readonly run: string; readonly rows: string },
  patch: PlanPatch,
  depth = "healed",
): Promise<KeptRun> {
  const base = await openModel(places.model);
  const { blocks, maxPositions, hiddenSize } = base.config;
  const model = { path: places.model, layers: blocks.length, maxPositions, hiddenSize };
  const plan = planTrim({ model, sha256: "", dataFolder: places.rows }, patch);
  const journal = await Journal.open(places.run);
  return { base, plan, depth: await modelOfSnapshot(base, plan, journal, journal.depths[depth]!) };
}
