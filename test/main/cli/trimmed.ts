/** What a trim by the command line leaves, and what two undisturbed ones share. Without a test runner. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "../../../main/trimming/journal/journal-file.ts";
import type { Save } from "../../../main/trimming/journal/journal-file.ts";
import { TrimDone } from "../../../preload/contract/runs/run.ts";
import type { Ended } from "./command.ts";

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
    ["tokensPerSecond", "timesAsFast"].includes(key) ? undefined : value,
  ) as unknown;
}

/** What training had reached at its end, the optimizer's moments too: of a finished run the previous journal still names them. */
export function optimizerOf(home: string, { runId }: TrimDone): Promise<unknown> {
  return lastSaveIn(join(home, "runs", runId));
}

/** A run's last save, but how long it took and how fast it was: its objects are named by their bytes. */
export async function lastSaveIn(runFolder: string): Promise<unknown> {
  const save = (await readJournal(runFolder))?.content.saves[0] ?? savesBefore(runFolder)[0];
  return save && { ...save, secondsPerBlock: undefined };
}

function savesBefore(runFolder: string): Save[] {
  const path = join(runFolder, "journal-before.json");
  if (!existsSync(path)) return [];
  const [json] = readFileSync(path, "utf8").split("\n");
  return (JSON.parse(json!) as { saves: Save[] }).saves;
}
