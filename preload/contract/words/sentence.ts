/** Failures as plain sentences, with figures and the next step. Shared by the command line and the window. */
import { badChoiceText } from "./bad-choice.ts";
import { badDataText } from "./bad-data.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { SkippedPart } from "../../../native-models/left-out.ts";
import { placeKindByName } from "../data/places.ts";
import type { DeviceProblem } from "../plans/device.ts";
import { unitName } from "../plans/plan.ts";
import type { ProgramName } from "../plans/plan.ts";
import { bytesText, counted, durationText, percentDigits, percentText, speedText } from "./figures.ts";
import { isOwnSection } from "./own-files.ts";
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import { fileReasonText } from "../../../native-models/file-reasons.ts";
import type { ScarceData } from "../failures/data.ts";
import { engineReasonText } from "../failures/engine.ts";
import type { JobProblem, ParcelProblem } from "../failures/home.ts";
import { networkReasonText } from "../failures/network.ts";

/** The parts of a model's file that Coppice leaves out, one sentence each. */
export const LEFT_OUT_SENTENCES: Readonly<Record<SkippedPart, string>> = {
  "next-token": "This file also has blocks that predict a token ahead. Coppice leaves them out.",
  images: "This model also reads images. Coppice uses only its language part.",
  sound: "This model also takes sound. Coppice uses only its language part.",
};

const PARCEL_PROBLEMS: Readonly<Record<ParcelProblem, string>> = {
  "other-file": "is not a model that was handed on with Coppice. Choose a file that ends in .coppice.",
  truncated: "is incomplete. Copy or download it again.",
  damaged: "is damaged: it does not match its own passport. Copy or download it again.",
  signature: "was changed after it was signed. Do not use it; ask the sender for another copy.",
  contents: "does not contain one model and nothing else. Do not use it; ask the sender about it.",
  newer: "has a passport that this Coppice cannot read. It may be from a newer Coppice: update this one.",
};

const JOB_PROBLEMS: Readonly<Record<JobProblem, (file: string) => string>> = {
  "other-folder": () =>
    'is not the folder of a job from Coppice. Choose the folder that has the file "plan.json".',
  unfinished: () =>
    "is not finished. To continue it, start the same command there again, and import the folder when it has result/done.json; or train the rest here: coppice import --continue.",
  "too-early": () =>
    "has nothing to continue from: no stage of its training is complete yet. Start the same command there again, or train from the beginning here.",
  newer: () => "has a plan that this Coppice cannot read. It may be from a newer Coppice: update this one.",
  changed: (file) =>
    `was changed or is incomplete: "${file}" does not match its checksum. Copy the folder again.`,
  contents: (file) =>
    `cannot be used: "${file}" does not contain what this plan leads to. Do not use the folder; ask where it comes from.`,
  model: () =>
    "is about a model that is not on this computer, or was moved. Import it where the folder was written.",
  data: () => "is about data that is no longer here. Import it where the folder was written.",
  rows: () => "was made with other rows than Coppice now makes of this data. Write the folder again.",
};

/** The sentence of a failure. */
export function sentence(failure: Failure): string {
  switch (failure.code) {
    case "corrupt-file":
      return `"${failure.path}" is damaged (${failure.section}: ${failure.reason}). ${isOwnSection(failure.section) ? "Coppice wrote this file: restore it from a backup. Without one, whatever it belongs to has to be done again." : "Download it again."}`;
    case "not-found":
      return failure.path === ""
        ? `The ${failure.what} was not found. Check the name.`
        : `No ${failure.what} was found at "${failure.path}". Check the name.`;
    case "model-removed":
      return `The model "${failure.repository}" is no longer on this computer. Run "coppice get ${failure.repository}${failure.file === undefined ? "" : ` --file ${failure.file}`}" to download it again.`;
    case "model-missing":
      return `The model of this run is no longer at "${failure.path}". Move it back, or name its new place with --model.`;
    case "bad-parcel":
      return `"${failure.path}" ${PARCEL_PROBLEMS[failure.problem]}`;
    case "bad-job":
      return `"${failure.path}" ${JOB_PROBLEMS[failure.problem](failure.file)}`;
    case "unreadable":
      return `"${failure.path}" cannot be read: ${fileReasonText(failure.reason)}.`;
    case "unwritable":
      return `"${failure.path}" cannot be written: ${fileReasonText(failure.reason)}. Choose another folder or change its permissions.`;
    case "unsupported-format":
      return `Coppice does not support the format of "${failure.path}". It supports ${listed(failure.supported)}.`;
    case "missing-part":
      return `Part ${failure.part} of ${failure.parts} of this model was not found at "${failure.path}". Put all parts into one folder, with their original names.`;
    case "pickle":
      return `"${failure.path}" is a pickle file. Opening one can run any program on this computer, so Coppice does not. Use the model's safetensors or GGUF files.`;
    case "adapter-only":
      return `"${failure.path}" is an adapter, which only holds what training changed in another model. Use that model with the adapter merged into it.`;
    case "unmerged-adapter":
      return `"${failure.path}" has a model and an adapter that is not merged into it. Merge the adapter into the model, or move adapter_config.json out of the folder to use the model without it.`;
    case "unsupported-quantisation":
      return `The weights in "${failure.path}" are quantised with ${failure.method}, which Coppice cannot read. Use the original model or a GGUF file of it.`;
    case "unsupported-architecture":
      return `Models of type "${failure.modelType}" are not supported. Coppice supports ${listed(failure.supported)}.`;
    case "not-expressible":
      return notExpressible(failure);
    case "export-differs":
      return `The export as ${failure.format} was discarded: ${failure.by === null ? "its tokenizer cuts texts differently" : `its logits differ by up to ${failure.by.toPrecision(3)}`}. Export in another format, and please report this.`;
    case "too-few-bits":
      return `The export as ${failure.type} was discarded: with so few bits this model's likeliest next token changes in ${percentText(failure.changed)} of places. Choose ${failure.suggested}.`;
    case "unsupported-tensor-type":
      return `The weight "${failure.tensor}" in "${failure.path}" is stored as ${failure.type}, which Coppice does not support. Use a file with ${listed(failure.supported)}.`;
    case "unsupported-tokenizer":
      return `The tokenizer type "${failure.kind}" is not supported. Coppice supports ${listed(failure.supported)}.`;
    case "missing-tensors":
      return `"${failure.path}" lacks ${counted(failure.tensors.length, "weight")} that this type of model needs (${first(failure.tensors, 3)}). Download it again.`;
    case "not-finite":
      return `The weight "${failure.tensor}" in "${failure.path}" contains values that are not numbers. Download the file again.`;
    case "weight-too-large":
      return `The weight "${failure.tensor}" in "${failure.path}" takes ${bytesText(failure.bytes)} in memory; the limit is ${bytesText(failure.limitBytes)}. Choose a model with a smaller vocabulary or width.`;
    case "bad-data":
      return failure.line === undefined
        ? `"${failure.path}" cannot be used as data: ${badDataText(failure.reason)}.`
        : badPlace(failure.path, failure.line, badDataText(failure.reason));
    case "too-much-data":
      return `With "${failure.path}", the data has more than ${failure.millionCharacters} million characters. Use fewer files, or some of the rows, drawn at random (coppice data --sample-rows 20000).`;
    case "too-little-data":
      return `There are too few ${inWords<ScarceData>(SCARCE, failure.what)}: ${failure.rows} of at least ${failure.needed}. Add more.`;
    case "template-failed":
      return `The model's chat template cannot be used (${failure.reason}). Plain prompts still work.`;
    case "unsuited-model":
      return failure.to === "stored-prompt"
        ? "A stored prompt cannot be used: long texts rotate this model's keys by other angles, which stored keys cannot follow."
        : "A smaller vocabulary cannot be used: this model's tokenizer has no tokens for bytes, so that other words could not be written at all.";
    case "unsupported-schema":
      return unsupportedSchema(failure);
    case "context-full":
      return `This text has ${failure.tokens} tokens, but the model accepts only ${failure.limit}. Shorten it or start a new conversation.`;
    case "not-enough-memory":
      return `This needs about ${bytesText(failure.neededBytes)} of memory, but only ${bytesText(failure.freeBytes)} are free. Close other programs, or choose a smaller model or shorter texts (maxTokens in a settings file).`;
    case "not-enough-disk":
      return `This needs about ${bytesText(failure.neededBytes)} of disk space at "${failure.path}", but only ${bytesText(failure.freeBytes)} are free. Free some space or choose another folder.`;
    case "disk-full":
      return `The disk is full${failure.path ? ` at ${failure.path}` : ""}${failure.neededBytes === undefined ? "" : `; at least ${bytesText(failure.neededBytes)} more are needed`}. Free some space and try again. Saved progress is safe.`;
    case "home-in-use":
      return `Another Coppice${failure.processId === undefined ? "" : ` (process ${failure.processId})`} is using "${failure.path}". Wait until it has finished, or choose another folder with --home.`;
    case "run-in-use":
      return `An earlier trainer${failure.processId === undefined ? "" : ` (process ${failure.processId})`} is still running in "${failure.path}". Wait until it has ended, then run the command again.`;
    case "newer-database":
      return `"${failure.path}" was written by a newer Coppice (database version ${failure.found}; this version supports ${failure.supported}). Use the newer version.`;
    case "unknown-run":
      return `There is no run "${failure.run}". Run "coppice runs" to list all runs.`;
    case "model-changed":
      return `"${failure.path}" has changed since the run began, so the run cannot continue. Restore the old file or start a new run.`;
    case "bad-choice":
      return badChoiceText(failure.why);
    case "out-of-reach":
      return outOfReachText(failure);
    case "too-little-time":
      return `Within ${durationText(failure.seconds)}, this computer cannot do even ${percentText(failure.share, percentDigits(failure.share))} of the training. Choose more time, a smaller model or fewer rows.`;
    case "not-listening":
      return notListening(failure);
    case "update-refused":
      return `The update from ${failure.address} was refused: ${refusals[failure.reason]}. Nothing was installed.`;
    case "update-unreachable":
      return `${failure.address} did not provide an update: ${networkReasonText(failure.reason)}. Try again later; this version keeps working.`;
    case "hub-unreachable":
      return `${failure.host} cannot be reached: ${networkReasonText(failure.reason)}. Try again later; what was downloaded is kept.`;
    case "repository-refused":
      return repositoryRefusals[failure.reason](failure);
    case "download-refused":
      return `${failure.file === null ? `The answer of ${failure.host} about "${failure.repository}"` : `"${failure.file}" from ${failure.host}`} was refused: ${downloadRefusals[failure.reason]}. ${failure.reason === "malformed" ? "If this network has a sign-in page, open it first. Then try again." : "It was not kept. Try again later, or choose another model."}`;
    case "engine-stopped":
      return `The ${failure.kind} stopped: ${engineReasonText(failure.reason)}. Saved progress is safe. Try again.`;
    case "message-too-large":
      return `This is too much at once: ${bytesText(failure.bytes)}, where at most ${bytesText(failure.limitBytes)} can be handled. Use a shorter text, or name a folder instead of its files.`;
    case "diverged":
      return `Training diverged at step ${failure.step}: the loss is not a number. Choose a lower learning rate (optimizer.learningRate in a settings file).`;
    case "cancelled":
      return "The job was cancelled.";
    case "internal":
      return `An unexpected error occurred in Coppice (${failure.message}). Please report it.`;
    default:
      return failure satisfies never;
  }
}

const SCARCE: WordsFor<ScarceData> = {
  rows: "rows",
  passages: "passages",
  corrections: "corrections",
  "training-rows": "training rows",
  "long-rows": ({ words }) => `training rows that go on for ${words} words`,
  "own-rows": ({ split }) => `rows for ${split} that are in no other split`,
};

/** Why a device is unusable, as part of a sentence. */
export function deviceProblemText(problem: DeviceProblem): string {
  switch (problem.kind) {
    case "differs":
      return problem.by === null
        ? "its results contain NaN"
        : `its results differ from the processor's by ${problem.by.toPrecision(2)}`;
    case "no-card":
      return "no graphics card with a suitable driver was found";
    case "all-weights":
      return "plans that train all weights need another device";
    case "driver":
      return problem.reason;
    case "failure":
      return sentence(problem.failure);
  }
}

const refusals: Record<Extract<Failure, { code: "update-refused" }>["reason"], string> = {
  unsigned: "it is not signed",
  "wrong-signature": "its signature is not from the makers of this package",
  malformed: "its signed content does not describe an update",
  "wrong-file": "the file does not match the signed one",
};

type RepositoryRefused = Extract<Failure, { code: "repository-refused" }>;

const repositoryRefusals: Record<RepositoryRefused["reason"], (failure: RepositoryRefused) => string> = {
  "not-found": ({ host, repository }) =>
    `${host} has no public model "${repository}". Check the name; a private one needs an access token.`,
  gated: ({ host, repository }) =>
    `The publisher of "${repository}" asks you to accept terms first. Do so at https://${host}/${repository}, then enter an access token of your account.`,
  "wrong-token": ({ host }) =>
    `${host} does not accept this access token. Create one at https://${host}/settings/tokens and enter it.`,
  forbidden: ({ host, repository }) =>
    `${host} does not give this account access to "${repository}". See https://${host}/${repository}.`,
  adapter: ({ repository }) =>
    `"${repository}" is an adapter, or has one that is not merged into its model. Choose a repository with the merged model.`,
  pickle: ({ repository }) =>
    `"${repository}" has its weights only as pickle files, which can run programs when they are opened. Choose a repository with safetensors or GGUF files.`,
  "no-model": ({ repository }) =>
    `"${repository}" has no model that Coppice can use: neither a GGUF file nor safetensors with config.json and tokenizer.json. Choose another one.`,
};

const downloadRefusals: Record<Extract<Failure, { code: "download-refused" }>["reason"], string> = {
  malformed: "it is not what the hub answers",
  "too-large": "it is larger than any listing or file that Coppice accepts",
  "unsafe-name": "it names a file outside the model's folder",
  redirect: "it leads to an address that is not the hub's",
  "wrong-size": "its size is not the listed one",
  "wrong-checksum": "its checksum is not the listed one",
};

function listed(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? "none")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

function first(names: readonly string[], count: number): string {
  const more = names.length - count;
  return names.slice(0, count).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Programs as people know them. */
const PROGRAM_NAMES: Readonly<Record<ProgramName, string>> = {
  transformers: "Hugging Face transformers",
  "mlx-lm": "mlx-lm",
  "llama.cpp": "llama.cpp",
  lmstudio: "LM Studio",
  ollama: "Ollama",
  onnx: "ONNX",
};

/** The display name of a program, or of several joined by " + ". */
export const programText = (program: string): string =>
  program
    .split(" + ")
    .map((name) => (PROGRAM_NAMES as Readonly<Record<string, string>>)[name] ?? name)
    .join(" + ");

function notExpressible({
  program: names,
  blocks,
  reason,
  nearest,
}: Extract<Failure, { code: "not-expressible" }>): string {
  const program = programText(names);
  if (reason === "no-attention")
    return `${program} cannot load this model: it needs at least one attention, and none is left. Export another depth.`;
  const why =
    reason === "half-blocks"
      ? `${program} cannot load half blocks of this model.`
      : `${program} cannot load ${blocks} of these blocks, because it cannot express which kinds of blocks are left.`;
  if (!nearest)
    return reason === "half-blocks"
      ? `${why} Trim by whole blocks (--unit block), or for other programs.`
      : `${why} Export another depth, or trim again for ${program}.`;
  if (nearest.name === undefined)
    return `${why} The nearest depth that it can load has ${nearest.blocks} blocks: choose it with --keep ${nearest.blocks}.`;
  const figures = [
    ...(typeof nearest.accuracy === "number" ? [`${percentText(nearest.accuracy)} right`] : []),
    ...(typeof nearest.tokensPerSecond === "number"
      ? [`${Math.round(nearest.tokensPerSecond)} tokens/s`]
      : []),
  ];
  const measured = figures.length === 0 ? "" : ` (${figures.join(", ")})`;
  const name = /\s/.test(nearest.name) ? `"${nearest.name}"` : nearest.name;
  return `${why} The nearest depth that it can load has ${nearest.blocks} whole blocks${measured}: choose it with --depth ${name}.`;
}

function badPlace(path: string, line: number, reason: string): string {
  const kind = placeKindByName(path) === "row" ? "row" : "line";
  return `${kind === "row" ? "Row" : "Line"} ${line} of "${path}" cannot be used: ${reason}. Correct or remove the ${kind}.`;
}

/** Why answers cannot be constrained to a schema, a pattern or a list of choices. */
function notListening({ address, port, reason }: Extract<Failure, { code: "not-listening" }>): string {
  switch (reason) {
    case "taken":
      return `Another program uses port ${port} at ${address}. Choose another port, or close that program.`;
    case "not-here":
      return `${address} is not an address of this computer. Choose one that it has.`;
    case "not-allowed":
      return `This account may not use port ${port}. Choose one of 1024 or more.`;
  }
}

function unsupportedSchema({
  place,
  keyword,
  problem,
}: Extract<Failure, { code: "unsupported-schema" }>): string {
  const at = place === "#" ? "" : ` at "${place}"`;
  switch (problem) {
    case "keyword":
      return `Answers cannot be held to "${keyword}"${at}. Remove it from the schema, and check it in the finished answers.`;
    case "value":
      return `"${keyword}"${at} has a value that JSON Schema does not allow. Correct the schema.`;
    case "reference":
      return `"${keyword}"${at} refers to something that is not in this schema. Put what it refers to into "$defs".`;
    case "recursion":
      return `The schema${at} refers only to itself. Correct the reference.`;
    case "overlap":
      return `A value could meet several schemas of "oneOf"${at}. Use "anyOf", or let them differ in a required property.`;
    case "pattern":
      return `The pattern${at} uses something that answers cannot be held to (it looks around, refers back, or is no regular expression). Write it without that.`;
    case "too-large":
      return `"${keyword}"${at} is too large. Simplify the schema.`;
    case "nothing":
      return `No answer can meet the ${keyword}${at}. Correct what contradicts itself, or never ends.`;
  }
}

/** A goal that not even a single remaining unit reaches. */
function outOfReachText({ goal, unit, wanted, least }: Extract<Failure, { code: "out-of-reach" }>): string {
  const rest = `With a single ${unitName[unit]} left`;
  switch (goal) {
    case "memory":
      return `A memory of ${bytesText(wanted)} cannot be reached. ${rest}, chat still takes about ${bytesText(least)}. Choose more, or a smaller model.`;
    case "speed":
      return `Answers cannot become ${wanted} times as fast. ${rest}, they are about ${least.toFixed(1)} times as fast. Choose less.`;
    case "tokens-per-second":
      return `A speed of ${speedText(wanted)} cannot be reached on this computer. ${rest}, chat reaches about ${speedText(least)}. Choose less, or a smaller model.`;
  }
}
