/**
 * `npm run test:distributed`, second part: the built-in sample's run is written as a folder, carried out by the programme for other
 * computers, and imported; the same run is carried out here. Both must keep the same blocks, and be as good on the same questions.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../build/root.ts";
import { TrimDone } from "../../preload/contract/runs/run.ts";
import { cutSample } from "../main/cut-sample.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-home-again-"));
try {
  const job = join(folder, "job");
  const data = cutSample(folder, { "train.jsonl": 24, "valid.jsonl": 24, "test.jsonl": 24 });
  const settings = join(folder, "settings.json");
  writeFileSync(
    settings,
    JSON.stringify({
      maxTokens: 256,
      tune: { maxEpochs: 2 },
      trim: { rowsPerRound: 32, calibrationRows: 20 },
      heal: { epochs: 1 },
      control: true,
    }),
  );
  const trim = ["trim", "--model", "sample", "--data", data, "--settings", settings, "--train-in", "f32"];
  coppice([...trim, "--elsewhere", job, "--yes"]);
  run(process.env["COPPICE_PYTHON"] ?? "python3", [join(job, "coppice_train.py"), job, "--dtype=f32"]);
  const there = TrimDone.parse(coppice(["import", job]));
  const here = TrimDone.parse(coppice([...trim, "--yes"]));
  compare(here, there);
  const { text } = coppice([
    "generate",
    "--model",
    there.output,
    "--prompt",
    "Hello",
    "--max-tokens",
    "8",
  ]) as {
    text: string;
  };
  if (text.length === 0) throw new Error("The imported model says nothing");
} finally {
  rmSync(folder, { recursive: true, force: true });
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
function coppice(args: readonly string[]): unknown {
  const output = run(process.execPath, [join(root, "main", "cli.ts"), ...args, "--json"]);
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

function run(command: string, args: readonly string[]): string {
  const env = { ...process.env, OMP_NUM_THREADS: "1", COPPICE_HOME: join(folder, "home") };
  const { status, stdout } = spawnSync(command, args, {
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
  return stdout;
}
