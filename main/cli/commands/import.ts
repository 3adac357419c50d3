import type { Command } from "commander";
import { isFolder } from "../../../native-models/formats/bytes.ts";
import type { ReceivedParcel } from "../../../preload/contract/calls/models.ts";
import { unitName } from "../../../preload/contract/plans/plan.ts";
import type { Passport } from "../../../preload/contract/results/passport.ts";
import { headlineText, verdictWords } from "../../../preload/contract/results/verdict-words.ts";
import { bytesText, counted, percentText } from "../../../preload/contract/words/figures.ts";
import { maskedText } from "../../../preload/contract/words/personal-words.ts";
import { importJob } from "../../services/runs/elsewhere.ts";
import { lookIntoParcel, openParcel } from "../../services/parcels/received.ts";
import { agrees } from "../asking.ts";
import type { Context } from "../context.ts";
import { followTrim, showOutcome } from "../following.ts";
import { textOption } from "../options.ts";
import { stoppable } from "../stoppable.ts";
import { Unfinished } from "../unfinished.ts";

interface ImportOptions {
  open?: boolean;
  sender?: string;
  continue?: boolean;
}

const NOT_OPENED = "Nothing was opened.";

/** coppice import: a model that somebody handed on, or a run that another computer has carried out. */
export function addImport(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Checks a model that somebody handed on (coppice export --format parcel) and shows who signed it, its figures and its data. Then asks whether to open it. The folder of a run that was carried out elsewhere (coppice export --plan) becomes a run here, which is finished.",
    )
    .argument("<file>", "a .coppice file, or the folder of a run")
    .option("--open", "open it without asking")
    .option("--sender <name>", "a name for the sender, shown next time", textOption)
    .option("--continue", "train the rest of a run here that is half finished")
    .action(async (path: string, options: ImportOptions, command: Command) => {
      const { open, sender = "", continue: continues = false } = options;
      const context = contextOf(command);
      const { terminal } = context;
      if (isFolder(path)) return importFolder(context, path, continues);
      const onFraction = (fraction: number) => terminal.status(`${percentText(fraction)} checked`);
      await stoppable(NOT_OPENED, (signal) =>
        context.writingWithReader(async (services, reading) => {
          const parcel = await lookIntoParcel(services, reading, path, { onFraction, signal });
          terminal.endStatus();
          for (const line of lines(parcel)) terminal.say(line);
          const isAsked = terminal.live && process.stdin.isTTY === true;
          if (!open && !(isAsked && (await agrees("Open it?")))) {
            terminal.emit({ event: "done", parcel, path: null });
            if (isAsked) throw new Unfinished(NOT_OPENED);
            return terminal.say("To open it, run the command again with --open.");
          }
          const opening = { path, id: parcel.id, sender };
          const model = await openParcel(services, reading, opening, { onFraction, signal });
          terminal.endStatus();
          terminal.say(`The model is in "${model.path}"`);
          terminal.say(`Next: coppice chat "${model.path}"`);
          terminal.emit({ event: "done", parcel, path: model.path });
        }),
      );
    });
}

/** Makes a run of a job's folder, and finishes it; `continues`: even if part of its training is missing. */
function importFolder(context: Context, folder: string, continues: boolean): Promise<void> {
  const { terminal } = context;
  return context.writing(async (services) => {
    const onFraction = (fraction: number) => terminal.status(`${percentText(fraction)} checked`);
    const run = await stoppable("Nothing was imported.", (signal) =>
      context.withReader((reading) =>
        importJob(services, reading, folder, { continues, onFraction, signal }),
      ),
    );
    terminal.endStatus();
    const how = continues ? "comes from elsewhere, and goes on here" : "was trained elsewhere";
    terminal.say(`${terminal.colours.bold(run.name)} ${how}. It is now the run ${run.id}.`);
    const done = await followTrim(context, services, run);
    showOutcome(context, services, done);
    terminal.emit(done);
  });
}

function lines({ passport, sizeBytes, fingerprint, sender }: ReceivedParcel): string[] {
  const { model, measured, data } = passport;
  const pairs: [string, string][] = [
    ["signed by", `${senderText(sender)}, fingerprint ${fingerprint}`],
    ["model", `${model.name}, ${bytesText(sizeBytes)}`],
    [
      "made from",
      `${model.base}, ${model.of === null ? "" : `${model.units} of `}${counted(model.of ?? model.units, unitName[model.unit])} left`,
    ],
    ["licence", model.licence ?? "not stated"],
    ["made", passport.madeAt.slice(0, 10)],
    ["result", measuredText(measured)],
    ...data.map((one): [string, string] => ["learnt from", dataText(one)]),
  ];
  return pairs.map(([name, value]) => `${name.padEnd(11)}   ${value}`);
}

function senderText({ kind, name }: ReceivedParcel["sender"]): string {
  if (kind === "self") return "this Coppice";
  if (kind === "first")
    return "somebody new: compare the fingerprint with the sender, not by the way the file came";
  return name === "" ? "a sender seen before" : name;
}

function measuredText(measured: Passport["measured"]): string {
  if (measured === null) return "not measured";
  const { verdict, headline, timesAsFast } = measured;
  const speed = timesAsFast === null ? "" : `${timesAsFast.toFixed(1)} times as fast.`;
  return [verdictWords[verdict], headline && headlineText(headline), speed].filter(Boolean).join(" ");
}

function dataText({ name, rows, files, moreFiles, masked }: Passport["data"][number]): string {
  const names = files.map((file) => file.name);
  const more = names.length - 3 + moreFiles;
  const shown = `${names.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const what = `${name}: ${counted(rows.train, "row")} from ${shown || "no named file"}`;
  return `${what}. ${masked === null ? "No personal data was masked." : maskedText(masked)}`;
}
