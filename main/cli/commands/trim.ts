import type { Command } from "commander";
import { resolve } from "node:path";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { Sources } from "../../../preload/contract/calls/data.ts";
import type { PlanRequest, TimeLimit } from "../../../preload/contract/plans/plan-request.ts";
import type { Probe } from "../../../preload/contract/plans/probe.ts";
import { newWorkFolder } from "../../home/home-cache.ts";
import { homeIn } from "../../home/home.ts";
import type { Home } from "../../home/home.ts";
import type { HandedCommand } from "../../home/writer-socket.ts";
import { needsProbe } from "../../trimming/plan/goals.ts";
import { withSettings } from "../../services/plans/limits.ts";
import { planElsewhere, preparedBefore, prepareTrim, readTrim } from "../../services/runs/trimming.ts";
import type { PreparedTrim, PrepareOptions, TrimRequest } from "../../services/runs/trimming.ts";
import type { Context } from "../context.ts";
import { dataPaths } from "../data-set-reference.ts";
import { writingJob } from "../elsewhere.ts";
import { followTrim, showOutcome } from "../following.ts";
import { writingOrHanding } from "../handing.ts";
import { confirmTime } from "../long-run.ts";
import { choiceWarnings, showPrepared } from "../prepared.ts";
import { recognitionShown } from "../recognition.ts";
import { measuringSpeed } from "../target-speed.ts";
import { addTrimOptions, goalOf, limitOf, patchOf } from "../trim-options.ts";
import type { TrimOptions } from "../trim-options.ts";
import { limitOption, withinTime } from "../within.ts";

/** coppice trim: takes a model and data and produces a specialised, trimmed model. */
export function addTrim(command: Command, contextOf: (command: Command) => Context): void {
  const trimming = command.description(
    "Fine-tunes a model on your data, removes the blocks that it needs least, and measures every depth.",
  );
  addTrimOptions(trimming);
  trimming.action(async (options: TrimOptions, command: Command) => {
    if (options.keep !== undefined && goalOf(options))
      return command.error(
        "Choose one of --keep and --target; only a share of the accuracy such as 95% goes with --keep.",
      );
    if (options.elsewhere !== undefined && (options.by !== undefined || options.out !== undefined))
      return command.error("--elsewhere goes with neither --by nor --out.");
    const asking = { yes: options.yes ?? false, limit: limitOf(options) };
    const context = contextOf(command);
    const patch = patchOf(options);
    const request: TrimRequest = {
      model: await context.model(options.model),
      sources: { data: await dataPaths(context, options.data) },
      patch,
      goal: goalOf(options),
      name: options.name,
      output: options.out,
    };
    const { elsewhere: out } = options;
    if (out === undefined) return trim(context, request, asking);
    await writingJob(context, { out, yes: asking.yes }, (services, reading) =>
      planElsewhere(services, reading, request, {
        ...measuringSpeed(context, services.home),
        onPage: recognitionShown(context.terminal),
      }),
    );
  });
}

interface Asking {
  readonly yes: boolean;
  readonly limit: TimeLimit | undefined;
}

async function trim(context: Context, request: TrimRequest, asking: Asking): Promise<void> {
  const show = (prepared: PreparedTrim) => {
    showPrepared(context, prepared);
    for (const warning of choiceWarnings(prepared)) context.terminal.warn(warning);
  };
  await writingOrHanding(
    context,
    async (services) => {
      const prepared = await context.withReader((reading) =>
        prepareTrim(services, reading, request, {
          ...askingTime(context, services.home, asking),
          ...measuringSpeed(context, services.home),
          onPage: recognitionShown(context.terminal),
        }),
      );
      show(prepared);
      const done = await followTrim(context, services, prepared.run);
      showOutcome(context, services, done);
      context.terminal.emit(done);
    },
    async () => handed(request, await confirmHanded(context, request, asking)),
    (services, id) => show(preparedBefore(services, id)),
  );
}

/** If the person named a time, the plan is fitted to it; otherwise the person is asked to confirm the plan's expected time. */
function askingTime(
  context: Context,
  home: Home,
  { yes, limit }: Asking,
): { fit?: ReturnType<typeof withinTime>; confirm?: PrepareOptions["confirm"] } {
  return limit === undefined
    ? { confirm: confirmTime(context, home, { yes }) }
    : { fit: withinTime(context, home, limit) };
}

/** What an open application plans a run from. `probe`: the measurement, if the run has a time limit. */
interface Confirmed extends PlanRequest {
  readonly probe: Probe | null;
}

/**
 * Says and asks the same about a run that an open application will execute, before anything is handed over. Returns its patch, completed
 * from the application's settings, which the run would use, and with its goal resolved.
 */
async function confirmHanded(context: Context, request: TrimRequest, asking: Asking): Promise<Confirmed> {
  const { limit } = asking;
  const { goal } = request;
  const { isBusy, wanted } = await context.reading(({ runs, settings }) => ({
    isBusy: runs.list().some(({ state }) => state === "running"),
    wanted: withSettings(request.patch, settings),
  }));
  if (isBusy) {
    // a measurement during a run would be wrong, and would disturb the run
    const reason = "nothing can be measured while another run is running";
    if (limit !== undefined) return refuseChoice({ code: "option", option: limitOption(limit), reason });
    if (needsProbe(goal))
      return refuseChoice({ code: "option", option: "A target in tokens per second", reason });
    return { patch: wanted, goal, probe: null };
  }
  const home = homeIn(context.home);
  const folder = newWorkFolder(home); // the next start removes it if this command is killed
  try {
    const onPage = recognitionShown(context.terminal);
    const options = { ...measuringSpeed(context, home), onPage };
    const { patch, ...planned } = await context.withReader((reading) =>
      readTrim(reading, { ...request, patch: wanted }, folder, options),
    );
    const { fit, confirm } = askingTime(context, home, asking);
    await confirm?.(planned);
    if (!fit) return { patch, probe: null };
    const { limit, probe } = await fit(planned);
    return { patch, limit, probe };
  } finally {
    await remove(folder);
  }
}

/** The same request, for another process: with absolute paths. */
function handed({ model, sources, name, output }: TrimRequest, confirmed: Confirmed): HandedCommand {
  return {
    command: "trim",
    request: {
      model,
      sources: Sources.parse({ data: sources.data.map((path) => resolve(path)) }),
      ...confirmed,
      name,
      output: output && resolve(output),
    },
  };
}
