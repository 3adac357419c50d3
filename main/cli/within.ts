/** `--by`: a plan that finishes within a person's time, and how much it will do. */
import type { TimeLimit } from "../../preload/contract/plans/plan-request.ts";
import type { Probe } from "../../preload/contract/plans/probe.ts";
import { timeOfDayText } from "../../preload/contract/plans/time-of-day.ts";
import { counted, durationText, percentDigits, percentText } from "../../preload/contract/words/figures.ts";
import type { Home } from "../home/home.ts";
import { fitted, tooLittleTime } from "../trimming/plan/budget.ts";
import type { Fitted } from "../trimming/plan/budget.ts";
import { secondsGiven } from "../services/plans/target.ts";
import type { TimedPlan } from "../services/plans/timing.ts";
import type { PlannedTrim } from "../services/runs/trimming.ts";
import type { Context } from "./context.ts";
import { measured } from "./measuring.ts";

/** The option that gave a time limit. */
export const limitOption = (limit: TimeLimit): string =>
  `--by ${"doneBy" in limit ? timeOfDayText(limit.doneBy) : `${limit.minutes}m`}`;

/** A fitted plan, and what another process fits it from: the time that is left for it, and the measurement. */
interface FittedPlan extends TimedPlan {
  readonly limit: TimeLimit;
  readonly probe: Probe;
}

/** Measures a few real steps, fits the plan, and says what it will do. Failure: too-little-time if even the smallest plan takes longer. */
export function withinTime(
  context: Context,
  home: Home,
  limit: TimeLimit,
): (planned: PlannedTrim) => Promise<FittedPlan> {
  return async (planned) => {
    const { plan } = planned;
    const started = new Date();
    const fits =
      "doneBy" in limit
        ? `until ${timeOfDayText(limit.doneBy)}`
        : `into ${durationText(secondsGiven(limit, started))}`;
    const probe = await measured(context, home, planned, `Measuring what fits ${fits}`);
    const given = secondsGiven(limit, started);
    const before = "minutes" in limit ? (planned.probe?.seconds ?? 0) : 0;
    const left = given - before - (Date.now() - started.getTime()) / 1000;
    const found = fitted(plan, probe, left);
    if (!found) return tooLittleTime(given, probe);
    context.terminal.say(fittedSentence(found));
    context.terminal.emit({ event: "time-budget", ...limit, ...ofBudget(found) });
    return "doneBy" in limit
      ? { plan: found.plan, limit, probe, timing: { asked: plan, probe, ...limit } }
      : { plan: found.plan, limit: { minutes: left / 60 }, probe };
  };
}

const ofBudget = ({ share, rounds, seconds }: Fitted) => ({ share, rounds, seconds });

/** What a plan does within its time. */
export function fittedSentence({
  plan: { heal },
  epochs,
  share,
  rounds,
  rowsPerRound,
  seconds,
}: Fitted): string {
  const epochsText = (count: number) => counted(Number(count.toFixed(2)), "epoch");
  const most =
    share === 1
      ? ""
      : `, ${percentText(share, percentDigits(share))} of the training that it would do without a limit`;
  const healsOn = rounds > 0 && heal.epochs > 0 ? " or more while there is time" : "";
  return (
    `This will take about ${durationText(seconds)}: ${epochsText(epochs)} of fine-tuning, ` +
    `${counted(rounds, "round")} of ${counted(rowsPerRound, "row")}, ${epochsText(heal.epochs)} of healing${healsOn}${most}.`
  );
}
