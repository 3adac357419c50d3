/** Models whole and cut by a third: opened, trained for a step, chatted with, exported, and run by the programs that exports are for. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportModel, writeOnnxFolder } from "../../../main/trimming/export/export.ts";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { chatted, cutByAThird, trainedStep } from "./coppice.ts";
import { compared, CONTINUED } from "./program.ts";
import type { Answer, Program, Request } from "./program.ts";
import type { FamilyRow, Results } from "./results.ts";

/** A model to try, and the length of the text that it is given. */
export interface Candidate {
  readonly name: string;
  readonly path: string;
  readonly promptTokens: number;
}

/** What is known before the programs have run. */
interface Tried {
  readonly row: FamilyRow;
  readonly requests: Readonly<Record<"folder" | "GGUF" | "ONNX", Request>>;
  readonly ours: Answer;
}

/** Runs the models in all programs, one start of each; rows of other models stay. */
export async function tryFamilies(
  candidates: readonly Candidate[],
  programs: readonly Program[],
  { families }: Results,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-compatibility-"));
  try {
    const tried: Tried[] = [];
    for (const candidate of candidates) {
      const versions = await versionsOf(candidate, join(folder, `${tried.length}`), families[candidate.name]);
      families[candidate.name] = Object.fromEntries(versions.map(([blocks, { row }]) => [blocks, row]));
      tried.push(...versions.map(([, one]) => one));
      console.log(candidate.name);
    }
    for (const { name, version, reads, answers } of programs) {
      if (reads === "adapter") continue;
      const theirs = await answers(tried.map(({ requests }) => requests[reads]));
      tried.forEach(({ row, ours }, index) => {
        row.programs[name] = { version, outcome: compared(ours, theirs[index]!) };
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A model, whole and cut, by its blocks. What programs that are not run now did before stays. */
async function versionsOf(
  { path, promptTokens }: Candidate,
  place: string,
  before: Readonly<Record<string, FamilyRow>> = {},
): Promise<[string, Tried][]> {
  const model = await openModel(path);
  const { maxPositions, vocabularySize: vocabulary } = model.config;
  const ids = Array.from(
    { length: Math.min(promptTokens, maxPositions - CONTINUED) },
    (_, index) => (7 * index * index + 11 * index + 3) % Math.min(vocabulary, 20_000),
  );
  const cut = cutByAThird(model);
  const all = model.sections.length;
  const versions: [string, Tried][] = [];
  for (const [blocks, one] of [
    [`${all}`, model] as const,
    [`${cut.sections.length} of ${all}`, cut] as const,
  ]) {
    const output = `${place}-${versions.length}`;
    const file = `${output}.gguf`;
    await exportModel(one, model.tokenizer, output);
    withoutPadding(output);
    // Of some names llama.cpp expects tokens that a tiny vocabulary lacks.
    await writeGgufModel(file, one, model.tokenizer, { mix: "F16", name: "tried", licence: null });
    const exported = await openModel(output);
    const ours = await chatted(exported, `${output}-chat`, ids);
    const inOnnx = `${output}-onnx`;
    mkdirSync(inOnnx);
    await writeOnnxFolder(inOnnx, exported, exported.tokenizer, "fp32");
    const training = (await trainedStep(exported, ids)) ? "gradients" : "**none**";
    exported.close();
    const row: FamilyRow = {
      from: model.format === "gguf" ? "GGUF" : "folder",
      training,
      chat: "fp32",
      programs: { ...before[blocks]?.programs },
    };
    const request = (path: string): Request => ({ path, ids, vocabulary });
    const requests = { folder: request(output), GGUF: request(file), ONNX: request(inOnnx) };
    versions.push([blocks, { row, ours, requests }]);
  }
  model.close();
  return versions;
}

/** Some families pad with a token that a tiny vocabulary lacks, unless a configuration says otherwise. */
function withoutPadding(place: string): void {
  const file = join(place, "config.json");
  const text = readFileSync(file, "utf8"); // some of its numbers need their decimal point
  if (!("pad_token_id" in (JSON.parse(text) as object)))
    writeFileSync(file, text.replace("{", '{ "pad_token_id": null,'));
}
