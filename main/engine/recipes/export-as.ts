/** A model in the format of another program: written beside its place, read back, compared with the model, then moved there. */
import { mkdtempSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import { AppError, failureOf } from "../../../native-models/failure.ts";
import { makeFolder, moveIntoPlace, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import type { Model } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import type { Exported, ExportedFile, ExportFormat, ExportMix } from "../../../preload/contract/exporting.ts";
import type { Base } from "../../../preload/contract/plan.ts";
import { writeChatModel, writeLicence, writeModelFolder } from "./export.ts";
import { checkTexts, compared, compareTokenizers, compute } from "./export-check.ts";
import type { Example } from "../../../preload/contract/data.ts";

/** What is to be written, and what with. */
export interface ExportJob {
  readonly format: ExportFormat;
  readonly mix: ExportMix;
  /** The model's name, in its files. */
  readonly name: string;
  readonly licence: string | null;
  /** The model card. */
  readonly card: string;
  readonly output: string;
  /** Held-out examples of the run. */
  readonly examples: readonly Example[];
  /** The mix that the base's file was in. */
  readonly baseMix: string | null;
  readonly threads: number;
  readonly base: Base;
  readonly maxTokens: number;
}

/** Passes the share done, and throws where the job was cancelled. */
export type Tell = (fraction: number) => void;

/** The shares of an export: running the model, writing, reading back; the rest is for checksums. */
const [COMPUTED, WRITTEN, READ_BACK] = [0.2, 0.75, 0.95];

/**
 * Throws `export-differs`, `not-expressible`, `unsupported-tokenizer`, `disk-full`, `unwritable`, and the errors of reading the
 * model. Whatever happens, `output` is complete or not there.
 */
export async function exportAs(
  model: Model,
  tokenizer: Tokenizer,
  job: ExportJob,
  tell: Tell = () => {},
): Promise<Omit<Exported, "units">> {
  const { output, format } = job;
  const partial = `${output}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    makeFolder(partial);
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
    const exported = await openModel(join(partial, written.model));
    try {
      compareTokenizers(tokenizer, exported.tokenizer, texts, format);
      const after = await inWorkFolder(partial, (workFolder) =>
        compute(exported, exported.tokenizer, texts, { ...job, workFolder }),
      );
      tell(READ_BACK);
      const roundedBefore = written.bits < 16 ? job.baseMix : null;
      const check = compared(before, after, { format, bits: written.bits, roundedBefore });
      const files = await filesIn(partial);
      makeFolder(dirname(output));
      await rm(output, { recursive: true, force: true });
      await moveIntoPlace(partial, output);
      return { output, files, check, sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
    } finally {
      exported.close();
    }
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error instanceof AppError ? error : new AppError(failureOf(error));
  }
}

/** What was written: what `openModel` opens in the folder, and the bits of its weights. */
interface Written {
  readonly model: string;
  readonly bits: 16 | 8 | 4;
}

type Writer = (
  folder: string,
  model: Model,
  tokenizer: Tokenizer,
  job: ExportJob,
  tell: Tell,
) => Promise<Written>;

const hf: Writer = async (folder, model, tokenizer, _job, tell) => {
  await writeModelFolder(folder, model, tokenizer, tell);
  return { model: "", bits: 16 };
};

const gguf: Writer = async (folder, model, tokenizer, { mix, name, licence }, tell) => {
  const file = `${name}-${mix}.gguf`;
  await writeGgufModel(join(folder, file), model, tokenizer, { mix, name, licence, onProgress: tell });
  return { model: file, bits: mix === "F16" ? 16 : mix === "Q8_0" ? 8 : 4 };
};

const WRITERS: Record<ExportFormat, Writer> = {
  coppice: async (folder, model, tokenizer, job, tell) => {
    const written = await hf(folder, model, tokenizer, job, (fraction) => tell(0.7 * fraction));
    await writeChatModel(folder, model);
    return written;
  },
  hf,
  gguf,
  lmstudio: gguf,
};

/** A folder beside the files, for as long as it is used. */
async function inWorkFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent, ".work-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All files of a folder, with their checksums, by name. */
async function filesIn(folder: string): Promise<ExportedFile[]> {
  const names = await readdir(folder, { recursive: true });
  const files: ExportedFile[] = [];
  for (const name of names.sort()) {
    const path = join(folder, name);
    const status = await stat(path);
    if (!status.isFile()) continue;
    files.push({
      name: name.replaceAll("\\", "/"),
      sizeBytes: status.size,
      sha256: await sha256OfFile(path),
    });
  }
  return files;
}
