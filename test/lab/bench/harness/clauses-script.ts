/** test/lab/reference/trim-clauses.py, the same job in PyTorch, on the contract clauses. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../../build/root.ts";
import { smolLm2 } from "../../reference/setup.ts";
import type { Context } from "./benchmark.ts";
import { runPython } from "./sides.ts";

export type Precision = "fp32" | "bf16";

/** The script's last line. */
export interface ScriptDone {
  readonly event: "done";
  /** By phase, and `total`. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Shares of the test questions. */
  readonly metrics: Readonly<Record<"base" | "tuned" | "trimmed", { readonly value: number }>>;
  readonly peakMemoryBytes: number;
}

/** The folder of train.jsonl, valid.jsonl and test.jsonl. Throws if it is missing. */
export function clausesFolder(): string {
  const folder = join(root, "..", "shared", "data", "clauses");
  if (!existsSync(folder)) throw new Error(`This needs the clauses in ${folder}.`);
  return folder;
}

/** Which precision is faster here, timed on an epoch of a few rows and their evaluation; noted with the figures. */
export async function fasterPrecision(context: Context, data: string): Promise<Precision> {
  const seconds = async (precision: Precision) => {
    const short = { limit: 48, keep: 1, "tune-epochs": 1, "heal-epochs": 0 };
    const { seconds: spent } = await runClausesScript(context, data, precision, short);
    return spent.tune! + spent.evaluate!;
  };
  const [fp32, bf16] = [await seconds("fp32"), await seconds("bf16")];
  context.say(`PyTorch on a short job: fp32 ${fp32.toFixed(1)} s, bf16 autocast ${bf16.toFixed(1)} s`);
  const faster = bf16 < fp32 ? "bf16" : "fp32";
  context.against("PyTorch in", faster === "bf16" ? "bf16 autocast" : "fp32");
  return faster;
}

/** Runs the script on SmolLM2-135M; `options` are its own. */
export async function runClausesScript(
  { threads, say, against }: Context,
  data: string,
  precision: Precision,
  options: Readonly<Record<string, number>>,
): Promise<ScriptDone> {
  const all = { model: smolLm2(), data, precision, threads, ...options };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  let done: ScriptDone | null = null;
  for await (const event of runPython("trim-clauses.py", args)) {
    const told = event as { event: string; name?: string; accuracy?: { value: number }; torch?: string };
    if (told.event === "started") against("PyTorch", told.torch);
    if (told.event === "evaluation")
      say(`PyTorch ${precision}, ${told.name}: ${told.accuracy!.value.toFixed(3)}`);
    if (told.event === "done") done = event as ScriptDone;
  }
  return done!;
}
