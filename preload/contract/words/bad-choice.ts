/** Why a choice cannot be used, in English. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import type { BadChoice, BadChoiceReason, SettingIssue } from "../failures/bad-choice.ts";
import { unitName } from "../plans/plan.ts";
import { durationText, speedText } from "./figures.ts";

const BAD_CHOICE: WordsFor<BadChoice> = {
  option: ({ option, reason }) => `${option} cannot be used: ${reason}.`,

  "time-not-measured": ({ seconds }) =>
    `A time of ${durationText(seconds)} cannot be used: this computer has not been measured for this plan yet.`,
  "speed-not-measured": ({ tokensPerSecond }) =>
    `A speed of ${speedText(tokensPerSecond)} cannot be used: this computer has not been measured for this plan yet.`,
  "too-many-units": ({ units, unit, has }) =>
    `A depth of ${units} ${unitName[unit]}s cannot be used: the model has only ${has}.`,
  "healed-depth": ({ units, unit, ends }) =>
    `Healing a depth of ${units} ${unitName[unit]}s cannot be used: ${ends.length === 0 ? "nothing is cut" : `the rounds end with ${ends.join(", ")}; choose among these`}.`,
  "no-healing": ({ units, unit }) =>
    `Healing a depth of ${units} ${unitName[unit]}s cannot be used: this plan has no epochs of healing.`,
  "teaching-tokens": ({ device }) =>
    `Teaching tokens cannot be used: on ${device} the tuned model teaches by its last hidden states only; choose the processor or WebGPU.`,
  "unknown-method": ({ method, known }) =>
    `The method "${method}" cannot be used: known are ${known.join(", ")}.`,
  "method-setting": ({ method, ...issue }) => `The method "${method}" cannot be used: ${issueText(issue)}.`,
  "method-needs": ({ text }) => text.en,
  "unknown-scorer": ({ scorer, known }) =>
    `The scorer "${scorer}" cannot be used: known are ${known.join(", ")}.`,
  "settings-not-json": ({ path, detail }) =>
    `The settings file ${path} cannot be used: it is not JSON (${detail}).`,
  "settings-file": ({ path, ...issue }) => `The settings file ${path} cannot be used: ${issueText(issue)}.`,
  setting: ({ name, detail }) => `The setting "${name}" cannot be used: ${detail}.`,
  "too-many-measured": ({ rows, most }) =>
    `A test or validation set of ${rows} rows cannot be used: at most ${most} can be measured; use fewer.`,

  "run-without-model": ({ run, state }) =>
    `The run ${run} cannot be used: it is ${state}, so it has no model yet.`,
  "run-running": ({ run }) => `The run ${run} cannot be used: it is running; pause it first.`,
  "run-not-running": ({ run }) => `The run ${run} cannot be used: it is not running.`,
  "run-done": ({ run }) => `The run ${run} cannot be used: it is already done.`,
  "run-already": ({ run, state }) => `${run} cannot be used: the run is already ${state}.`,
  "depth-not-measured": ({ depth }) => `The depth "${depth}" cannot be used: the run did not measure it.`,
  "unknown-depth": ({ depth, depths }) =>
    `The depth "${depth}" cannot be used: ${depths.length === 0 ? "the run has not reached any depth yet" : `the run has ${depths.join(", ")}`}.`,
  "no-depth": "Exporting cannot be used: the run has not reached any depth yet.",
  "export-type": ({ type, format, types }) =>
    `The type ${type} cannot be used: weights of the format "${format}" are stored ${types.length === 0 ? "in 16 bits" : `as ${types.join(", ")}`}.`,
  "adapter-of-weights": "An adapter cannot be used: this run trained weights instead of an adapter.",
  "not-elsewhere": ({ choice }) =>
    `This run cannot be carried out elsewhere, because of ${choice}. Only the default recipe can: adapters, whole blocks, the scorer nll-halving, no further methods and no time limit.`,
  "adapter-of-part": ({ whole }) =>
    `An adapter cannot be used: this depth dropped parts of the model, which an adapter cannot express; "${whole}" did not.`,
  "reciting-unfinished": "Reciting cannot be used: the run is not finished.",
  "improving-unfinished": ({ run }) => `Improving the run "${run}" cannot be used: it is not finished.`,
  "repeating-unfinished": ({ run }) =>
    `Learning from everything cannot be used: the run "${run}" is not finished.`,
  "repeating-again": ({ run }) =>
    `Learning from everything cannot be used: the run "${run}" is itself an improvement or learnt from everything. Name the run before it.`,
  "improving-deleted": ({ run }) => `Improving the run "${run}" cannot be used: its model was deleted.`,
  "answer-of-no-run":
    "Correcting this answer cannot be used: the model that answered is not the result of a run, so it cannot be trained.",
  "other-model": ({ path }) =>
    `The model ${path} cannot be used: it is not the one that the run was started with.`,
  "empty-prompt": "prompt cannot be used: the prompt is empty.",
  "no-shape": ({ shape }) => `shape cannot be used: there is no shape ${shape}.`,
  "no-token": ({ id }) => `prompt cannot be used: the model has no token ${id}.`,
  "no-model-loaded": "model cannot be used: no model is loaded yet.",
  "no-vectors":
    "Vectors cannot be used: only the native decoder on the processor makes them, and it does not run this model here. If a GPU answers, choose the processor in Settings.",

  "path-not-chosen": ({ path }) =>
    `${path} cannot be used: it was not chosen in Coppice; choose it with a button or drop it on the window.`,
  "folder-taken": ({ folder, run }) =>
    `The folder ${folder} cannot be used: the run "${run}" will write its model there.`,
  "folder-not-empty": ({ folder }) => `The folder ${folder} cannot be used: it is not empty.`,
  "file-exists": ({ path }) => `The file ${path} cannot be used: it exists already; choose another name.`,
  "handed-on": ({ path }) =>
    `The file ${path} cannot be used: it is a model that somebody handed on; open it first (coppice import).`,
  "copy-inside": ({ folder }) => `${folder} cannot be used: it is inside the folder to be copied.`,
  "second-copy": "A second copy cannot be used: another copy is being made; wait for it or cancel it.",
  "no-home-folder":
    "Coppice's usual folder cannot be used: this account has no home folder; name one with --home or COPPICE_HOME.",
  "old-report": "This report cannot be used: another was made since.",

  "data-set-awaited": ({ name }) =>
    `The data set "${name}" cannot be used: a run that needs it is being prepared; try again in a moment.`,
  "data-set-needed": ({ name, run }) =>
    `The data set "${name}" cannot be used: the run "${run}" is not finished and needs it; finish or delete the run first.`,
  "no-passages": ({ name }) =>
    `The data set "${name}" cannot be used: it has no passages of documents to write questions from.`,
  "no-questions": ({ name }) => `The data set "${name}" cannot be used: it has no questions yet.`,
  "no-checked-questions": ({ name }) =>
    `The data set "${name}" cannot be used: it has no checked questions yet.`,
  "no-question-rows": ({ name }) =>
    `The data set "${name}" cannot be used: none of its questions can become a row; write more, or ask them with their passages.`,
  "writing-already": ({ name }) =>
    `The data set "${name}" cannot be used: questions are being written already; stop that first.`,
  "only-not-in-text":
    'Writing only "not in the text" cannot be used: it reuses facts and definitions of other passages; choose one of these kinds too.',

  "hub-address": ({ address }) =>
    `HF_ENDPOINT (${address}) cannot be used: it is not an address such as https://models.example.org.`,
  "repository-name": ({ name }) =>
    `The name "${name}" cannot be used: the hub's names have the form OWNER/NAME.`,
  revision: ({ revision }) => `The revision "${revision}" cannot be used: it is not a valid Git revision.`,
  "access-token": 'This access token cannot be used: the hub\'s tokens begin with "hf_".',
  "no-downloads": "A download cannot be used: this package was built without downloads.",
  downloading: ({ model }) =>
    `A download of ${model} cannot be used: another download is running; wait for it or cancel it.`,
  "not-in-repository": ({ model, file }) => `A download of ${model} cannot be used: it has no ${file}.`,
  "removing-while-downloading":
    "Removing a download cannot be used: another download is running; wait for it or cancel it.",
  "not-downloaded": ({ path }) => `Removing "${path}" cannot be used: Coppice did not download it.`,
  "model-needed": ({ model, run }) =>
    `Removing ${model} cannot be used: the run "${run}" still needs it; let it end, or cancel it first.`,
  "no-update-address": "Looking for updates cannot be used: this package has no address for them.",
  "no-update": ({ to }) => `This update cannot be used: there is no update to ${to}; check again.`,
};

function issueText({ key, problem }: SettingIssue): string {
  if (problem === null) return `it has "${key}", which no plan has`;
  return `${key === "" ? "it" : `"${key}"`} is wrong (${problem})`;
}

export const badChoiceText = (reason: BadChoiceReason): string => inWords<BadChoice>(BAD_CHOICE, reason);
