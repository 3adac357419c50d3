/** What the programme for other computers would write into a job's folder, with made-up results: nothing is trained. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { operationsOf } from "../../../../main/trimming/elsewhere/listed-run.ts";
import { openSafetensors } from "../../../../native-models/formats/safetensors/read.ts";
import { writeSafetensors } from "../../../../native-models/formats/safetensors/write.ts";
import { Random } from "../../../../native-models/random.ts";

interface Rows {
  readonly [split: string]: readonly { readonly labels: number[]; readonly alternatives?: number[] }[] | null;
}

interface State {
  stages: { name: string; result: unknown }[];
  depths: Record<string, { kept: number[]; file: string }>;
}

const textIn = (folder: string, name: string) => readFileSync(join(folder, name), "utf8");

/** Finishes the job: in each round, the block with the highest number is needed least. */
export async function finishJob(folder: string): Promise<void> {
  const { operations, blocks } = JSON.parse(textIn(folder, "plan.json")) as {
    operations: ReturnType<typeof operationsOf>;
    blocks: number;
  };
  const rows = JSON.parse(textIn(folder, "rows.json")) as Rows;
  const random = new Random(1, "finish");
  const nlls = (split: string) =>
    rows[split]?.map(({ labels, alternatives = [] }) =>
      [...labels, ...alternatives].map(() => 0.1 + random.uniform()),
    ) ?? null;
  mkdirSync(join(folder, "result", "depths"), { recursive: true });
  const { tensors, close } = openSafetensors(join(folder, "adapters.safetensors"));
  const { stages, depths }: State = { stages: [], depths: {} };
  let kept = [...Array(blocks).keys()];
  const done = (name: string, result: unknown = null) => void stages.push({ name, result });
  const keep = async (name: string) => {
    const file = `depths/${name.replaceAll(" ", "-")}.safetensors`;
    const own = [...tensors.values()].filter(({ name }) => kept.some((k) => name.includes(`.layers.${k}.`)));
    await writeSafetensors(join(folder, "result", file), own);
    depths[name] = { kept: [...kept], file };
  };
  for (const op of operations) {
    if (op.op === "train" || op.op === "keep") await keep(op.op === "train" ? op.name : op.depth);
    if (op.op === "train" || op.op === "keep") done(op.name);
    else if (op.op === "validate") done(op.name, 1 / op.epoch);
    else if (op.op === "teach") done(op.name, {});
    else if (op.op === "scores")
      done(
        op.name,
        kept.map((unit) => ({ unit, score: 9 - unit, accuracy: 0.5 })),
      );
    else if (op.op === "drop") kept = kept.slice(0, -op.count);
    else if (op.op === "measure")
      done(op.name, Object.fromEntries(op.splits.map((split) => [split, nlls(split)])));
    else if (op.op === "branch") {
      kept = depths[op.from]!.kept;
      done(op.name);
    }
  }
  close();
  writeResult(folder, "events.jsonl", eventLines(stepEvent(1)));
  writeResult(folder, "state.json", JSON.stringify({ stages, depths }));
  sealJob(folder);
}

export const stepEvent = (step: number) => ({
  ...{ event: "step", step, loss: 1, distillationLoss: null, learningRate: 0.1 },
  ...{ gradientNorm: 1, tokensPerSecond: 9, tokens: 9 },
});

export const validationEvent = (epoch: number, loss: number) => ({
  ...{ event: "validation", step: epoch, epoch, loss, accuracy: null },
});

export const eventLines = (...events: object[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");

/** Makes a finished job one that has only got to the end of this stage. */
export function endAfter(folder: string, last: string): void {
  rmSync(join(folder, "result", "done.json"));
  const state = JSON.parse(textIn(folder, "result/state.json")) as State;
  const count = state.stages.findIndex(({ name }) => name === last) + 1;
  writeResult(folder, "state.json", JSON.stringify({ ...state, stages: state.stages.slice(0, count) }));
}

export function writeResult(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, "result", name), text);
}

/** Writes result/done.json for the files that are there; `more`: further names. */
export function sealJob(folder: string, more: Record<string, string> = {}): void {
  const hash = (...names: string[]) =>
    createHash("sha256")
      .update(readFileSync(join(folder, ...names)))
      .digest("hex");
  const names = [
    "events.jsonl",
    "state.json",
    ...readdirSync(join(folder, "result", "depths")).map((name) => `depths/${name}`),
  ];
  const files = Object.fromEntries(names.map((name) => [name, hash("result", name)]));
  writeResult(folder, "done.json", JSON.stringify({ plan: hash("plan.json"), files: { ...files, ...more } }));
}
