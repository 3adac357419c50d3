/** The product's whole job: the reader's dataset, the plan, the recipe in a run's folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDataset } from "../../../../main/documents/dataset.ts";
import { Control } from "../../../../main/trimming/job-control.ts";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import { trim } from "../../../../main/trimming/schedule/trim.ts";
import { patched } from "../../../../preload/contract/plans/plan.ts";
import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { Phase } from "../../../../preload/contract/runs/run.ts";
import { JOB_PHASES } from "../whole-job.ts";
import type { JobFigures, JobPhase, OpenWholeJob } from "../whole-job.ts";

/** The recipe's phases, mapped to those of the job. */
const PHASES: Partial<Record<Phase, JobPhase>> = {
  prepare: "prepare",
  tune: "tune",
  score: "scan",
  train: "rounds",
  heal: "heal",
  evaluate: "evaluate",
};

export const open: OpenWholeJob = ({ modelPath, data, keptShare, recipe, threads }) => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-whole-job-run-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return Promise.resolve({
    async run(): Promise<JobFigures> {
      const clock = new PhaseClock();
      const model = await openModel(modelPath);
      const dataFolder = join(folder, "data");
      await readDataset({ data: [data], out: dataFolder, seed: recipe.seed! });
      const { blocks, maxPositions, hiddenSize } = model.config;
      const layers = blocks.length;
      const plan = planTrim(
        { model: { path: modelPath, layers, maxPositions, hiddenSize }, sha256: "", dataFolder },
        patched(recipe, { threads, trim: { keep: { fraction: keptShare } } }),
      );
      const runFolder = join(folder, "run");
      const input = { runFolder, plan, model, encoder: model.tokenizer, keepsActivations: true };
      const { tuned, depths } = await runRecipe(trim, input, {
        control: new Control(),
        report: (event) => {
          if (event.event === "phase") clock.begin(PHASES[event.phase]!);
        },
      });
      const seconds = clock.stop();
      model.close();
      const healed = depths.at(-1)!;
      return {
        seconds,
        accuracy: {
          tuned: tuned.measured.test.accuracy!.value,
          healed: healed.measured.test.accuracy!.value,
        },
      };
    },
  });
};

/** Seconds per phase; each lasts until the next one begins. */
class PhaseClock {
  readonly #seconds = Object.fromEntries(JOB_PHASES.map((phase) => [phase, 0])) as Record<JobPhase, number>;
  #phase: JobPhase = "prepare";
  #since = performance.now();

  begin(phase: JobPhase): void {
    const now = performance.now();
    this.#seconds[this.#phase] += (now - this.#since) / 1000;
    this.#phase = phase;
    this.#since = now;
  }

  stop(): Record<JobPhase, number> {
    this.begin(this.#phase);
    return this.#seconds;
  }
}
