import type {
  PassageChoice,
  QuestionKind,
  QuestionState,
  ThrownReason,
  WritingState,
} from "../../../preload/contract/questions/written-questions.ts";
import { measuredWriterText } from "../../../preload/contract/questions/writer.ts";
import { numberText, percentText } from "../figures.ts";
import { counted } from "./counted.ts";

const kinds: Record<QuestionKind, { name: string; about: string }> = {
  fact: { name: "Detail", about: "What a sentence says: who, when, how much." },
  definition: { name: "Definition", about: "What a term is or means." },
  "yes-no": { name: "Yes or no", about: "With the reason." },
  comparison: { name: "Comparison", about: "How two things differ." },
  "not-in-text": { name: "Not in the text", about: "Teaches the model to say so." },
};
const states: Record<QuestionState, string> = {
  unseen: "Not checked",
  kept: "Kept",
  edited: "Edited",
  dropped: "Dropped",
};
const thrown: Record<ThrownReason, string> = {
  "cut-off": "the answer was too long and was cut off",
  unusable: "there was no usable question, or the passage was too long for the model",
  "gives-itself-away": "the question contains its answer or refers to a text that is not there",
  unsupported: "the passage does not support the answer",
  disagrees: "asked again, the model gave a different answer",
  answered: "the passage has the answer, although it should not",
  duplicate: "nearly the same question already exists",
};
const writingStates: Record<WritingState, string> = {
  writing: "Writing questions",
  waiting: "Waiting for the training run",
  "waiting-for-power": "Waiting for mains power",
  stopped: "Stopped",
  done: "All passages done",
  failed: "Stopped by a problem",
};
const passageChoices: Record<PassageChoice, { name: string; about: string }> = {
  with: {
    name: "With the passage",
    about: "The model learns to answer from a text that it is given.",
  },
  without: {
    name: "Without the passage",
    about: "The model learns the answers themselves. Questions about what is not in a text are left out.",
  },
};

export const questions = {
  cardTitle: "Questions from these documents",
  cardAbout: (passages: number, documents: number) =>
    `A chat model on this computer can write questions from ${counted(passages, "passage")}${documents > 0 ? ` of ${counted(documents, "document")}` : ""}, check them against the passages, and leave the rest to you. Nothing leaves this computer.`,
  write: "Write questions…",
  startTitle: (name: string) => `Write questions from “${name}”`,
  start: "Start writing",
  model: "Model that writes",
  modelHint: "A larger model writes better questions and takes longer.",
  modelOption: (name: string, source: string, size: string) => `${name} (${source}, ${size})`,
  noModels: "No model was found on this computer. Add one on the page “New model”.",
  writerSizes: {
    "too-small": {
      title: "This model is too small to write usable questions",
      text: (parameters: string) => `It has ${parameters} parameters. ${measuredWriterText("too-small")}`,
    },
    small: {
      title: "This model is small for writing questions",
      text: (parameters: string) => `It has ${parameters} parameters. ${measuredWriterText("small")}`,
    },
  },
  largerModel: (name: string, parameters: string) =>
    `“${name}” (${parameters} parameters) is the largest chat model on this computer that fits its memory.`,
  useLarger: "Use it",
  noLargerModel: "No larger chat model that fits the memory was found on this computer.",
  kinds,
  whichKinds: "Kinds of questions",
  noKind: "Choose at least one kind.",
  lacksReused:
    "“Not in the text” reuses details and definitions of other passages: choose one of these kinds too.",
  howLong: "How long",
  untilDone: "Until done",
  forMinutes: "For minutes",
  untilTime: "Until a time",
  minutesLabel: "Minutes",
  timeLabel: "Time of day",
  takes: (passages: number, duration: string | undefined) =>
    duration === undefined
      ? `${counted(passages, "passage")}. The pace shows after the first few; a model of this size has not written here before.`
      : `${counted(passages, "passage")}: about ${duration}, at the pace that this model had here.`,
  goesOnInBackground:
    "Writing continues in the background, waits while a run trains, and can be stopped and continued at any time.",
  busyTitle: "Questions are already being written",
  busyText: (name: string) =>
    `Questions can be written from only one data set at a time: stop those from “${name}” first, or wait until they are done.`,
  toOther: "Show it",
  writingStates,
  passagesDone: (done: number, of: number) => `${numberText(done)} of ${counted(of, "passage")}`,
  pace: (perMinute: number) =>
    `${numberText(perMinute, perMinute < 10 ? 1 : 0)} ${perMinute === 1 ? "passage" : "passages"} a minute`,
  left: (duration: string) => `about ${duration} left`,
  written: (questions: number) => `${counted(questions, "question")} written`,
  checked: (checked: number, of: number) => `Checked ${numberText(checked)} of ${numberText(of)}`,
  thrownCount: (count: number) => `${counted(count, "question")} thrown away`,
  thrownTitle: "Thrown away, and why",
  thrown,
  stop: "Stop",
  goOn: "Continue",
  goOnTitle: "Continue writing",
  look: "Look through",
  make: "Make a data set…",
  erase: "Delete…",
  eraseTitle: (model: string) => `Delete the questions by ${model}?`,
  eraseText: "The questions and your changes to them are deleted. Data sets made from them stay.",
  eraseWithDataSet: (all: number, checked: number) =>
    `${counted(all, "question")} written from it ${all === 1 ? "is" : "are"} deleted too; you have checked ${numberText(checked)}.`,
  moreFor: (model: string) => `More for the questions by ${model}`,
  by: (model: string) => `Written by ${model}`,
  progressOf: (name: string) => `Writing questions from ${name}`,
  pageTitle: (name: string) => `Questions from “${name}”`,
  pageAbout: (model: string) =>
    `Written by ${model} on this computer. What you have not checked stays marked as made.`,
  toDataSet: "Data set",
  loading: "Reading the questions",
  list: "Questions",
  search: "Search question, answer and document",
  filterState: "State",
  allStates: "All states",
  filterKind: "Kind",
  allKinds: "All kinds",
  filterSplit: "Split",
  allSplits: "All splits",
  order: "Order",
  orders: { place: "As in the documents", doubt: "Most doubtful first" },
  states,
  found: (count: number) => counted(count, "question"),
  fresh: (count: number) => `Show ${counted(count, "new question")}`,
  noneTitle: "No questions yet",
  noneText: "They appear here as they are written.",
  noneUsable: (count: number, isDone: boolean) =>
    `None of ${counted(count, "question")} was usable${isDone ? "" : " so far"}`,
  noneBecause: (reason: string, count: number, all: number) =>
    `Most often, ${reason} (${numberText(count)} of ${numberText(all)}). A larger model usually writes usable ones.`,
  largeEnough: (name: string, parameters: string) =>
    `“${name}” (${parameters} parameters) is large enough and fits this computer's memory.`,
  noneFound: "No question fits this search.",
  showAll: "Show all",
  doubt: (doubt: number) => `doubt ${percentText(doubt, 0)}`,
  doubtMeaning:
    "How uncertain the question remains after its checks: what it leaves out of its sentence, support by it, and agreement of repeated answers. In our tests, about nine in ten of the least doubtful third were right, and six in ten of the most doubtful one, so begin with those.",
  question: "Question",
  answer: "Answer",
  keep: "Keep",
  edit: "Edit",
  drop: "Drop",
  undo: "Undo",
  save: "Save",
  cancel: "Cancel",
  passage: "Passage",
  supported: "The marked words support the answer.",
  notFound: "Written from:",
  notInPassage: "The passage should not answer this question.",
  keysTitle: "Keys",
  keys: {
    move: "previous, next",
    keep: "keep",
    drop: "drop",
    edit: "edit",
    undo: "undo",
  },
  saveKeys: "Enter saves, Escape cancels, Shift+Enter starts a new line.",
  makeTitle: "Make a data set from the questions",
  makeAbout: (name: string) =>
    `The next version of “${name}”: its passages, and these questions, each in the split of its passage.`,
  howPassages: "Passage in the prompt",
  passageChoices,
  which: "Which questions",
  allNotDropped: (count: number) => `All that were not dropped (${numberText(count)})`,
  onlyChecked: (count: number) => `Only checked ones (${numberText(count)})`,
  uncheckedLabel: "Figures measured with them are marked as made, with how many were checked.",
  makeNow: "Make the data set",
  saveFile: "Save as a file…",
  saveTitle: "Save the questions as a file",
  saveAbout:
    "One question on each line (JSONL), with its answer, the sentence that supports it, and what you decided. Such a file can be read as data again.",
  saveNow: "Choose where, and save",
  made: (questions: number, checked: number) =>
    `Data set made: ${counted(questions, "question")}, ${numberText(checked)} of them checked`,
  railWriting: "Writing questions",
  railWaiting: "Waiting for the run",
  wizardAbout:
    "A chat model on this computer can also write questions with answers from them, for example overnight. You look through them afterwards.",
  wizardLink: "Keep the data and write questions…",
};
