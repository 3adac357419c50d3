import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./command.ts";
import { doneOf } from "./trimmed.ts";

const names = "Arlo Bodo Cleo Dora Egon Fina Gero Hilda Ivo Jana Kuno Lena Milo Nora Otto Pia".split(" ");
const asked = (name: string) => [
  { role: "user", content: `Where does ${name} live?` },
  { role: "assistant", content: "By the harbour of Kiel." },
];
const thanked = [
  { role: "user", content: "Thank you." },
  { role: "assistant", content: "You are welcome." },
];
const recipe = {
  maxTokens: 64,
  optimizer: { learningRate: 5e-3 },
  tune: { maxEpochs: 5 },
  trim: { keep: { units: 7 }, rowsPerRound: 2, calibrationRows: 2 },
  heal: { epochs: 1 },
};

/** A folder with conversations that answer before they end, and questions for these answers alone. */
function writeTalks(): string {
  const folder = join(temporaryFolder(), "talks");
  mkdirSync(folder);
  const write = (file: string, rows: object[][]) =>
    writeFileSync(join(folder, file), rows.map((messages) => `${JSON.stringify({ messages })}\n`).join(""));
  const talks = (of: string[], told: object[]) => of.map((name) => [...asked(name), ...told]);
  write("train.jsonl", talks(names.slice(0, 8), thanked));
  write("valid.jsonl", talks(names.slice(8, 12), thanked));
  write("test.jsonl", talks(names.slice(12), []));
  return folder;
}

test("Earlier answers of conversations are learnt, unless the last is to be learnt alone", async () => {
  const data = writeTalks();
  const file = join(data, "recipe.json");
  writeFileSync(file, JSON.stringify(recipe));
  const fixed = ["--settings", file, "--threads", "1", "--seed", "1", "--json"];
  const trim = async (...options: string[]) => {
    const home = temporaryFolder();
    await coppice(home, ["data", data, ...options, "--name", "Talks"]);
    const ended = await coppice(home, ["trim", "--model", "sample", "--data", "Talks", ...fixed]);
    const { base, tuned } = doneOf(ended).metrics;
    return { base: base.perplexity!, tuned: tuned.perplexity! };
  };
  const all = await trim();
  const last = await trim("--last-answer-only");
  expect(all.base).toBe(last.base);
  expect(all.tuned).toBeLessThan(0.1 * last.tuned);
});
