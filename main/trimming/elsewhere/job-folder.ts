/**
 * A run as a folder for another computer: its operations, its rows as tokens, the base in the Hugging Face layout, the initial adapters, and
 * the programme that carries it out (distributed/). No constant of the recipe stands in that programme: they are all in plan.json.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
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
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { entriesIn } from "../export/folder-entries.ts";
import { writeModelFolder } from "../export/export.ts";
import { writeFolderAtomic } from "../export/write-folder.ts";
import { readPlanned } from "../run/planned-data.ts";
import { runRows } from "../run/run-rows.ts";
import { ADAMW, MOST_NORM } from "../training/optimizer.ts";
import { SAVE_EVERY_MS } from "../training/train.ts";
import { operationsOf } from "./listed-run.ts";

/** What a plan has that only this computer can carry out, by its name in the plan; null: nothing. */
function notElsewhere(plan: TrimPlan): string | null {
  const others: readonly (readonly [name: string, isOther: boolean])[] = [
    [`recipe ${plan.recipe}`, plan.recipe !== "coppice" || plan.everything !== undefined],
    [`method ${plan.method.kind}`, plan.method.kind !== "lora"],
    [`unit ${plan.trim.unit}`, plan.trim.unit !== "block"],
    [`scorer ${plan.trim.scorer}`, plan.trim.scorer !== "nll-halving"],
    [`trim.tokens ${plan.trim.tokens}`, plan.trim.tokens !== "none"],
    ["vocabulary", plan.vocabulary !== undefined],
    ["a time limit", plan.budget !== undefined],
    ...Object.keys(plan.methods).map((id) => [`method ${id}`, true] as const),
  ];
  return others.find(([, isOther]) => isOther)?.[0] ?? null;
}

/**
 * Writes a plan's run into a new folder; `programme`: the folder of distributed/. Throws `bad-choice` with what it cannot do elsewhere, and
 * the errors of reading the model and data and of writing.
 */
export async function writeJobFolder(
  output: string,
  plan: TrimPlan,
  model: OpenModel,
  programme: string,
): Promise<void> {
  const other = notElsewhere(plan);
  if (other !== null) refuseChoice({ code: "not-elsewhere", choice: other });
  // The programme leaves out any block; with blocks of several kinds, not every program could load what is left.
  if (new Set(model.config.blocks).size > 1)
    refuseChoice({ code: "not-elsewhere", choice: "blocks of several kinds" });
  const { tokenizer } = model;
  const encoded = { plan, encoder: tokenizer, maxPositions: model.config.maxPositions };
  const rows = runRows(encoded, readPlanned(plan));
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
  const counts = { training: training.length, calibration: calibration.length };
  const trainable = trainableOf(plan.method);
  const job = {
    version: 1,
    plan,
    blocks: model.sections.length,
    alpha: trainable.kind === "lora" ? trainable.alpha : 0,
    optimizer: { ...ADAMW, mostNorm: MOST_NORM },
    passTokens: PASS_TOKENS,
    saveSeconds: SAVE_EVERY_MS / 1000,
    operations: operationsOf(plan, model.sections, counts),
  };
  await writeFolderAtomic(output, async (folder) => {
    await writeFileAtomic(join(folder, "plan.json"), JSON.stringify(job));
    await writeFileAtomic(join(folder, "rows.json"), JSON.stringify(written));
    await writeSafetensors(join(folder, "adapters.safetensors"), initialAdapters(model, plan));
    await mkdir(join(folder, "base"));
    await writeModelFolder(join(folder, "base"), model, tokenizer, () => {});
    for (const name of PROGRAMME) await copyFile(join(programme, name), join(folder, name));
    const sums: string[] = [];
    for (const { name, bytes } of await entriesIn(folder))
      if (bytes !== null) sums.push(`${await sha256OfFile(join(folder, name))}  ${name}\n`);
    await writeFileAtomic(join(folder, "SHA256SUMS"), sums.join(""));
  });
}

const PROGRAMME = ["coppice_train.py", "requirements.txt", "README.md"];

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
