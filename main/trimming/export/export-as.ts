/** A model in another program's format: written next to its destination, read back, compared with the model, then moved into place. */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { chatTemplateOf } from "../../../native-models/chat-template.ts";
import { writeAdapter, withWrittenAdapter } from "../../../native-models/exporting/adapter.ts";
import type { Adapter } from "../../../native-models/exporting/adapter.ts";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import type { Mix, OnnxType } from "../../../native-models/exporting/mixes.ts";
import { goTemplate, modelfile } from "../../../native-models/exporting/modelfile.ts";
import {
  ONNX_FOLDER,
  ONNX_GRAPH,
  refuseWithoutAttention,
} from "../../../native-models/exporting/onnx-model.ts";
import { turnShape } from "../../../native-models/exporting/turns.ts";
import type { TurnShape } from "../../../native-models/exporting/turns.ts";
import { remove, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import type { Model } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { tokenizerFromFolder } from "../../../native-models/tokenizer/from-folder.ts";
import type { Example } from "../../../preload/contract/data/data.ts";
import type { Base } from "../../../preload/contract/plans/plan.ts";
import type {
  Exported,
  ExportedFile,
  ExportFormat,
  ExportMix,
  ExportNote,
} from "../../../preload/contract/runs/exporting.ts";
import { entriesIn } from "./folder-entries.ts";
import { licenceBeside } from "./licence-files.ts";
import { writeFolderAtomic } from "./write-folder.ts";
import type { ChatForm } from "../chat/chat-model.ts";
import { checkTexts, compared, compareTokenizers, compute, computeByGraph } from "./export-check.ts";
import { writePromptFile } from "../chat/prompt-file.ts";
import type { CheckTexts, Computed } from "./export-check.ts";
import { writeLicence, writeModelFolder, writeOnnxFolder, writeOwnFolder } from "./export.ts";

/** What to write, and what that needs. */
export interface ExportJob {
  readonly format: ExportFormat;
  readonly mix: ExportMix;
  /** The model's name, in its files. */
  readonly name: string;
  readonly licence: string | null;
  /** The model card. */
  readonly card: string;
  readonly output: string;
  /** Where the output is written before it is moved into place; a new path beside it by default. */
  readonly partial?: string;
  /** Held-out examples of the run. */
  readonly examples: readonly Example[];
  /** The mix that the base's file was in. */
  readonly baseMix: string | null;
  /** The base's name. */
  readonly baseName: string;
  /** The base and the adapter that the run trained, for the format `adapter`. */
  readonly adapted: { readonly base: Model; readonly adapter: Adapter } | null;
  readonly threads: number;
  readonly base: Base;
  readonly maxTokens: number;
  /** How the chat model is made, which only the format `coppice` includes. */
  readonly chatForm?: ChatForm;
}

/** Passes the share done, and throws where the job was cancelled. */
export type Tell = (fraction: number) => void;

/** The shares of an export: running the model, writing, reading back; the rest is for checksums. */
const [COMPUTED, WRITTEN, READ_BACK] = [0.2, 0.75, 0.95];

/**
 * Throws `export-differs`, `not-expressible`, `unsupported-tokenizer`, `disk-full`, `unwritable`, and the errors of reading the
 * model. Whatever happens, `output` is complete or absent.
 */
export async function exportAs(
  model: Model,
  tokenizer: Tokenizer,
  job: ExportJob,
  tell: Tell = () => {},
): Promise<Omit<Exported, "units">> {
  const { output, format } = job;
  return writeFolderAtomic(
    output,
    async (partial) => {
      if (format === "onnx") refuseWithoutAttention(model);
      const texts = checkTexts(tokenizer, job.examples, job.maxTokens);
      const before = await inWorkFolder(partial, (workFolder) =>
        compute(model, tokenizer, texts, { ...job, workFolder }),
      );
      tell(COMPUTED);
      const written = await WRITERS[format](partial, model, tokenizer, job, (fraction) =>
        tell(COMPUTED + fraction * (WRITTEN - COMPUTED)),
      );
      await writeFileAtomic(join(partial, "README.md"), job.card);
      await writeLicence(partial, model);
      const exported = await written.open();
      try {
        compareTokenizers(tokenizer, exported.tokenizer, texts, format);
        const after = await exported.compute(texts);
        tell(READ_BACK);
        const roundedBefore = written.bits < 16 ? job.baseMix : null;
        const check = compared(before, after, { format, mix: job.mix, bits: written.bits, roundedBefore });
        const files = await filesIn(partial);
        return {
          output,
          files,
          check,
          notes: [...(written.notes ?? []), ...promptNotes(job)],
          sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        };
      } finally {
        exported.close();
      }
    },
    job.partial,
  );
}

/** No other program's format can hold a stored prompt. */
const promptNotes = ({ format, chatForm }: ExportJob): ExportNote[] =>
  format !== "coppice" && format !== "parcel" && chatForm?.prompt ? ["without-prompt"] : [];

/** What was written: how to open it again, and the bits of its weights. */
interface Written {
  open(): Promise<Opened>;
  readonly bits: 16 | 8 | 4;
  readonly notes?: ExportNote[];
}

interface Opened {
  readonly tokenizer: Tokenizer;
  compute(texts: CheckTexts): Promise<Computed>;
  close(): void;
}

/** The model in `path`, a file or folder inside `folder`. */
async function opened(folder: string, path: string, job: ExportJob): Promise<Opened> {
  const model = await openModel(path);
  return { ...computing(folder, model, model.tokenizer, job), close: () => model.close() };
}

const computing = (folder: string, model: Model, tokenizer: Tokenizer, job: ExportJob) => ({
  tokenizer,
  compute: (texts: CheckTexts) =>
    inWorkFolder(folder, (workFolder) => compute(model, tokenizer, texts, { ...job, workFolder })),
});

type Writer = (
  folder: string,
  model: Model,
  tokenizer: Tokenizer,
  job: ExportJob,
  tell: Tell,
) => Promise<Written>;

const hf: Writer = async (folder, model, tokenizer, job, tell) => {
  await writeModelFolder(folder, model, tokenizer, tell);
  return { open: () => opened(folder, folder, job), bits: 16 };
};

const ggufFile = (name: string, mix: ExportMix) => `${name}-${mix}.gguf`;

const gguf: Writer = async (folder, model, tokenizer, job, tell) => {
  const { name, licence } = job;
  const mix = job.mix as Mix;
  const path = join(folder, ggufFile(name, mix));
  await writeGgufModel(path, model, tokenizer, { mix, name, licence, onProgress: tell });
  return { open: () => opened(folder, path, job), bits: mix === "F16" ? 16 : mix === "Q8_0" ? 8 : 4 };
};

const onnx: Writer = async (folder, model, tokenizer, { mix, threads }, tell) => {
  const type = mix as OnnxType;
  const { checking } = await writeOnnxFolder(folder, model, tokenizer, PRECISION_OF[type], tell);
  const open = async (): Promise<Opened> => {
    const path = join(folder, ONNX_FOLDER, ONNX_GRAPH);
    const written = await tokenizerFromFolder(folder);
    return {
      tokenizer: written,
      compute: (texts) => computeByGraph({ path, checking }, written, texts, threads),
      close: () => {},
    };
  };
  return { open, bits: type === "FP32" ? 16 : type === "INT8" ? 8 : 4 };
};

const PRECISION_OF: Record<OnnxType, Precision> = { FP32: "fp32", INT8: "int8", INT4: "int4" };

const WRITERS: Record<ExportFormat, Writer> = {
  coppice: async (folder, model, tokenizer, job, tell) => {
    await writeOwnFolder(folder, model, tokenizer, { ...job.chatForm, onProgress: tell });
    return { open: () => opened(folder, folder, job), bits: 16 };
  },
  hf,
  parcel: async (folder, model, tokenizer, job, tell) => {
    const written = await hf(folder, model, tokenizer, job, tell);
    if (job.chatForm?.prompt) await writePromptFile(folder, job.chatForm.prompt, model);
    return written;
  },
  gguf,
  lmstudio: gguf,
  onnx,
  adapter: async (folder, _model, tokenizer, job) => {
    const { base, adapter } = job.adapted!;
    await writeAdapter(folder, base, adapter, job.baseName);
    const open = (): Promise<Opened> => {
      const model = withWrittenAdapter(base, folder, adapter);
      return Promise.resolve({ ...computing(folder, model, tokenizer, job), close: () => {} });
    };
    return { open, bits: 16 };
  },
  ollama: async (folder, model, tokenizer, job, tell) => {
    const written = await gguf(folder, model, tokenizer, job, tell);
    const template = chatTemplateOf(tokenizer);
    const { addsBos } = tokenizer;
    const shape = turnShape(template, { addsBos });
    const isDated =
      shape !== null &&
      JSON.stringify(shape) !== JSON.stringify(turnShape(template, { addsBos, now: new Date(0) }));
    const content = modelfile({
      file: ggufFile(job.name, job.mix),
      template: shape && goTemplate(shape),
      stops: stopsOf(tokenizer, shape),
      parameters: {
        temperature: 0,
        num_ctx: Math.min(model.config.maxPositions, CONTEXT_TOKENS),
        ...sampling(model),
      },
      licence: licenceBeside(model.path)?.text ?? job.licence,
    });
    await writeFileAtomic(join(folder, "Modelfile"), content);
    const notes: ExportNote[] = [
      ...(shape === null ? ["ollama-chooses-template" as const] : []),
      ...(isDated ? ["dated-template" as const] : []),
    ];
    return { ...written, notes };
  },
};

/** The length of conversations that Ollama reserves memory for. */
const CONTEXT_TOKENS = 4096;

/** The texts that end an answer: end tokens, and the start of the next question if turns have no end marker. */
function stopsOf(tokenizer: Tokenizer, shape: TurnShape | null): string[] {
  const ends = tokenizer.eosIds.map((id) => tokenizer.decode([id]));
  const next = shape?.user.before.trim() ?? "";
  return [...new Set([...ends, ...(next !== "" && shape!.assistant.after.trim() === "" ? [next] : [])])];
}

/** The sampling that the base's files recommend, by Ollama's names. */
function sampling({ generation: recommended }: Model): Record<string, number> {
  const names = {
    temperature: "temperature",
    top_k: "top_k",
    top_p: "top_p",
    repetition_penalty: "repeat_penalty",
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([theirs, ours]) => {
      const value = recommended[theirs];
      return typeof value === "number" && Number.isFinite(value) ? [[ours, value]] : [];
    }),
  );
}

/** Calls `use` with a new folder next to the files, which is removed afterwards. */
async function inWorkFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent, ".work-"));
  try {
    return await use(folder);
  } finally {
    await remove(folder);
  }
}

/** All files of a folder, with their checksums, by name. */
async function filesIn(folder: string): Promise<ExportedFile[]> {
  const files: ExportedFile[] = [];
  for (const { name, bytes } of await entriesIn(folder)) {
    if (bytes === null) continue;
    const sha256 = await sha256OfFile(join(folder, name));
    files.push({ name: name.replaceAll("\\", "/"), sizeBytes: bytes, sha256 });
  }
  return files;
}
