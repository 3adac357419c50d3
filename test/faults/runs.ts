/** Runs of the command line whose homes are inspected: the outcome of one, and what must exist. */
import Database from "better-sqlite3";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSplits } from "../../main/documents/stored/split-files.ts";
import { CHAT_FOLDER } from "../../main/trimming/chat/chat-model.ts";
import { homeIn } from "../../main/home/home.ts";
import { readOutcome } from "../../main/home/run-folder.ts";
import { openServices, openServicesToRead } from "../../main/services/open.ts";
import { readDescription } from "../../native-models/inference/write-model.ts";
import { openModel } from "../../native-models/open-model.ts";
import type { Ended } from "../main/cli/command.ts";
import { doneOf, figuresOf, optimizerOf, weightsOf } from "../main/cli/trimmed.ts";
import { readCheckpoint } from "./trims.ts";

/** The one run of a home; null if there is none yet. */
export function runIn(home: string): { id: string; state: string } | null {
  if (!existsSync(homeIn(home).database)) return null;
  const { runs, close } = openServicesToRead(home);
  try {
    return runs.list()[0] ?? null;
  } finally {
    close();
  }
}

/** What a trim gave, to the last bit: the model's files, the figures, and where the optimizer was. */
export async function outcomeOf(home: string, ended: Ended): Promise<unknown> {
  const done = doneOf(ended);
  return { weights: weightsOf(done), figures: figuresOf(done), optimizer: await optimizerOf(home, done) };
}

/** Throws unless all that a home has can be read; gives its one run's state, null if it has none. */
export async function readWhole(folder: string): Promise<string | null> {
  const services = openServices(folder);
  try {
    assert.equal(integrityOf(folder), "ok");
    const [run] = services.runs.list();
    if (!run) return null;
    const runFolder = join(services.home.runs, run.id);
    if (existsSync(runFolder)) await readCheckpoint(runFolder);
    if (run.state === "done") await readResult(runFolder);
    else readSplits(services.runs.get(run.id).plan.data.path);
    return run.state;
  } finally {
    services.close();
  }
}

/** What SQLite says of a home's database. */
export function integrityOf(folder: string): unknown {
  const database = new Database(homeIn(folder).database, { readonly: true });
  try {
    return database.pragma("integrity_check", { simple: true });
  } finally {
    database.close();
  }
}

/** Throws unless a finished run has its figures, its model and its chat model. */
async function readResult(runFolder: string): Promise<void> {
  const outcome = readOutcome(runFolder);
  assert.ok(outcome, "a finished run has no figures");
  const model = await openModel(outcome.output);
  model.close();
  await readDescription(join(outcome.output, CHAT_FOLDER));
}
