/** `--minutes`: a plan that is done within a person's time, and what it will be able to do. */
import { durationText, percentDigits, percentText } from "../../preload/contract/figures.ts";
import type { TrimPlan } from "../../preload/contract/plan.ts";
import type { Home } from "../home.ts";
import { fitted, tooLittleTime } from "../services/plans/budget.ts";
import type { Fitted } from "../services/plans/budget.ts";
import type { TrimChoices } from "../services/plans/planning.ts";
import { probePlan } from "../services/plans/target.ts";
import type { PrepareOptions } from "../services/runs/trimming.ts";
import type { Context } from "./context.ts";

/** Measures a few real steps, fits the plan, and says what it will do. Failure: too-little-time if the least of it takes longer. */
export function withinMinutes(
  { terminal, engine }: Context,
  home: Home,
  minutes: number,
): NonNullable<PrepareOptions["fit"]> {
  return async ({ plan, model, dataset }) => {
    const started = performance.now();
    const onDone = (done: number) =>
      terminal.status(`Measuring what fits into ${durationText(minutes * 60)}: ${Math.round(100 * done)}%`);
    onDone(0);
    const probe = await probePlan(home, { plan, model, dataset: dataset.folder }, { engine, onDone });
    terminal.endStatus();
    const left = minutes * 60 - (performance.now() - started) / 1000;
    const found = left > 0 ? fitted(plan, probe, left) : null;
    if (!found) return tooLittleTime(minutes * 60, probe);
    terminal.say(fittedSentence(found));
    const { share, rounds, seconds } = found;
    terminal.emit({ event: "time-budget", minutes, share, rounds, seconds });
    return { plan: found.plan };
  };
}

/** What a plan does within its time. */
export function fittedSentence({
  plan: { tune, heal, budget },
  share,
  rounds,
  rowsPerRound,
  seconds,
}: Fitted): string {
  const epochs = (count: number) => `${Number(count.toFixed(2))} epoch${count === 1 ? "" : "s"}`;
  const most =
    share >= 1
      ? ""
      : `, ${percentText(share, percentDigits(share))} of the training that it would do without a limit`;
  const healsOn = (budget?.mostHealing ?? 0) > heal.epochs ? " or more while there is time" : "";
  return (
    `This will take about ${durationText(seconds)}: ${epochs(tune.maxEpochs * tune.share)} of fine-tuning, ` +
    `${rounds} round${rounds === 1 ? "" : "s"} of ${rowsPerRound} rows, ${epochs(heal.epochs)} of healing${healsOn}${most}.`
  );
}

/** The choices by which another process makes a fitted plan again. What was fitted overrides what a person chose. */
export function fittedChoices(
  { goal: _, ...choices }: TrimChoices,
  { tune, trim, heal, rewriting, budget }: TrimPlan,
): TrimChoices {
  const { keep, unitsPerRound, laterUnitsPerRound, roundShare, rowsPerRound, calibrationRows } = trim;
  const { settings } = choices;
  return {
    ...choices,
    keep,
    healDepths: heal.depths,
    rewrittenShare: rewriting.share,
    settings: {
      ...settings,
      ...{ tune, heal, budget },
      trim: {
        ...settings?.trim,
        ...{ unitsPerRound, laterUnitsPerRound, roundShare, rowsPerRound, calibrationRows },
      },
    },
  };
}
