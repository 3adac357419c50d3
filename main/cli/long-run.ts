/** The expected time of a run, shown before a command starts it; if it is long, the person is asked to confirm. */
import { countText, durationText } from "../../preload/contract/words/figures.ts";
import type { Home } from "../home/home.ts";
import { LONG_SECONDS, mayBeLong, timeOf } from "../trimming/plan/expected-time.ts";
import type { ExpectedTime, Shortening } from "../trimming/plan/expected-time.ts";
import type { PrepareOptions } from "../services/runs/trimming.ts";
import { agrees } from "./asking.ts";
import type { Context } from "./context.ts";
import { measured } from "./measuring.ts";
import { Unfinished } from "./unfinished.ts";

/**
 * If a run may take long, says how long, and how to shorten it. A person at a terminal is asked whether to start it; with `yes`,
 * or if nobody can answer, it starts. Throws `Unfinished` if the answer is no.
 */
export function confirmTime(
  context: Context,
  home: Home,
  { yes }: { yes: boolean },
): NonNullable<PrepareOptions["confirm"]> {
  const { terminal } = context;
  return async (planned) => {
    const { plan, model, dataset } = planned;
    if (!mayBeLong(plan, model, dataset.report)) return;
    const expected = timeOf(plan, await measured(context, home, planned, "Measuring how long it will take"));
    for (const sentence of timeSentences(expected)) terminal.say(sentence);
    terminal.emit({ event: "expected-time", ...expected });
    if (expected.seconds.likely < LONG_SECONDS || yes || !terminal.live || process.stdin.isTTY !== true)
      return;
    if (!(await agrees("Start it?"))) throw new Unfinished("Nothing was started.");
  };
}

/** A few rows, seen again and again, would be memorised: docs/decisions/0047-the-recipe.md. */
const IN_TIME =
  "With --by it finishes within the time that you set; fine-tuning then draws from all rows, different ones in each epoch.";

/** The expected time, and for a long run the ways to shorten it. */
export function timeSentences({ seconds, shortenings }: ExpectedTime): string[] {
  const { low, likely, high } = seconds;
  return [
    `This will take about ${durationText(likely)} (between ${durationText(low)} and ${durationText(high)}).`,
    ...shortenings.map(shorteningSentence),
    ...(shortenings.length === 0 ? [] : [IN_TIME]),
  ];
}

function shorteningSentence({ change, seconds }: Shortening): string {
  const time = durationText(seconds);
  if ("rows" in change) return `With ${countText(change.rows)} training rows it would take about ${time}.`;
  const settings = { tune: { maxEpochs: change.tuneEpochs }, heal: { epochs: change.healEpochs } };
  return `With fewer epochs it would take about ${time}: put ${JSON.stringify(settings)} into a file for --settings.`;
}
