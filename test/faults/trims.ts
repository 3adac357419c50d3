/** Trims of a tiny model within this process, and what two undisturbed ones have alike. */
import type { JobContext } from "../../main/trimming/job-control.ts";
import { Journal } from "../../main/trimming/journal/checkpoint.ts";
import { readJournal } from "../../main/trimming/journal/journal-file.ts";
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../preload/contract/runs/run.ts";
import { lastSaveIn } from "../main/cli/trimmed.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan } from "../main/trimming/run/tiny-run.ts";

/** Three epochs of tuning, three cuts of a half-block each, and healing: 30 steps. */
function planIn(folder: string): TrimPlan {
  const { tune, trim, ...rest } = tinyPlan(folder);
  return { ...rest, tune: { ...tune, maxEpochs: 3 }, trim: { ...trim, unit: "sublayer" } };
}

/** Runs or resumes the trim in `folder`; returns all that it found, its weights and the optimizer's moments by their hashes. */
export async function trimIn(folder: string, context: JobContext<RunEvent> = collecting()): Promise<string> {
  const { base, tuned, depths } = await runTrim(
    { runFolder: folder, plan: planIn(folder), model: tinyModel(), encoder: characters },
    context,
  );
  return JSON.stringify({ base, tuned, depths, save: await lastSaveIn(folder) });
}

/** Throws unless every object that a run's journal names exists and is complete; returns the number of saves. */
export async function readCheckpoint(folder: string): Promise<number> {
  const journal = await Journal.open(folder);
  if (journal.isBefore) throw new Error("the newest journal is damaged");
  for (const hash of journal.objects) await journal.read(hash);
  return (await readJournal(folder))?.content.saves.length ?? 0;
}
