import { accuracyText, durationText, numberText } from "../figures.ts";
import type { Accuracy } from "../../../preload/contract/run.ts";

type Unit = "block" | "sublayer";

const units = (unit: Unit, count: number) =>
  unit === "block"
    ? `${count} block${count === 1 ? "" : "s"}`
    : `${count} half-block${count === 1 ? "" : "s"}`;

export const trim = {
  title: "Trimming",
  about: (model: string, unit: Unit, from: number, to: number, seed: number) =>
    `${model}, ${from} → ${units(unit, to)}, seed ${seed}`,
  units,

  pause: "Pause",
  resume: "Go on",
  stopAndKeep: "Stop and keep",
  stopping: "Ends after this step",
  leaveQueue: "Take out of the queue",
  cancelRun: "Cancel this run",
  openFolder: "Open the folder",
  moreActions: "More actions",
  toLibrary: "To the library",
  result: "Result",
  startAnyway: "Start anyway",
  goOnAfterAll: "Go on after all",
  closeHint: "You can close this window: the run goes on. Started again, Coppice shows it here.",
  notRunningHint: "What was saved stays. The run goes on from there with the same result.",

  now: {
    waiting: "Waiting for its turn.",
    starting: "Starting the trainer.",
    prepare: "Getting ready: reading the model and your data.",
    measure: "Measuring this computer.",
    tune: "Fine-tuning the whole model on your data.",
    score: (left: string) => `Testing which of the ${left} left your data needs least.`,
    drop: "Cutting what is needed least.",
    train: "Training, so that the model recovers from the cut.",
    heal: "Healing: the last training, at a rate that falls to nothing.",
    evaluate: "Measuring on test data that it never saw.",
    export: "Saving the model and measuring its speed in chat.",
    paused: "Paused. Nothing is computed now.",
    done: "Done: the model is trimmed, measured and saved.",
    failed: "Stopped by a problem.",
    cancelled: "Cancelled.",
  },
  next: {
    prepare: "Next: the model is measured as it came.",
    measure: "Next: the model is measured as it came.",
    tune: "Next: the fine-tuned model is measured; the cuts come after that.",
    score: "Next: the least needed is cut, then the model trains again.",
    drop: "Next: the model trains again.",
    train: "Next: this depth is measured and kept to choose from.",
    heal: "Next: the healed model is measured and saved.",
    evaluate: "Every depth that was measured can be chosen later.",
    export: "This is the last step.",
  },
  share: (done: number) => `${Math.floor(100 * done)}% of this step`,
  round: (round: number, of: number) => `Round ${round} of ${of}`,
  beforeRounds: (of: number) => `Before the first of ${of} round${of === 1 ? "" : "s"}`,
  afterRounds: (of: number) => (of === 0 ? "No cuts" : `All ${of} round${of === 1 ? "" : "s"} done`),
  endsEarly: "Ends early: no further round.",
  soFar: (seconds: number) => `${durationText(seconds)} so far`,
  left: (seconds: number | null) =>
    seconds === null ? "time left: not known yet" : `about ${durationText(seconds)} left`,
  overall: "Progress of the whole run",
  percent: (fraction: number) => `${Math.floor(100 * fraction)}%`,

  map: "Layer map",
  view: "View",
  stem: "Stem",
  rings: "Rings",
  unitsLeftOf: (left: number, of: number, unit: Unit) => `${left} of ${units(unit, of)}`,

  accuracyTitle: "Accuracy as the model gets shallower",
  perplexityTitle: "Perplexity as the model gets shallower",
  lossTitle: "Training loss",
  lowerIsBetter: "lower is better",
  step: "step",
  loss: "loss",
  validationLoss: "on held-out data",
  noStepsYet: "The curve begins with the first training step.",
  noDepthsYet: "The first point comes when the model has been measured as it came.",
  lossLabel: (first: number, last: number, steps: number) =>
    `Training loss from ${numberText(first, 2)} to ${numberText(last, 2)} over ${numberText(steps)} steps.`,
  unitsLeft: (unit: Unit): string => (unit === "block" ? "blocks left" : "half-blocks left"),
  original: "as it came",
  tuned: "fine-tuned, whole",
  trimmed: "trimmed",
  healed: "trimmed and healed",
  guessing: "always the same answer",
  floor: "your floor",
  goal: "goal",
  accuracy: "Accuracy",
  perplexity: "Perplexity",
  interval: "95% interval",
  depth: "Depth",
  accuracyLabel: (points: readonly string[]) => `Accuracy on the test questions: ${points.join("; ")}.`,
  perplexityLabel: (points: readonly string[]) => `Perplexity of the test texts: ${points.join("; ")}.`,
  accuracyPoint: (name: string, accuracy: Accuracy) => `${name} ${accuracyText(accuracy)}`,
  accuracyNote: (questions: number) =>
    `On ${numberText(questions)} test questions; the lines up and down are 95% intervals.`,

  soFarTitle: "So far",
  facts: {
    accuracy: "Accuracy now",
    perplexity: "Perplexity now",
    loss: "Training loss",
    speed: "Training speed",
    device: "Device",
    saved: "Kept depths",
    tokens: (perSecond: number) => `${numberText(perSecond)} tokens/s`,
    threads: (count: number) => `CPU, ${count} thread${count === 1 ? "" : "s"}`,
    depths: (count: number) => (count === 0 ? "none yet" : `${count}`),
    notYet: "not yet",
  },

  queued: (place: number) =>
    place <= 1 ? "It is next in the queue." : `It is number ${place} in the queue.`,
  queuedText: "It starts by itself when the runs before it have ended.",
  waitsForPower: "It waits for mains power.",
  waitsForPowerText:
    "The computer runs on its battery, and training uses a lot of it. It starts by itself when the computer is plugged in.",
  pausedTitle: "The run is paused.",
  pausedText:
    "Memory and processor are free. It goes on from what was saved, with the same result as without the pause.",
  interruptedTitle: "The run was interrupted.",
  interruptedText: (since: string) =>
    `Coppice ended while it ran (${since}). What was saved before is safe; it goes on from there with the same result.`,
  doneTitle: "The model is ready.",
  doneText: "It was measured on test data that it never saw.",
  cancelledTitle: "The run was cancelled.",
  cancelledText: "What it reached is still there.",
  resumedTitle: "The run goes on.",
  resumedText: (fraction: string) =>
    `It was taken up again where it had been saved; ${fraction} of it is done.`,

  finishTitle: "Stop here and keep what there is?",
  finishBefore:
    "No block has been cut yet. The step under way is completed; then you get the fine-tuned model at its full depth, measured and saved.",
  finishAfter: (kept: string, of: string) =>
    `The step under way is completed. Then the model (${kept} left, from ${of}) is healed, measured and saved, as if you had asked for this depth. No further round follows, and it cannot go deeper later.`,
  finishYes: "Stop and keep",
  goOn: "Go on trimming",
  cancelTitle: "Cancel this run?",
  cancelText:
    "It ends now, without healing and measuring. Depths that are already kept can still be exported, and the run can be taken up again until it is deleted.",
  cancelYes: "Cancel the run",

  log: "Log",
  logEmpty: "Nothing yet.",
  phaseNames: {
    prepare: "Getting ready",
    measure: "Measuring this computer",
    tune: "Fine-tuning",
    score: "Testing",
    drop: "Cutting",
    train: "Training",
    heal: "Healing",
    evaluate: "Measuring",
    export: "Saving",
  },
  inRound: (phase: string, round: number) => `Round ${round}: ${phase}`,
  damagedTitle: "Something saved was damaged. Nothing is lost but time.",
  damaged: {
    journal: "The run's journal is damaged: the one before it is used.",
    save: "The newest save is damaged: the one before it is used.",
    teacher: "The file of the teacher's states is damaged: it is written again.",
  },
  decided: (name: string, value: string) => `Decided: ${name} = ${value}`,
  activityLeft: (what: string, left: string) => `${what}, ${left}`,
};
