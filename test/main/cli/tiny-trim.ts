/** A trim by the command line that takes seconds, and what two undisturbed runs of it share. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TrimDone } from "../../../preload/contract/run.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import type { Ended } from "./command.ts";
import { writeTinyData } from "./tiny-data.ts";
import { writeTinyModel } from "./tiny-model.ts";

/** A model of three blocks, data, and a plan of two rounds; `trim` is the command. */
export async function tinyTrim() {
  const folder = temporaryFolder();
  const model = await writeTinyModel(join(folder, "tiny"), 3);
  const data = writeTinyData(join(folder, "data"));
  const recipe = join(folder, "recipe.json");
  const plan = {
    maxTokens: 64,
    tune: { maxEpochs: 1 },
    trim: { keep: { units: 1 }, rowsPerRound: 16, calibrationRows: 8 },
    heal: { epochs: 1 },
  };
  writeFileSync(recipe, JSON.stringify(plan));
  const trim = ["trim", "--model", model, "--data", data, "--recipe", recipe, "--threads", "1", "--json"];
  return { home: join(folder, "home"), folder, model, trim };
}

/** The folder of the one run of a home. */
export function onlyRun(home: string): { id: string; folder: string } {
  const [id] = readdirSync(join(home, "runs"));
  return { id: id!, folder: join(home, "runs", id!) };
}

/** What a trim ended with. */
export function doneOf({ events, errors }: Ended): TrimDone {
  const done = TrimDone.safeParse(events.at(-1));
  if (!done.success) throw new Error(`It did not end well: ${errors}`);
  return done.data;
}

/** The bytes of all files of the model that came out, by name. */
export function weightsOf({ output }: TrimDone): Record<string, string> {
  const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const hashed = files.map((file) => {
    const path = join(file.parentPath, file.name);
    return [path.slice(output.length), createHash("sha256").update(readFileSync(path)).digest("hex")];
  });
  return Object.fromEntries(hashed) as Record<string, string>;
}

/** What it measured, but how long things took. */
export function figuresOf({ units, metrics }: TrimDone): unknown {
  return JSON.parse(JSON.stringify({ units, metrics }), (key, value: unknown) =>
    key === "tokensPerSecond" ? undefined : value,
  ) as unknown;
}
