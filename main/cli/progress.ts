/** A run's progress for a person: the current phase, the share done, the time left, and the result of each part. */
import { unitName } from "../../preload/contract/plans/plan.ts";
import type { UnitKind } from "../../preload/contract/plans/plan.ts";
import type { CorePhase, Damaged, Phase, RunEvent } from "../../preload/contract/runs/run.ts";
import { accuracyText, doneText, durationText } from "../../preload/contract/words/figures.ts";
import { methodOfPhase } from "../../preload/methods/index.ts";
import type { Terminal } from "./terminal.ts";

const phases: Record<CorePhase, string> = {
  prepare: "Getting ready",
  tune: "Fine-tuning the whole model",
  score: "Finding what is needed least",
  drop: "Cutting",
  train: "Training after the cut",
  heal: "Healing",
  evaluate: "Measuring on the test data",
  export: "Saving the model",
};

const phaseText = (phase: Phase): string => methodOfPhase(phase)?.text.en.name ?? phases[phase as CorePhase];

/** An improvement's name for the tuning phase. */
const IMPROVING = "Training on corrections";

const damaged: Record<Damaged, string> = {
  journal: "The run's journal is damaged. The previous one is used.",
  save: "The newest save is damaged. The previous one is used.",
  teacher: "The teacher's file is damaged. It is written again.",
  method: "What a method of the plan had kept is damaged. It is made again.",
};

/** The bar's width in characters: the text next to it has priority. */
const barWidth = { least: 8, most: 24 };

/** Shows the events of a run on a terminal, or passes them to a program. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #unit: UnitKind;
  readonly #improves: boolean;
  #phase: Phase = "prepare";
  #round: number | undefined;
  #fraction = 0;
  #secondsLeft: number | null = null;
  /** In a pipe: the phase and the tenth of the run that were printed last. */
  #printed = "";

  constructor(terminal: Terminal, unit: UnitKind = "block", improves = false) {
    this.#terminal = terminal;
    this.#unit = unit;
    this.#improves = improves;
  }

  /** Handles an event. */
  show(event: RunEvent): void {
    this.#terminal.emit(event);
    if (this.#terminal.json) return;
    const line = this.#sentence(event);
    if (line !== null) this.#terminal.say(line);
    if (event.event === "phase") {
      this.#phase = event.phase;
      this.#round = event.round ?? (event.phase === "train" ? this.#round : undefined);
      this.#update();
    }
    if (event.event === "progress") {
      this.#phase = event.phase;
      this.#fraction = event.fraction;
      this.#secondsLeft = event.secondsLeft;
      this.#update();
    }
  }

  /** Clears the progress line. */
  end(): void {
    this.#terminal.endStatus();
  }

  #update(): void {
    const { colours, live } = this.#terminal;
    const round = this.#round === undefined ? "" : `round ${this.#round}: `;
    const phase = this.#improves && this.#phase === "tune" ? IMPROVING : phaseText(this.#phase);
    const now = round === "" ? phase : `${capital(round)}${phase[0]!.toLowerCase()}${phase.slice(1)}`;
    const percent = doneText(this.#fraction).padStart(4);
    const left =
      this.#secondsLeft === null || this.#fraction >= 1
        ? ""
        : `about ${durationText(this.#secondsLeft)} left`;
    if (live) {
      const words = [now, left].filter((part) => part !== "").join(" · ");
      const room = this.#terminal.columns - percent.length - 3;
      const width = Math.max(barWidth.least, Math.min(barWidth.most, room - words.length));
      const done = Math.round(width * this.#fraction);
      const bar = colours.green("━".repeat(done)) + colours.dim("─".repeat(width - done));
      this.#terminal.status(`${bar} ${percent} ${words}`);
      return;
    }
    const line = `${now} ${Math.floor(10 * this.#fraction)}`;
    if (line === this.#printed) return;
    this.#printed = line;
    this.#terminal.say(`${percent}  ${now}${left === "" ? "" : ` (${left})`}`);
  }

  /** The line for an event that stays on the screen; null for most events. */
  #sentence(event: RunEvent): string | null {
    const { colours } = this.#terminal;
    switch (event.event) {
      case "validation":
        return `  ${colours.dim("after epoch")} ${event.epoch}${colours.dim(": validation loss")} ${event.loss.toFixed(3)}`;
      case "dropped":
        return `  ${colours.dim(`round ${event.round}: cut`)} ${this.#units(event.units)}${colours.dim(",")} ${event.kept.length} ${colours.dim("left")}`;
      case "evaluation": {
        if (event.split !== "test") return null;
        const { accuracy, perplexity } = event.depth.evaluation;
        const figures = [
          accuracy && `${accuracyText(accuracy)} right`,
          perplexity !== null && `perplexity ${perplexity.toFixed(2)}`,
        ].filter((figure): figure is string => typeof figure === "string");
        const { units, healed } = event.depth;
        const name = {
          base: "the original model",
          tuned: this.#improves ? "before" : "fine-tuned, whole",
          trimmed: this.#improves ? "improved" : `${units} ${this.#plural(units)}${healed ? ", healed" : ""}`,
          control: "whole, trained further",
        }[event.subject];
        return `  ${colours.dim(`${name}:`)} ${figures.join(", ")}`;
      }
      case "damaged":
        return `  ${colours.yellow(damaged[event.what])}`;
      default:
        return null;
    }
  }

  #units(units: readonly number[]): string {
    return `${this.#plural(units.length)} ${units.join(" and ")}`;
  }

  #plural(count: number): string {
    return `${unitName[this.#unit]}${count === 1 ? "" : "s"}`;
  }
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
