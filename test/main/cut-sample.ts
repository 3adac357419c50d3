/** The built-in sample's data, shortened. Without a test runner. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sample } from "../../main/services/models/sample.ts";

/** Writes the first rows of each file, as many as `rows` says, into a folder in `folder`; gives that. */
export function cutSample(folder: string, rows: Readonly<Record<string, number>>): string {
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  for (const [name, count] of Object.entries(rows)) {
    const lines = readFileSync(join(sample.data, name), "utf8").split("\n").slice(0, count);
    writeFileSync(join(data, name), `${lines.join("\n")}\n`);
  }
  return data;
}
