/** A run's progress and remaining time, from planned work and measured speed. */
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { PlannedStage } from "../../../preload/contract/runs/schedule.ts";

/** Reports are at least this far apart. */
const REPORT_EVERY_MS = 250;

/** The seconds per unit of work are averaged over this share of the most recent work. */
const MEMORY_SHARE = 0.05;

export class Progress {
  readonly #report: (event: RunEvent) => void;
  readonly #now: () => number;
  /** Within a time: the seconds that are left of it. */
  readonly #given: () => number;
  readonly #planned: PlannedStage[];
  #stage: PlannedStage | null = null;
  #doneInStage = 0;
  #doneBefore = 0;
  #secondsPerWork: number | null = null;
  #lastTime: number;
  #lastReport = -Infinity;

  constructor(
    planned: readonly PlannedStage[],
    report: (event: RunEvent) => void,
    { now = () => performance.now(), given = () => Infinity } = {},
  ) {
    this.#planned = [...planned];
    this.#report = report;
    this.#now = now;
    this.#given = given;
    this.#lastTime = now();
  }

  /** A stage starts. It should be a planned one; earlier planned stages that were skipped are left out. */
  begin(name: string): void {
    this.#doneBefore += this.#stage?.work ?? 0;
    const index = this.#planned.findIndex((stage) => stage.name === name);
    this.#stage = index < 0 ? null : this.#planned[index]!;
    if (index >= 0) this.#planned.splice(0, index + 1);
    this.#doneInStage = 0;
    this.#lastTime = this.#now();
  }

  /** A later stage will do `factor` times its planned work. */
  resize(name: string, factor: number): void {
    const index = this.#planned.findIndex((stage) => stage.name === name);
    if (index < 0) return;
    const { work, tokens, ...stage } = this.#planned[index]!;
    this.#planned[index] = { ...stage, work: factor * work, tokens: factor * tokens };
  }

  /** Part of the current stage's work is done; `testing` is the unit being scored. */
  advance(work: number, testing: number | null = null): void {
    const now = this.#now();
    const seconds = (now - this.#lastTime) / 1000;
    this.#lastTime = now;
    this.#doneInStage += work;
    const share = Math.min(1, work / (MEMORY_SHARE * this.#total));
    const rate = seconds / work;
    this.#secondsPerWork =
      this.#secondsPerWork === null ? rate : this.#secondsPerWork * (1 - share) + rate * share;
    if (now - this.#lastReport >= REPORT_EVERY_MS && this.#stage) {
      this.#lastReport = now;
      this.#tell(this.#stage, testing);
    }
  }

  #tell({ phase, work }: PlannedStage, testing: number | null): void {
    const done = Math.min(this.#doneInStage, work);
    const left = this.#total - this.#doneBefore - done;
    const secondsLeft =
      this.#secondsPerWork === null ? null : Math.min(left * this.#secondsPerWork, this.#given());
    this.#report({
      event: "progress",
      phase,
      done,
      total: work,
      fraction: 1 - left / this.#total,
      secondsLeft,
      testing,
    });
  }

  get #total(): number {
    const ahead = this.#planned.reduce((sum, { work }) => sum + work, 0);
    return Math.max(1, this.#doneBefore + (this.#stage?.work ?? 0) + ahead);
  }
}
