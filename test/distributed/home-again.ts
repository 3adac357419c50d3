/**
 * The built-in sample's run by the command line: written as a folder, carried out by the programme for other computers, and imported; and
 * the same run carried out here. Both must keep the same blocks, and be as good on the same questions.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../../build/root.ts";
import { TrimDone } from "../../preload/contract/runs/run.ts";

/** Throws if they differ; `data`: the rows; the files and the home are in the new folder `folder`. */
export function homeAgain(python: string, data: string, folder: string): void {
  const coppice = (args: readonly string[]) => lastEvent(args, join(folder, "home"));
  const job = join(folder, "job");
  mkdirSync(folder);
  const settings = join(folder, "settings.json");
  const choices = {
    maxTokens: 256,
    tune: { maxEpochs: 2 },
    trim: { rowsPerRound: 32, calibrationRows: 20 },
    heal: { epochs: 1 },
    control: true,
  };
  writeFileSync(settings, JSON.stringify(choices));
  const trim = ["trim", "--model", "sample", "--data", data, "--settings", settings, "--train-in", "f32"];
  coppice([...trim, "--elsewhere", job, "--yes"]);
  run(python, [join(job, "coppice_train.py"), job, "--dtype=f32"], join(folder, "home"));
  const there = TrimDone.parse(coppice(["import", job]));
  compare(TrimDone.parse(coppice([...trim, "--yes"])), there);
  const answer = ["generate", "--model", there.output, "--prompt", "Hello", "--max-tokens", "8"];
  const { text } = z.object({ text: z.string() }).parse(coppice(answer));
  if (text.length === 0) throw new Error("The imported model says nothing");
}

/** Every depth has the same blocks, and its accuracy is within the other's interval. */
function compare(here: TrimDone, there: TrimDone): void {
  const figures = ({ metrics }: TrimDone) => [
    { name: "base", keptIndices: [], accuracy: metrics.base.accuracy },
    { name: "tuned", keptIndices: [], accuracy: metrics.tuned.accuracy },
    { name: "control", keptIndices: [], accuracy: metrics.control?.accuracy ?? null },
    ...metrics.depths,
  ];
  const others = figures(there);
  for (const [index, { name, keptIndices, accuracy }] of figures(here).entries()) {
    const other = others[index];
    console.log(name, keptIndices.join(" "), accuracy?.value, other?.accuracy?.value);
    if (other?.name !== name || other.keptIndices.join() !== keptIndices.join())
      throw new Error(
        `${name}: ${keptIndices.join()} here, ${other?.name} ${other?.keptIndices.join()} there`,
      );
    const [own, its] = [accuracy!, other.accuracy!];
    if (its.value < own.low || its.value > own.high)
      throw new Error(`${name}: an accuracy of ${own.value} here, ${its.value} there`);
  }
}

/** The last event of a command. */
function lastEvent(args: readonly string[], home: string): unknown {
  const output = run(process.execPath, [join(root, "main", "cli.ts"), ...args, "--json"], home);
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

function run(command: string, args: readonly string[], home: string): string {
  const env = { ...process.env, OMP_NUM_THREADS: "1", COPPICE_HOME: home };
  const { status, stdout } = spawnSync(command, args, {
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
  return stdout;
}
