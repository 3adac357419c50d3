/** A training run in the background of a measurement. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../../../build/root.ts";
import { sample, sampleName } from "../../../../main/services/models/sample.ts";
import type { PlanPatch } from "../../../../preload/contract/plans/plan.ts";

/** Tunes longer than any measurement takes, within the available disk space. */
const EPOCHS = 500;
const recipe: PlanPatch = {
  tune: { maxEpochs: EPOCHS },
};

/**
 * Does some work while the command line trains the built-in sample, in its own home and trainer process with low priority,
 * starting at the first training step. Throws if training ends before the work does.
 */
export async function whileTraining<Result>(threads: number, work: () => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-training-"));
  const recipePath = join(folder, "recipe.json");
  writeFileSync(recipePath, JSON.stringify(recipe));
  const global = ["--json", "--home", join(folder, "home")];
  const options = [
    "--model",
    sampleName,
    "--data",
    sample.data,
    "--settings",
    recipePath,
    "--threads",
    String(threads),
  ];
  const child = spawn(process.execPath, [join(root, "main", "cli.ts"), ...global, "trim", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  try {
    await firstStep(child.stdout);
    child.stdout.resume();
    const result = await work();
    if (child.exitCode !== null) throw new Error("The training ended before the measurement did.");
    return result;
  } finally {
    child.kill("SIGKILL"); // the trainer ends with its parent
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function firstStep(output: NodeJS.ReadableStream): Promise<void> {
  const lines = createInterface({ input: output });
  for await (const line of lines) if ((JSON.parse(line) as { event: string }).event === "step") return;
  throw new Error("The training ended without a step.");
}
