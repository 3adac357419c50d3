import type { Command } from "commander";
import { resolve } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { DocumentChoices } from "../../../preload/contract/data/data.ts";
import type { Probe } from "../../../preload/contract/plans/probe.ts";
import { newWorkFolder } from "../../home/home-cache.ts";
import { homeIn } from "../../home/home.ts";
import type { Home } from "../../home/home.ts";
import type { HandedCommand } from "../../home/writer-socket.ts";
import { needsProbe } from "../../services/plans/goals.ts";
import { withSettings } from "../../services/plans/limits.ts";
import { planTrim } from "../../services/plans/planning.ts";
import type { TrimChoices } from "../../services/plans/planning.ts";
import { preparedBefore, prepareTrim, readTrim } from "../../services/runs/trimming.ts";
import type { PreparedTrim, PrepareOptions, TrimRequest } from "../../services/runs/trimming.ts";
import type { Context } from "../context.ts";
import { followTrim, showOutcome } from "../following.ts";
import { writingOrHanding } from "../handing.ts";
import { confirmTime } from "../long-run.ts";
import { choiceWarnings, showPrepared } from "../prepared.ts";
import { sourcesOf } from "../reading-options.ts";
import { recognitionShown } from "../recognition.ts";
import { measuringSpeed } from "../target-speed.ts";
import { addTrimOptions, choicesOf, TARGET_SPEED, timeOf } from "../trim-options.ts";
import type { TrimOptions } from "../trim-options.ts";
import { fittedChoices, timeOption, withinTime } from "../within.ts";
import type { Time } from "../within.ts";

/** coppice trim: takes a model and data and produces a specialised, trimmed model. */
export function addTrim(command: Command, contextOf: (command: Command) => Context): void {
  const trimming = command.description(
    "Fine-tunes a model on your data, removes the blocks that it needs least, and measures every depth.",
  );
  addTrimOptions(trimming);
  trimming.action(async (options: TrimOptions, command: Command) => {
    const asking = { yes: options.yes ?? false, time: timeOf(options) };
    const context = contextOf(command);
    const choices = choicesOf(options);
    const request: TrimRequest = {
      model: context.model(options.model),
      sources: sourcesOf(options.data, options),
      choices,
      name: options.name,
      output: options.out,
    };
    await trim(context, request, asking);
  });
}

interface Asking {
  readonly yes: boolean;
  readonly time: Time | undefined;
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
  { yes, time }: Asking,
): { fit?: ReturnType<typeof withinTime>; confirm?: PrepareOptions["confirm"] } {
  return time === undefined
    ? { confirm: confirmTime(context, home, { yes }) }
    : { fit: withinTime(context, home, time) };
}

/** What an open application creates a run from. `probe`: the measurement, if the run is to be done by a time of day. */
interface Confirmed {
  readonly choices: TrimChoices;
  readonly probe: Probe | null;
}

/**
 * Says and asks the same about a run that an open application will execute, before anything is handed over. Returns its choices, completed
 * from the application's settings, which the run would use.
 */
async function confirmHanded(context: Context, request: TrimRequest, asking: Asking): Promise<Confirmed> {
  const { time } = asking;
  const { isBusy, wanted } = await context.reading(({ runs, settings }) => ({
    isBusy: runs.list().some(({ state }) => state === "running"),
    wanted: withSettings(request.choices, settings),
  }));
  if (isBusy) {
    // a measurement during a run would be wrong, and would disturb the run
    const reason = "nothing can be measured while another run is running";
    if (time !== undefined) return fail({ code: "bad-choice", option: timeOption(time), reason });
    if (needsProbe(wanted)) return fail({ code: "bad-choice", option: TARGET_SPEED, reason });
    return { choices: wanted, probe: null };
  }
  const home = homeIn(context.home);
  const folder = newWorkFolder(home); // the next start removes it if this command is killed
  try {
    const onPage = recognitionShown(context.terminal);
    const options = { ...measuringSpeed(context, home), onPage };
    const { choices, ...read } = await context.withReader((reading) =>
      readTrim(reading, { ...request, choices: wanted }, folder, options),
    );
    const { model, dataset } = read;
    const asked = planTrim({ model, sha256: "", dataFolder: dataset.folder }, choices);
    const planned = { ...read, plan: asked };
    const { fit, confirm } = askingTime(context, home, asking);
    await confirm?.(planned);
    if (!fit) return { choices, probe: null };
    const { plan, timing } = await fit(planned);
    if (!timing) return { choices: fittedChoices(choices, plan), probe: null };
    const { doneBy, probe } = timing;
    return { choices: { ...choices, doneBy }, probe };
  } finally {
    await remove(folder);
  }
}

/** The same request, for another process: with absolute paths. */
function handed({ model, sources, name, output }: TrimRequest, { choices, probe }: Confirmed): HandedCommand {
  const paths = (some: readonly string[] = []) => some.map((path) => resolve(path));
  const { data, valid, test, offDomain, sampleRows, ocr = false } = sources;
  const { documents = DocumentChoices.parse({}), excluded, mappings = {} } = sources;
  return {
    command: "trim",
    request: {
      model,
      sources: {
        data: paths(data),
        valid: paths(valid),
        test: paths(test),
        offDomain: paths(offDomain),
        excluded: paths(excluded),
        mappings: Object.fromEntries(Object.entries(mappings).map(([path, own]) => [resolve(path), own])),
        documents,
        ocr,
        sampleRows,
      },
      choices,
      probe,
      name,
      output: output && resolve(output),
    },
  };
}
