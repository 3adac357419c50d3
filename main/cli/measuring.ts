/** Measures a few real steps of a plan on this computer, and shows the progress in the terminal. */
import type { Probe } from "../../preload/contract/plans/probe.ts";
import type { Home } from "../home/home.ts";
import { probePlan } from "../services/plans/target.ts";
import type { PlannedTrim } from "../services/runs/trimming.ts";
import type { Context } from "./context.ts";

/** Measures a plan, unless it was measured for its goal. `what` is shown with the percentage done. Failures: those of `probePlan`. */
export async function measured(
  { terminal, engine }: Context,
  home: Home,
  { plan, model, dataset, probe }: PlannedTrim,
  what: string,
): Promise<Probe> {
  if (probe) return probe;
  const onDone = (done: number) => terminal.status(`${what}: ${Math.round(100 * done)}%`);
  onDone(0);
  const found = await probePlan(home, { plan, model, dataset: dataset.folder }, { engine, onDone });
  terminal.endStatus();
  return found;
}
