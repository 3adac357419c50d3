/**
 * A run as a folder for another computer: its operations, its rows as tokens, the base in the Hugging Face layout, the initial adapters, and
 * the programme that carries it out (distributed/). No constant of the recipe stands in that programme: they are all in plan.json.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { blockWeight } from "../../../native-models/architectures/architecture.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { writeSafetensors } from "../../../native-models/formats/safetensors/write.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { labelPlaces, PASS_TOKENS } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { blockOf } from "../../../native-models/training/parts.ts";
import { trainableOf } from "../../../native-models/training/unit-graphs.ts";
import { Units } from "../../../native-models/training/units.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { entriesIn } from "../export/folder-entries.ts";
import { writeModelFolder } from "../export/export.ts";
import { writeFolderAtomic } from "../export/write-folder.ts";
import { readPlanned } from "../run/planned-data.ts";
import { runRows } from "../run/run-rows.ts";
import type { RunRows } from "../run/run-rows.ts";
import { ADAMW, MOST_NORM } from "../training/optimizer.ts";
import { SAVE_EVERY_MS } from "../training/train.ts";
import { operationsOf } from "./listed-run.ts";
import { checkElsewhere } from "./not-elsewhere.ts";

/** The rows of a plan's run, and rows.json with them. Throws the errors of reading the data. */
export function jobRows(plan: TrimPlan, { tokenizer, config }: OpenModel): { rows: RunRows; text: string } {
  const rows = runRows({ plan, encoder: tokenizer, maxPositions: config.maxPositions }, readPlanned(plan));
  const { training, calibration, validation } = rows;
  const written = {
    training: training.map(rowOf),
    calibration: calibration.map(({ row, answer }) => ({ ...rowOf(row), answer })),
    validation: validation.map(({ row, answer }) => ({ ...rowOf(row), answer })),
    test: rows.test.rows.map(rowOf),
    offDomain: rows.offDomain?.rows.map(rowOf) ?? null,
    choosing: rows.choosing.rows.map(rowOf),
    prompted: rows.prompted?.rows.rows.map(rowOf) ?? null,
  };
  return { rows, text: JSON.stringify(written) };
}

export interface JobOptions {
  /** The run's name. */
  readonly name: string;
  /** Where the folder is written first; by default next to it. */
  readonly partial?: string;
  /** Receives the share done. */
  readonly tell?: (fraction: number) => void;
}

/**
 * Writes a plan's run into a new folder; `programme`: the folder of distributed/. Throws as `checkElsewhere`, and the errors of reading the
 * model and data and of writing.
 */
export async function writeJobFolder(
  output: string,
  plan: TrimPlan,
  model: OpenModel,
  programme: string,
  { name, partial, tell = () => {} }: JobOptions = { name: "elsewhere" },
): Promise<void> {
  checkElsewhere(plan, model);
  const { rows, text } = jobRows(plan, model);
  const { training, calibration } = rows;
  const counts = { training: training.length, calibration: calibration.length };
  const trainable = trainableOf(plan.method);
  const job = {
    version: JOB_VERSION,
    name,
    plan,
    blocks: model.sections.length,
    alpha: trainable.kind === "lora" ? trainable.alpha : 0,
    optimizer: { ...ADAMW, mostNorm: MOST_NORM },
    passTokens: PASS_TOKENS,
    saveSeconds: SAVE_EVERY_MS / 1000,
    operations: operationsOf(plan, model.sections, counts),
  };
  await writeFolderAtomic(
    output,
    async (folder) => {
      await writeFileAtomic(join(folder, "plan.json"), JSON.stringify(job));
      await writeFileAtomic(join(folder, "rows.json"), text);
      await writeSafetensors(join(folder, "adapters.safetensors"), initialAdapters(model, plan));
      await mkdir(join(folder, "base"));
      await writeModelFolder(join(folder, "base"), model, model.tokenizer, tell, { asStored: true });
      for (const name of PROGRAMME) await copyFile(join(programme, name), join(folder, name));
      const sums: string[] = [];
      for (const { name, bytes } of await entriesIn(folder))
        if (bytes !== null)
          sums.push(`${await sha256OfFile(join(folder, name))}  ${name.replaceAll(sep, "/")}\n`);
      await writeFileAtomic(join(folder, "SHA256SUMS"), sums.join(""));
    },
    partial,
  );
}

/** The version of a job folder's form. */
export const JOB_VERSION = 1;
/** The file that a job has when it has ended, with the checksums of its results. */
export const DONE = "result/done.json";
const PROGRAMME = ["coppice_train.py", "requirements.txt", "Dockerfile", "README.md"];

const rowOf = (row: TokenRow) => ({
  ids: row.ids,
  labels: labelPlaces(row),
  ...(row.alternatives && { alternatives: row.alternatives }),
});

function initialAdapters(model: OpenModel, { method, seed }: TrimPlan) {
  const { held } = new Units(model, trainableOf(method), seed);
  return held.flatMap((block) =>
    block.specs.map(({ name, shape }) =>
      fromFloat32(blockWeight(blockOf(block.name)!, name), shape, block.value(name)),
    ),
  );
}
