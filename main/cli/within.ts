/** `--minutes` and `--until`: a plan that finishes within a person's time, and how much it will do. */
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import { timeOfDayText } from "../../preload/contract/plans/time-of-day.ts";
import { counted, durationText, percentDigits, percentText } from "../../preload/contract/words/figures.ts";
import type { Home } from "../home/home.ts";
import { fitted, tooLittleTime } from "../services/plans/budget.ts";
import type { Fitted } from "../services/plans/budget.ts";
import type { TrimChoices } from "../services/plans/planning.ts";
import { secondsGiven } from "../services/plans/target.ts";
import type { TimedPlan } from "../services/plans/timing.ts";
import type { PlannedTrim } from "../services/runs/trimming.ts";
import type { Context } from "./context.ts";
import { measured } from "./measuring.ts";

/** A person's time: minutes from the first measurement on, or a fixed moment, which the time spent reading the data does not move. */
export type Time = { readonly minutes: number } | { readonly doneBy: string };

/** The option that gave it. */
export const timeOption = (time: Time): string =>
  "doneBy" in time ? `--until ${timeOfDayText(time.doneBy)}` : `--minutes ${time.minutes}`;

/** Measures a few real steps, fits the plan, and says what it will do. Failure: too-little-time if even the smallest plan takes longer. */
export function withinTime(
  context: Context,
  home: Home,
  time: Time,
): (planned: PlannedTrim) => Promise<TimedPlan> {
  return async (planned) => {
    const { plan } = planned;
    const started = new Date();
    const seconds = (now: Date) => secondsGiven(time, now)!;
    const fits =
      "doneBy" in time ? `until ${timeOfDayText(time.doneBy)}` : `into ${durationText(seconds(started))}`;
    const probe = await measured(context, home, planned, `Measuring what fits ${fits}`);
    const given = seconds(started);
    const before = "minutes" in time ? (planned.probe?.seconds ?? 0) : 0;
    const found = fitted(plan, probe, given - before - (Date.now() - started.getTime()) / 1000);
    if (!found) return tooLittleTime(given, probe);
    context.terminal.say(fittedSentence(found));
    context.terminal.emit({ event: "time-budget", ...time, ...ofBudget(found) });
    return { plan: found.plan, ...("doneBy" in time && { timing: { asked: plan, probe, ...time } }) };
  };
}

const ofBudget = ({ share, rounds, seconds }: Fitted) => ({ share, rounds, seconds });

/** What a plan does within its time. */
export function fittedSentence({
  plan: { tune, heal, budget },
  share,
  rounds,
  rowsPerRound,
  seconds,
}: Fitted): string {
  const epochs = (count: number) => counted(Number(count.toFixed(2)), "epoch");
  const most =
    share === 1
      ? ""
      : `, ${percentText(share, percentDigits(share))} of the training that it would do without a limit`;
  const healsOn = (budget?.mostHealing ?? 0) > heal.epochs ? " or more while there is time" : "";
  return (
    `This will take about ${durationText(seconds)}: ${epochs(tune.maxEpochs * tune.share)} of fine-tuning, ` +
    `${counted(rounds, "round")} of ${counted(rowsPerRound, "row")}, ${epochs(heal.epochs)} of healing${healsOn}${most}.`
  );
}

/** The choices from which another process can rebuild a fitted plan. What was fitted overrides what the person chose. */
export function fittedChoices(
  { goal: _, ...choices }: TrimChoices,
  { tune, trim, heal, methods, budget, result }: TrimPlan,
): TrimChoices {
  const { keep, unitsPerRound, rowsPerRound, calibrationRows } = trim;
  const { settings } = choices;
  return {
    ...choices,
    keep,
    healDepths: heal.depths,
    methods,
    settings: {
      ...settings,
      tune,
      heal,
      budget,
      result,
      trim: {
        ...settings?.trim,
        unitsPerRound,
        rowsPerRound,
        calibrationRows,
      },
    },
  };
}
