import type { Command } from "commander";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { Terms } from "../../../preload/contract/calls/downloads.ts";
import { bytesText, percentText } from "../../../preload/contract/words/figures.ts";
import { homeIn } from "../../home/home.ts";
import { downloadModel } from "../../services/hub/download.ts";
import { HubRequests } from "../../services/hub/hub-requests.ts";
import { hubOf } from "../../services/hub/hub.ts";
import type { ModelChoice } from "../../services/hub/model-files.ts";
import { readRepository } from "../../services/hub/repository.ts";
import type { Repository } from "../../services/hub/repository.ts";
import { shapeOf, suggestedModels } from "../../services/hub/suggested.ts";
import { downloadedModels } from "../../services/models/downloaded.ts";
import type { DownloadedModel } from "../../services/models/downloaded.ts";
import { nodeRequests } from "../../services/network/node-requests.ts";
import { fitOf } from "../../services/plans/admission.ts";
import { removeDownloaded } from "../../services/runs/removing-models.ts";
import { version } from "../../version.ts";
import { agrees, askSecretly } from "../asking.ts";
import type { Context } from "../context.ts";
import { stoppable } from "../stoppable.ts";
import type { Terminal } from "../terminal.ts";
import { Unfinished } from "../unfinished.ts";

interface GetOptions {
  file?: string;
  revision?: string;
  remove?: boolean;
  yes?: boolean;
}

/** coppice get: downloads a model from the hub. */
export function addGet(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Downloads a model's safetensors or a GGUF file from Hugging Face, or from the mirror that HF_ENDPOINT names. " +
        "Run it again to resume an interrupted download.",
    )
    .argument("[repository]", "OWNER/NAME; without it, open models to choose from are listed")
    .option("--file <name>", "which of the repository's models: a GGUF file's name, or \"safetensors\"")
    .option("--revision <name>", "a branch, tag or commit (main); with --remove, a commit")
    .option("--remove", "remove a downloaded model of this repository instead")
    .option("-y, --yes", "do not ask whether to start")
    .action(async (name: string | undefined, options: GetOptions, command: Command) => {
      const context = contextOf(command);
      const { terminal } = context;
      if (name === undefined && Object.keys(options).length > 0)
        return command.error("Name the model, as OWNER/NAME; without an option, open models are listed.");
      if (name === undefined) return list(terminal);
      if (options.remove) return remove(context, name, options);
      const hub = hubOf();
      let token = process.env["HF_TOKEN"]?.trim() || null;
      const requests = new HubRequests({
        hub,
        ask: nodeRequests(`Coppice/${version}`),
        token: () => token,
      });
      const stopped = "Stopped. What was downloaded is kept. Run the command again to resume.";
      await stoppable(stopped, async (signal) => {
        terminal.say(`Asking ${hub.host} about ${name}.`);
        const { revision } = options;
        const repository = await readRepository(requests, name, { signal, ...(revision && { revision }) });
        const choice = chosen(repository, options.file);
        for (const line of lines(repository, choice)) terminal.say(line);
        if (repository.isGated && token === null && isAsked(terminal)) token = await tokenFor(name, hub.host);
        await confirm(terminal, choice, hub.host, options.yes);
        const { path } = await downloadModel(
          requests,
          { home: homeIn(context.home), repository, choice },
          { signal, onBytes: (done, total) => showBytes(terminal, done, total) },
        );
        terminal.endStatus();
        terminal.say(`The model is in "${path}"`);
        terminal.say(`Next: coppice inspect "${path}"`);
        const { commit, licence } = repository;
        terminal.emit({
          event: "done",
          path,
          repository: name,
          commit,
          licence,
          sizeBytes: choice.sizeBytes,
        });
      }).finally(() => terminal.endStatus());
    });
}

/** Shows the built-in list, with what each model needs on this computer; makes no request. */
function list(terminal: Terminal): void {
  const rows = suggestedModels.map((model) => {
    const { repository, licence, terms, isGated, sizeBytes } = model;
    const { trains, trainingMemoryBytes, halfDepthGain } = fitOf({ ...shapeOf(model), path: repository });
    terminal.emit({
      event: "model",
      repository,
      licence,
      terms,
      isGated,
      sizeBytes,
      trains,
      trainingMemoryBytes,
      halfDepthGain,
    });
    return [
      repository,
      bytesText(sizeBytes),
      `${licence}${TERMS[terms]}${isGated ? " (terms to accept)" : ""}`,
      `${bytesText(trainingMemoryBytes)}${trains ? "" : ", not free now"}`,
      `${halfDepthGain.toFixed(1)} ×`,
    ];
  });
  const header = ["model", "download (about)", "licence", "memory to trim", "at half depth"];
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("   ");
  terminal.say(terminal.colours.dim(line(header).trimEnd()));
  for (const row of rows) terminal.say(line(row).trimEnd());
  terminal.emit({ event: "done" });
}

const TERMS: Record<Terms, string> = {
  free: "",
  conditions: ", conditions",
  "revenue-limit": ", commercial use below a revenue",
  "non-commercial": ", no commercial use",
};

/** Removes a repository's downloaded model, or the one that `file` and `revision` name; if there are copies, a damaged one first. */
async function remove(context: Context, name: string, { file, revision, yes }: GetOptions): Promise<void> {
  const { terminal } = context;
  const there = downloadedModels(homeIn(context.home)).filter(({ record }) => record.repository === name);
  const nameOf = ({ record }: DownloadedModel) =>
    `--file ${record.choice} --revision ${record.commit.slice(0, 7)}`;
  const chosen = there.filter(
    ({ record: { choice, commit } }) => choice === (file ?? choice) && commit.startsWith(revision ?? ""),
  );
  const model = chosen.find(({ isDamaged }) => isDamaged) ?? chosen[0];
  if (!model || chosen.some((other) => nameOf(other) !== nameOf(model))) {
    const names = [...new Set(there.map(nameOf))].join(", ");
    const reason = names === "" ? "it is not among the downloaded models" : `choose one with ${names}`;
    return refuseChoice({ code: "option", option: `Removing ${name}`, reason });
  }
  const { path, sizeBytes } = model;
  if (!yes && isAsked(terminal) && !(await agrees(`Remove "${path}" (${bytesText(sizeBytes)})?`)))
    throw new Unfinished("Nothing was removed.");
  const freedBytes = await context.writing((services) => removeDownloaded(services, path));
  terminal.say(`Removed "${path}", ${bytesText(freedBytes)} freed.`);
  terminal.emit({ event: "done", path, repository: name, freedBytes });
}

/** The model that `file` names; without it, the safetensors, or else the only model. */
function chosen({ name, choices }: Repository, file: string | undefined): ModelChoice {
  const found =
    file === undefined
      ? (choices.find((choice) => choice.name === "safetensors") ??
        (choices.length === 1 ? choices[0] : null))
      : choices.find((choice) => choice.name === file);
  if (found) return found;
  const offered = choices.map((choice) => `${choice.name} (${bytesText(choice.sizeBytes)})`).join(", ");
  return refuseChoice({
    code: "option",
    option: file === undefined ? `"${name}" without --file` : `--file ${file}`,
    reason: `the repository has ${choices.length === 1 ? "" : "several models: "}${offered}`,
  });
}

function lines({ commit, licence, choices }: Repository, choice: ModelChoice): string[] {
  const others = choices.length - 1;
  return [
    `licence    ${licence ?? "not stated"}`,
    `revision   ${commit.slice(0, 12)}`,
    ...choice.files.map((file) => `file       ${file.name}, ${bytesText(file.sizeBytes)}`),
    ...(others > 0 ? [`others     ${others} more to choose with --file`] : []),
  ];
}

const isAsked = (terminal: Terminal) => terminal.live && process.stdin.isTTY === true;

async function tokenFor(repository: string, host: string): Promise<string | null> {
  const answer = await askSecretly(
    `The publisher asks you to accept terms at https://${host}/${repository} first.\nAccess token (not shown, not kept; HF_TOKEN is read too): `,
  );
  return answer.trim() || null;
}

/** Asks a person at a terminal to agree to the size; with `yes`, or if nobody can answer, running the command is consent enough. */
async function confirm(terminal: Terminal, { sizeBytes }: ModelChoice, host: string, yes = false) {
  if (yes || !isAsked(terminal)) return;
  if (!(await agrees(`Download ${bytesText(sizeBytes)} from ${host}?`)))
    throw new Unfinished("Nothing was downloaded.");
}

function showBytes(terminal: Terminal, done: number, total: number): void {
  terminal.status(`${percentText(total === 0 ? 1 : done / total)} of ${bytesText(total)}`);
  terminal.emit({ event: "progress", doneBytes: done, totalBytes: total });
}
