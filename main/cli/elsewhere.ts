/** Writing a run as a folder for another computer, after the person has agreed that its rows leave this one. */
import { resolve } from "node:path";
import { leavingOf } from "../../preload/contract/plans/elsewhere.ts";
import { countText, percentText } from "../../preload/contract/words/figures.ts";
import { maskedText } from "../../preload/contract/words/personal-words.ts";
import type { Reading } from "../services/data/reading.ts";
import type { Services } from "../services/open.ts";
import { writeJob } from "../services/runs/elsewhere.ts";
import type { Job } from "../services/runs/elsewhere.ts";
import { agrees } from "./asking.ts";
import type { Context } from "./context.ts";
import { stoppable } from "./stoppable.ts";
import { Unfinished } from "./unfinished.ts";

const NOT_WRITTEN = "Nothing was written.";

/** Writes the job that `plan` gives into the new folder `out`. Throws `Unfinished` if the person does not agree. */
export async function writingJob(
  context: Context,
  { out, yes }: { readonly out: string; readonly yes: boolean },
  plan: (services: Services, reading: Reading) => Promise<Job>,
): Promise<void> {
  const { terminal, engine } = context;
  await stoppable(NOT_WRITTEN, (signal) =>
    context.writing(async (services) => {
      const job = await context.withReader((reading) => plan(services, reading));
      const { rows, masked } = leavingOf(job.report);
      terminal.say(
        `All ${countText(rows)} rows of the data leave this computer, as numbers that the model's tokenizer turns back into text. ${masked ? maskedText(masked) : "No personal data was masked in them."}`,
      );
      terminal.emit({ event: "leaving", rows, masked: masked ?? null });
      if (!yes) await confirm(context);
      await writeJob(job, out, {
        engine,
        signal,
        onEvent: (event) => {
          if (event.event === "progress") terminal.status(`${percentText(event.fraction)} written`);
        },
      });
      terminal.endStatus();
      const folder = resolve(out);
      terminal.say(
        `The run is in "${folder}". Copy that folder to the other computer and follow its README.md.`,
      );
      terminal.say(`When it has finished there: coppice import "${folder}"`);
      terminal.emit({ event: "done", folder });
    }),
  );
}

async function confirm({ terminal }: Context): Promise<void> {
  if (!terminal.live || process.stdin.isTTY !== true)
    throw new Unfinished(`${NOT_WRITTEN} If the rows may leave, run the command again with --yes.`);
  if (!(await agrees("Write the folder?"))) throw new Unfinished(NOT_WRITTEN);
}
