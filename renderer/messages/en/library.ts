import type { Phase } from "../../../preload/contract/run.ts";
import { numberText } from "../figures.ts";

const phases: Record<Phase, string> = {
  prepare: "reading the model",
  measure: "measuring the original",
  tune: "tuning on your data",
  score: "testing which block is needed least",
  drop: "cutting",
  train: "training again after a cut",
  heal: "healing",
  evaluate: "measuring",
  export: "saving",
};

export const library = {
  title: "Library",
  summary: (finished: number, running: number, waiting: number) =>
    [
      finished === 1 ? "1 finished model" : `${numberText(finished)} finished models`,
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
  noMatch: "Nothing here fits this search.",
  showAll: "Show everything",
  loading: "Reading the library",

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
  exportIt: "Export",
  erase: "Delete",
  compareCount: (count: number) => `Compare ${count}`,
  eraseCount: (count: number) => `Delete ${count}`,
  dropChoice: "Choose none",

  waiting: "Waiting for you",
  pausedByYou: "paused by you",
  interrupted: "interrupted when Coppice ended",
  stoppedByYou: "stopped by you",
  failed: "Failed",
  paused: "Paused",
  stopped: "Stopped",
  resume: "Resume",

  openModels: "Open models here",
  layers: (count: number) => (count === 1 ? "1 block" : `${count} blocks`),
  data: "Data sets",
  rows: (count: string) => `${count} rows`,
  add: "Add",
  disk: "Disk",
  diskUsed: (used: string) => `${used} used`,
  diskFree: (free: string) => `${free} free.`,
  diskLabel: (used: string, free: string) => `${used} used by Coppice, ${free} free`,
  tidy: "What lies where",

  emptyTitle: "Grow a smaller model that knows your field",
  emptyText:
    "Take an open language model, give it your own documents or questions, and Coppice makes a version for your work: about half as deep, about twice as fast. Everything happens on this computer.",
  trySample: "Try the sample",
  startOwn: "Start with your own",
  steps: [
    { title: "Choose a model", text: "From a file, from Ollama or LM Studio, or the built-in sample." },
    {
      title: "Give your material",
      text: "Questions with answers, or documents. A part is kept aside for an honest test.",
    },
    {
      title: "Trim and compare",
      text: "Blocks your field does not need are cut. You see what it keeps and what it forgets.",
    },
  ],

  editTitle: (name: string) => `${name}: name, tags and note`,
  name: "Name",
  nameMissing: "A run needs a name.",
  tags: "Tags",
  tagsHint: "Separated by commas; a search finds them.",
  note: "Note",
  save: "Save",

  eraseTitle: (names: readonly string[]) =>
    names.length === 1 ? `Delete “${names[0]}”?` : `Delete ${names.length} runs?`,
  eraseText: (freed: string) =>
    `This frees ${freed}. It cannot be undone: the files and what the database knows of it are erased.`,
  erases: "What is erased",
  parts: {
    checkpoints: "Saved depths and figures",
    model: "The trimmed model",
    cache: "Its chat weights",
    data: "The data as the engine reads it; your own files stay",
  },
  stays: {
    used: "stays, another run uses it",
    elsewhere: "stays, it lies in a folder of yours",
  },
  eraseTalks: (count: number) =>
    count === 1 ? "Also 1 conversation with it" : `Also ${count} conversations with it`,
  atWork: "It is at work.",
  atWorkText: "A run that is at work cannot be deleted. Pause it first; what it has reached is saved.",
  looking: "Counting what this frees",
  eraseNow: (freed: string) => `Delete and free ${freed}`,
  erased: (freed: string) => `Deleted, ${freed} freed`,

  backUp: "Back up",
  backUpAbout:
    "A complete copy in a new folder, compared file by file. Caches are left out; they can be made again.",
  backUpNow: "Back up to a folder",
  backedUp: (size: string) => `Backed up and compared, ${size}`,
  move: "Move",
  moveAbout: "To another folder or disk. The old one is removed when the new one has opened.",
  notMovable: "COPPICE_HOME says where this folder is; change it there.",
  moveNow: "Move to a folder",
  moveTitle: "Move everything that Coppice keeps?",
  moveText: (folder: string) =>
    `It is copied into ${folder} and compared; then Coppice starts again on the copy and removes the old folder.`,
  moveAndRestart: "Move and restart",
  copyStages: { copying: "Copying", checking: "Comparing the copy" },
};
