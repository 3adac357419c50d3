import { durationText, madeText, numberText } from "../figures.ts";
import type { Accuracy } from "../../../preload/contract/runs/run.ts";
import { logText } from "../../../preload/contract/words/run-log.ts";
import { counted } from "./counted.ts";

type Unit = "block" | "sublayer";

const units = (unit: Unit, count: number) =>
  unit === "block" ? counted(count, "block") : counted(count, "half-block");

export const trim = {
  title: "Trimming",
  about: (model: string, unit: Unit, from: number, to: number, seed: number) =>
    `${model}, ${from} → ${units(unit, to)}, seed ${seed}`,
  units,

  pause: "Pause",
  resume: "Resume",
  stopAndKeep: "Stop and keep",
  stopping: "Stopping after this step",
  leaveQueue: "Remove from the queue",
  cancelRun: "Cancel this run",
  openFolder: "Open the folder",
  moreActions: "More actions",
  toLibrary: "To the library",
  result: "Result",
  startAnyway: "Start anyway",
  goOnAfterAll: "Continue after all",
  closeHint: "You can close this window; the run continues. Coppice shows it here when you reopen it.",
  notRunningHint: "The run is saved. If you resume it, it ends with the same result.",

  now: {
    waiting: "Waiting in the queue.",
    starting: "Starting the training process.",
    prepare: "Reading the model and your data.",
    tune: "Fine-tuning the whole model on your data.",
    score: (left: string) => `Finding which of the remaining ${left} your data needs least.`,
    drop: "Removing the least needed part.",
    train: "Training to recover from the cut.",
    heal: "Healing: the final training, with a learning rate that falls to zero.",
    evaluate: "Measuring on held-out test data.",
    export: "Saving the model and measuring its speed in chat.",
    paused: "Paused.",
    done: "The model is trimmed, measured and saved.",
    failed: "A problem stopped the run.",
    cancelled: "Cancelled.",
  },
  next: {
    prepare: "Next: measure the original model.",
    tune: "Next: measure the fine-tuned model, then start cutting.",
    score: "Next: remove the least needed part, then train again.",
    drop: "Next: train again.",
    train: "Next: measure and keep this depth.",
    heal: "Next: measure and save the healed model.",
    evaluate: "You can choose any measured depth later.",
    export: "This is the last step.",
  },
  share: (done: number) => `${Math.floor(100 * done)}% of this step`,
  round: (round: number, of: number) => `Round ${round} of ${of}`,
  beforeRounds: (of: number) => `Before the first of ${counted(of, "round")}`,
  afterRounds: (of: number) => (of === 0 ? "No cuts" : `All ${counted(of, "round")} done`),
  endsEarly: "Stopping early: no further rounds.",
  soFar: (seconds: number) => `${durationText(seconds)} so far`,
  left: (seconds: number | null) =>
    seconds === null ? "time left: unknown yet" : `about ${durationText(seconds)} left`,
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
  validationLoss: "on validation data",
  noStepsYet: "The curve starts with the first training step.",
  noDepthsYet: "The first point appears when the original model has been measured.",
  lossLabel: (first: number, last: number, steps: number) =>
    `Training loss from ${numberText(first, 2)} to ${numberText(last, 2)} over ${numberText(steps)} steps.`,
  unitsLeft: (unit: Unit): string => (unit === "block" ? "blocks left" : "half-blocks left"),
  original: "original",
  tuned: "fine-tuned, whole",
  control: "whole, trained further",
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
  accuracyNote: (questions: number, asked: Pick<Accuracy, "made" | "checked">) =>
    `On ${numberText(questions)} ${asked.made ? madeText(asked) : "test questions"}. Vertical lines are 95% intervals.`,

  watched: "The same questions after each round",
  watchedAt: (name: string, units: string) =>
    ({ base: "before any training", tuned: `fine-tuned, ${units}`, healed: `healed, ${units}` })[name] ??
    units,
  soFarTitle: "So far",
  facts: {
    accuracy: "Accuracy now",
    perplexity: "Perplexity now",
    loss: "Training loss",
    speed: "Training speed",
    device: "Device",
    saved: "Kept depths",
    tokens: (perSecond: number) => `${numberText(perSecond)} tokens/s`,
    threads: (count: number) => `CPU, ${counted(count, "thread")}`,
    depths: (count: number) => (count === 0 ? "none yet" : `${count}`),
    notYet: "not yet",
  },

  unknownDepth: "The blocks of this run's model cannot be shown.",
  unknownDepthText: "The library has no record of the model. The run's figures so far are below.",

  queued: (place: number) =>
    place <= 1 ? "This run is next in the queue." : `This run is number ${place} in the queue.`,
  queuedText: "It starts automatically when the earlier runs have ended.",
  waitsForPower: "The run is waiting for mains power.",
  waitsForPowerText:
    "Training drains the battery quickly. The run starts automatically when the computer is plugged in.",
  pausedTitle: "The run is paused.",
  pausedText:
    "It uses no memory or processor time. If you resume it, it ends with the same result as without the pause.",
  interruptedTitle: "The run was interrupted.",
  interruptedText: (since: string) =>
    `Coppice closed during the run (${since}). Saved progress is safe. If you resume the run, it ends with the same result.`,
  doneTitle: "The model is ready.",
  doneText: "It was measured on held-out test data.",
  cancelledTitle: "The run was cancelled.",
  cancelledText: "Its saved depths are kept.",
  resumedTitle: "The run continues.",
  resumedText: (fraction: string) => `It continues from its last save; ${fraction} is done.`,

  finishTitle: "Stop here and keep the model?",
  finishBefore:
    "No block has been cut yet. Coppice completes the current step, then measures and saves the fine-tuned model at full depth.",
  finishAfter: (kept: string, of: string) =>
    `Coppice completes the current step, then heals, measures and saves the model (${kept} of ${of} left), as if you had chosen this depth. You cannot continue cutting later.`,
  finishYes: "Stop and keep",
  goOn: "Continue trimming",
  cancelTitle: "Cancel this run?",
  cancelText:
    "The run ends now, without healing and measuring. You can still export the saved depths, and resume the run until you delete it.",
  cancelYes: "Cancel the run",

  log: "Log",
  /** A sentence in the log, which the trainer writes in English. */
  logged: logText,
  logEmpty: "Nothing yet.",
  phaseNames: {
    prepare: "Preparing",
    tune: "Fine-tuning",
    score: "Scoring",
    drop: "Cutting",
    train: "Training",
    heal: "Healing",
    evaluate: "Measuring",
    export: "Saving",
  },
  inRound: (phase: string, round: number) => `Round ${round}: ${phase}`,
  damagedTitle: "A saved file was damaged. Only time is lost.",
  damaged: {
    journal: "The run's journal is damaged. The previous one is used.",
    save: "The newest save is damaged. The previous one is used.",
    teacher: "The recorded outputs of the teacher are damaged. They are recorded again.",
    method: "What a method had kept is damaged. It is made again.",
  },
};
