import type { CorePhase } from "../../../preload/contract/runs/run.ts";
import { numberText } from "../figures.ts";
import { counted } from "./counted.ts";

const phases: Record<CorePhase, string> = {
  prepare: "reading the model",
  tune: "fine-tuning on your data",
  score: "finding the least needed block",
  drop: "removing blocks",
  train: "training after a cut",
  heal: "healing",
  evaluate: "measuring",
  export: "saving",
};

export const library = {
  title: "Library",
  summary: (finished: number, running: number, waiting: number) =>
    [
      counted(finished, "finished model"),
      ...(running > 0 ? [`${numberText(running)} in progress`] : []),
      ...(waiting > 0 ? [`${numberText(waiting)} waiting for you`] : []),
    ].join(", ") + ".",
  search: "Search the library",
  newModel: "New model",
  sort: "Sort by",
  sorts: { newest: "Newest", name: "Name", accuracy: "Accuracy", speed: "Speed", size: "File size" },
  show: "Show",
  filters: { all: "All", done: "Finished", open: "Running and queued", waiting: "Waiting for me" },
  tagged: (tag: string) => `Tag: ${tag}`,
  noMatch: "Nothing matches this search.",
  showAll: "Show everything",
  loading: "Loading the library",

  running: "Running",
  queued: "Next in the queue",
  phases,
  inRound: (round: number, phase: string) => `Round ${round}: ${phase}`,
  timeLeft: (time: string) => `about ${time} left`,
  progressOf: (name: string) => `Progress of ${name}`,
  trimming: "Trimming",
  waitsInQueue: "Queued",
  pause: "Pause",
  watch: "Watch",

  models: "Your models",
  heads: {
    blocks: "Blocks kept",
    name: "Name",
    accuracy: "Accuracy",
    speed: "Speed",
    file: "File",
  },
  keptOf: (kept: number, of: number) => `${kept} of ${of}`,
  notMeasured: "not measured",
  chat: "Chat",
  moreFor: (name: string) => `More for ${name}`,
  choose: (name: string) => `Choose ${name}`,
  open: "Open",
  edit: "Name, tags and note",
  compareWith: "Compare",
  erase: "Delete",
  compareCount: (count: number) => `Compare ${count}`,
  compareAtMost: (most: number) => `At most ${most} can be compared.`,
  eraseCount: (count: number) => `Delete ${count}`,
  dropChoice: "Clear selection",

  waiting: "Waiting for you",
  unfinished: "Not started yet",
  goOn: "Continue",
  discard: (name: string) => `Discard ${name}`,
  pausedByYou: "paused by you",
  interrupted: "interrupted when Coppice closed",
  stoppedByYou: "stopped by you",
  failed: "Failed",
  paused: "Paused",
  stopped: "Stopped",
  resume: "Resume",

  openModels: "Open models here",
  layers: (count: number) => counted(count, "block"),
  data: "Data sets",
  all: "All",
  allData: "All data sets",
  rows: (count: number) => counted(count, "row"),
  add: "Add",
  disk: "Disk",
  diskUsed: (used: string) => `${used} used`,
  diskFree: (free: string) => `${free} free.`,
  diskLabel: (used: string, free: string) => `${used} used by Coppice, ${free} free`,
  tidy: "Storage by folder",

  emptyTitle: "Grow a smaller model that knows your field",
  emptyText:
    "Take an open language model and your own documents or questions, and Coppice builds a version for your work: about half as deep, about twice as fast. Everything happens on this computer.",
  trySample: "Try the sample",
  startOwn: "Start with your own",
  steps: [
    { title: "Choose a model", text: "From a file, from Ollama or LM Studio, or the built-in sample." },
    {
      title: "Add your data",
      text: "Questions with answers, or documents. Some are held out for an honest test.",
    },
    {
      title: "Trim and compare",
      text: "Coppice removes the blocks that your field does not need. You see what the model keeps and what it forgets.",
    },
  ],

  editTitle: (name: string) => `${name}: name, tags and note`,
  name: "Name",
  nameMissing: "A run needs a name.",
  tags: "Tags",
  tagsHint: "Separate tags with commas. The search finds them.",
  note: "Note",
  save: "Save",

  eraseTitle: (names: readonly string[]) =>
    names.length === 1 ? `Delete “${names[0]}”?` : `Delete ${numberText(names.length)} runs?`,
  eraseText: (freed: string) =>
    `This frees ${freed}. The files and database entries are erased. You cannot undo this.`,
  erases: "To be erased",
  parts: {
    checkpoints: "Saved depths and figures",
    model: "The trimmed model",
    cache: "Its chat weights",
    data: "The prepared data; your own files stay",
  },
  stays: {
    used: "kept, another run uses it",
    elsewhere: "kept, it is in your own folder",
    kept: "kept, you named this data set",
  },
  eraseCorrections: (count: number) =>
    counted(count, "correction of its answers", "corrections of its answers"),
  correctionsEnd: { stay: "kept, as a data set", go: "deleted" },
  eraseTalks: (count: number) =>
    count === 1 ? "Also 1 conversation with it" : `Also ${count} conversations with it`,
  atWork: "The run is active.",
  atWorkText: "You cannot delete an active run. Pause it first; its progress is saved.",
  looking: "Calculating the space",
  eraseNow: (freed: string) => `Delete and free ${freed}`,
  erased: (freed: string) => `Deleted, ${freed} freed`,

  backUp: "Back up",
  backUpAbout:
    "A complete copy in a new folder, verified file by file. Caches are left out, because they can be rebuilt.",
  backUpNow: "Back up to a folder",
  backedUp: (size: string) => `Backed up and verified, ${size}`,
  move: "Move",
  moveAbout: "To another folder or disk. The old folder is removed once the new one has opened.",
  notMovable: "The COPPICE_HOME variable sets this folder. Change it there.",
  moveNow: "Move to a folder",
  moveTitle: "Move all of Coppice's data?",
  moveText: (folder: string) =>
    `Coppice copies its data to “${folder}” and verifies the copy; you can keep working meanwhile. Then it stops downloads and answers that are still running, restarts with the copy and removes the old folder.`,
  moveAndRestart: "Move and restart",
  copyFailed: { backUp: "The backup failed", move: "Coppice's data was not moved" },
  copyStages: { copying: "Copying", checking: "Verifying the copy" },
};
