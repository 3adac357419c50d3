/** A real model, cut by a third, in each format of `coppice export`, loaded in the programs that the format is for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportAs } from "../../../main/trimming/export/export-as.ts";
import type { ExportJob } from "../../../main/trimming/export/export-as.ts";
import { version } from "../../../main/version.ts";
import { kindNames } from "../../../native-models/architectures/cut.ts";
import { WINDOWED } from "../../../native-models/architectures/windows.ts";
import { MIXES, ONNX_TYPES } from "../../../native-models/exporting/mixes.ts";
import type { Mix } from "../../../native-models/exporting/mixes.ts";
import { AppError } from "../../../native-models/failure.ts";
import type { Model } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { adapted } from "./adapted.ts";
import { chatted, cutByAThird, readByGraph } from "./coppice.ts";
import { comparedInOllama } from "./in-ollama.ts";
import { compared } from "./program.ts";
import type { Answer, Program } from "./program.ts";
import type { Ollama } from "./programs/ollama.ts";
import type { Outcomes, Results } from "./results.ts";

/** What a format is tried with. */
interface Trial {
  /** The model whole, and cut. */
  readonly whole: Model;
  readonly cut: Model;
  readonly tokenizer: Tokenizer;
  readonly name: string;
  readonly text: string;
  readonly folder: string;
  readonly programs: readonly Program[];
  readonly ollama: Ollama | null;
}

interface FormatOptions {
  readonly programs: readonly Program[];
  readonly ollama: Ollama | null;
  readonly only: string;
  readonly missing: boolean;
}

/** The type that most GGUF files are published in. */
const DEFAULT_MIX: Mix = "Q4_K_M";

/** A text to go on with: the start of the repository's licence, for models with windows longer than those. */
const TEXT = readFileSync(fileURLToPath(new URL("../../../LICENSE", import.meta.url)), "utf8").replace(
  /\s+/g,
  " ",
);
const [CHARACTERS, CHARACTERS_WITH_WINDOWS] = [600, 3000];

const textFor = ({ config }: Model) =>
  TEXT.slice(0, kindNames(config).includes(WINDOWED) ? CHARACTERS_WITH_WINDOWS : CHARACTERS);

/** Each format by its name on the page. */
const FORMATS: Readonly<Record<string, (trial: Trial) => Promise<Outcomes>>> = {
  "Hugging Face folder": async (trial) => {
    const output = await exported(trial, trial.cut, { format: "hf" });
    return outcomes(trial, output, "folder");
  },
  ...Object.fromEntries(
    MIXES.map((mix) => [
      `GGUF, ${mix}`,
      async (trial: Trial) => {
        const output = await exported(trial, trial.cut, { format: "gguf", mix });
        return outcomes(trial, fileIn(output), "GGUF");
      },
    ]),
  ),
  [`LM Studio, ${DEFAULT_MIX}`]: async (trial) => {
    const output = await exported(trial, trial.cut, { format: "lmstudio", mix: DEFAULT_MIX });
    return outcomes(trial, fileIn(output), "GGUF");
  },
  ...Object.fromEntries(
    (["F16", "Q8_0", DEFAULT_MIX] as const).map((mix) => [
      `Ollama, ${mix}`,
      (trial: Trial) => inOllama(trial, trial.cut, mix),
    ]),
  ),
  [`Ollama, ${DEFAULT_MIX}, the whole model`]: (trial) => inOllama(trial, trial.whole, DEFAULT_MIX),
  ...Object.fromEntries(
    ONNX_TYPES.map((type) => [
      `ONNX, ${type}`,
      async (trial: Trial) => {
        const { tokenizer, text } = trial;
        const path = await exported(trial, trial.cut, { format: "onnx", mix: type });
        const ids = tokenizer.encode(text, { addBos: tokenizer.addsBos });
        return answered(trial, { path, reads: "ONNX", ids, ours: await readByGraph(path, ids) });
      },
    ]),
  ),
  "adapter, on the whole model": async (trial) => {
    const { tokenizer, folder } = trial;
    const base = await openModel(await exported(trial, trial.whole, { format: "hf" }));
    const { model, adapter } = adapted(base);
    const job = { format: "adapter", adapted: { base, adapter }, baseName: base.path } as const;
    const output = await exported(trial, model, { ...job, output: join(folder, "adapter") });
    const ids = tokenizer.encode(trial.text, { addBos: tokenizer.addsBos });
    const ours = await chatted(model, join(folder, "chat"), ids);
    base.close();
    return answered(trial, { path: output, reads: "adapter", ids, ours });
  },
};

/**
 * Runs a model's formats whose name contains `only`, or of them only those that no program has run yet (`missing`); what was run before
 * stays. `save` is called after each.
 */
export async function tryFormats(
  path: string,
  { programs, ollama, only, missing }: FormatOptions,
  { formats }: Results,
  save: () => void,
): Promise<void> {
  const whole = await openModel(path);
  const cut = cutByAThird(whole);
  const model = `${basename(path)}, ${cut.sections.length} of ${whole.sections.length} blocks`;
  const rows = (formats[model] ??= {});
  for (const [format, run] of Object.entries(FORMATS)) {
    if (!format.includes(only) || (missing && format in rows)) continue;
    const folder = mkdtempSync(join(tmpdir(), "coppice-format-"));
    const name = basename(path, ".gguf");
    try {
      const { tokenizer } = whole;
      const trial = { whole, cut, tokenizer, name, text: textFor(whole), folder, programs, ollama };
      const ran = await run(trial).catch(refused);
      if (Object.keys(ran).length === 0) continue;
      rows[format] = { ...rows[format], ...ran };
      console.log(format, ran);
      save();
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  whole.close();
}

/** The outcome of an export that Coppice refuses to make. Throws anything else. */
function refused(error: unknown): Outcomes {
  const failure = error instanceof AppError ? error.failure : null;
  if (failure?.code !== "too-few-bits") throw error;
  const changed = Math.round(100 * failure.changed);
  const outcome = `**refused**: too few bits, which would change ${changed}% of the likeliest tokens`;
  return { Coppice: { version, outcome: `${outcome}; ${failure.suggested} is suggested` } };
}

/** Exports a model as the trainer does; the folder that holds it. */
async function exported(
  { tokenizer, name, folder }: Trial,
  model: Model,
  job: Pick<ExportJob, "format"> & Partial<ExportJob>,
): Promise<string> {
  const output = job.output ?? join(folder, "coppice", name);
  const usual = { mix: "F16", licence: null, card: "", examples: [], baseMix: null, baseName: name } as const;
  const base = { storage: "f32", streamed: false } as const;
  await exportAs(model, tokenizer, {
    ...usual,
    name,
    output,
    adapted: null,
    threads: 2,
    base,
    maxTokens: 512,
    ...job,
  });
  return output;
}

const fileIn = (output: string) =>
  join(
    output,
    readdirSync(output).find((name) => name.endsWith(".gguf"))!,
  );

/** What each program that reads such a file computes, beside Coppice, which reads the same file. */
async function outcomes(trial: Trial, path: string, reads: Program["reads"]): Promise<Outcomes> {
  const model = await openModel(path);
  const ids = model.tokenizer.encode(trial.text, { addBos: model.tokenizer.addsBos });
  const ours = await chatted(model, join(trial.folder, "chat"), ids);
  model.close();
  return answered(trial, { path, reads, ids, ours });
}

async function answered(
  { programs, whole }: Trial,
  { path, reads, ids, ours }: { path: string; reads: Program["reads"]; ids: readonly number[]; ours: Answer },
): Promise<Outcomes> {
  const request = { path, ids, vocabulary: whole.config.vocabularySize };
  const ran: Outcomes = {};
  for (const program of programs.filter((one) => one.reads === reads)) {
    const [theirs] = await program.answers([request]);
    ran[program.name] = { version: program.version, outcome: compared(ours, theirs!) };
  }
  return ran;
}

/** Exports for Ollama, creates the model there, and asks it. */
async function inOllama(trial: Trial, model: Model, mix: Mix): Promise<Outcomes> {
  const { ollama, folder, text } = trial;
  if (ollama === null) return {};
  const output = await exported(trial, model, { format: "ollama", mix });
  const written = await openModel(fileIn(output));
  const outcome = await comparedInOllama(ollama, output, written, text, join(folder, "chat")).catch(
    (error: unknown) => `**refused**: ${(error as Error).message}`,
  );
  written.close();
  return { Ollama: { version: ollama.version, outcome } };
}
