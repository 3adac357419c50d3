/** Requests to the reader, which describes models and reads datasets. There is one reader process, started by the first request. */
import { existsSync } from "node:fs";
import * as nodePath from "node:path";
import { dirname, join, resolve } from "node:path";
import type { ChatTemplate } from "../../../native-models/chat-template.ts";
import { fail, failureOf } from "../../../native-models/failure.ts";
import { makeFolder, moveIntoPlace, remove, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { recognisedFile } from "../../documents/pdf/recognised.ts";
import type { RecognisedPage } from "../../documents/pdf/recognised.ts";
import { markUsed } from "../../home/home-cache.ts";
import type { ImportedJob, Known } from "../../trimming/elsewhere/job-result.ts";
import type { LiveJob } from "../../../preload/contract/runs/live-job.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import { startEngine } from "../../engines/process/host.ts";
import type { Engine, EngineOptions } from "../../engines/process/host.ts";
import type { RowsAsked } from "../../documents/stored/look-through.ts";
import { reader, recogniser } from "../../engines/jobs.ts";
import type { FoundPassages, PassagesAsked } from "../../../preload/contract/chat/found-passage.ts";
import type { HeldOutSplit } from "../../../preload/contract/chat/correction.ts";
import type {
  ChoiceStyle,
  DatasetReport,
  DocumentChoices,
  FieldMappings,
  Message,
  ReadingProgress,
  SplitReport,
} from "../../../preload/contract/data/data.ts";
import type { DataSetFile, DataSetFormat } from "../../../preload/contract/data/data-set.ts";
import type { DataInspection, InspectedFile, PreviewRow } from "../../../preload/contract/data/inspection.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { RecognitionProgress } from "../../../preload/contract/data/ocr.ts";
import type { StoredPassage } from "../../../preload/contract/questions/written-questions.ts";
import type { CheckedParcel } from "../../../preload/contract/results/passport.ts";
import type { Beginning, Continuation, Recited } from "../../../preload/contract/results/recited.ts";
import { described, placeFor, withReport } from "./placing.ts";
import { unfinishedFolder } from "./unfinished-folders.ts";
import { isOnlySplit } from "../../../preload/contract/data/data-files.ts";

/** The files and folders that a person added; a missing split is searched for in `data`, or split off from it. */
export interface DataSources {
  data: readonly string[];
  valid?: readonly string[];
  test?: readonly string[];
  offDomain?: readonly string[];
  /** Files in the folders and archives that the person excluded. */
  excluded?: readonly string[];
  /** How the columns of a file are read, by the file's path; the columns of other files are guessed. */
  mappings?: FieldMappings;
  documents?: DocumentChoices | undefined;
  /** How many training rows are drawn at random with the seed; undefined: all. */
  sampleRows?: number | undefined;
  /** Whether the text of scanned pages and pictures is recognised. */
  ocr?: boolean;
}

/** A correction as a row: messages that end with the right answer. */
export interface CorrectionRow {
  readonly messages: readonly Message[];
  readonly wrong: string;
  readonly passage: string;
}

export interface RecognitionOptions {
  readonly onPage?: (progress: RecognitionProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ReadDataset {
  /** The data's name: that of the first file or folder, or that of the folder of a "train.jsonl", which itself says nothing. */
  name: string;
  folder: string;
  report: DatasetReport;
}

export interface InspectionOptions extends RecognitionOptions {
  model?: string | undefined;
  onFile?: (file: InspectedFile) => void;
}

export interface DatasetOptions extends RecognitionOptions {
  /** Called after each document. */
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** Whether too few rows to split are not refused (main/documents/dataset.ts). */
  readonly mayBeFew?: boolean | undefined;
  /** Completes the report with what the reader cannot know, such as the origin of rows in temporary files. */
  readonly describe?: (report: DatasetReport) => DatasetReport;
}

export interface ParcelOptions {
  readonly onFraction?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

export class Reading {
  readonly #options: EngineOptions;
  /** Where recognised text is kept, so that each page is recognised only once. */
  readonly #recognised: string | undefined;
  /** Started by the first request. */
  #started: Engine<(typeof reader)["jobs"]> | undefined;
  #startedRecogniser: Engine<(typeof recogniser)["jobs"]> | undefined;
  #stopped = false;

  constructor({ recognised, ...options }: EngineOptions & { readonly recognised?: string } = {}) {
    this.#options = options;
    this.#recognised = recognised;
  }

  get #engine(): Engine<(typeof reader)["jobs"]> {
    if (this.#stopped) fail({ code: "engine-stopped", kind: reader.name, reason: "already-stopped" });
    return (this.#started ??= startEngine(reader, this.#options));
  }

  get #recogniser(): Engine<(typeof recogniser)["jobs"]> {
    if (this.#stopped) fail({ code: "engine-stopped", kind: recogniser.name, reason: "already-stopped" });
    return (this.#startedRecogniser ??= startEngine(recogniser, this.#options));
  }

  /** The metadata of a model file. Throws what native-models/open-model.ts throws, `engine-stopped`. */
  async inspect(path: string): Promise<ModelReport> {
    return this.#engine.run("inspect-model", { path });
  }

  /** Checks a handed-on model; `into`: also writes it to this new folder. Failures: those of `readParcel`; cancelled, engine-stopped. */
  parcel(path: string, into: string | null, { onFraction, signal }: ParcelOptions): Promise<CheckedParcel> {
    const onEvent = ({ fraction }: { fraction: number }) => onFraction?.(fraction);
    const input = { path: resolve(path), into };
    return this.#engine.run("read-parcel", input, { onEvent, ...(signal && { signal }) });
  }

  /**
   * Checks a job that was carried out elsewhere, or begun and `continues` here, and writes it as a run's folder to the new folder `into`.
   * Failures: those of `readJobResult`; cancelled, engine-stopped.
   */
  job(
    folder: string,
    known: Known,
    into: string,
    {
      continues,
      onEvent,
      signal,
    }: { continues: boolean; onEvent: (event: RunEvent) => void; signal?: AbortSignal | undefined },
  ): Promise<ImportedJob> {
    const input = { folder: resolve(folder), into, continues, ...known };
    return this.#engine.run("read-job", input, { onEvent, ...(signal && { signal }) });
  }

  /** How far a job is that is carried out elsewhere. Failures: those of `lookAtJob`; engine-stopped. */
  liveJob(folder: string, before: LiveJob | null): Promise<LiveJob> {
    return this.#engine.run("look-at-job", { folder: resolve(folder), before });
  }

  /** The hash that identifies a model. */
  async hash(path: string): Promise<string> {
    return (await this.#engine.run("hash-model", { path })).sha256;
  }

  /**
   * The contents of files and how they would be read, each reported to `onFile` as soon as it is known; an unusable file is reported
   * with its problem. With a model, also the rows' lengths in its tokens. Throws what main/documents/files/split-sources.ts throws,
   * `cancelled`, and for the model what native-models/open-model.ts throws.
   */
  async inspectData(
    sources: DataSources,
    { model, onFile, ...options }: InspectionOptions = {},
  ): Promise<DataInspection> {
    const { signal } = options;
    const files: InspectedFile[] = [];
    const onEvent = (file: InspectedFile) => {
      files.push(file);
      onFile?.(file);
    };
    const recognised = await this.#recognise(sources, options);
    const input = { ...resolved(sources), recognised, model: model ?? null };
    const uninspected = await this.#engine.run("inspect-data", input, { onEvent, ...(signal && { signal }) });
    return { files, ...uninspected };
  }

  /**
   * Reads data into a folder of `datasets`, the same data into the same folder (placing.ts). Without a model, conversations keep
   * their form. Throws what main/documents/dataset.ts throws, `cancelled`.
   */
  async dataset(
    sources: DataSources,
    model: string | null,
    seed: number,
    datasets: string,
    { onProgress, describe, mayBeFew, ...options }: DatasetOptions = {},
  ): Promise<ReadDataset> {
    const { signal } = options;
    const recognised = await this.#recognise(sources, options);
    const request = { ...resolved(sources), recognised, seed, model, mayBeFew };
    const heard = { ...(onProgress && { onEvent: onProgress }), ...(signal && { signal }) };
    const read = await writtenTo(datasets, async (out) => {
      const report = await this.#engine.run("read-dataset", { ...request, out }, heard);
      if (describe) return withReport(out, describe(report));
      return described(out, report, sources.data, datasets);
    });
    return { name: nameOfData(read.report.source ?? sources.data[0]!), ...read };
  }

  /** The corrections in a person's file (main/documents/stored/corrections.ts). Throws `unreadable`, `bad-data`, `too-much-data`. */
  async correctionsIn(path: string): Promise<CorrectionRow[]> {
    const rows: CorrectionRow[] = [];
    const onEvent = (row: CorrectionRow) => void rows.push(row);
    await this.#engine.run("read-corrections", { path: resolve(path) }, { onEvent });
    return rows;
  }

  /** For each correction, the held-out split of the dataset in `against` that contains its question. Throws `unreadable`, `bad-data`. */
  async heldOut(corrections: readonly CorrectionRow[], against: string): Promise<(HeldOutSplit | null)[]> {
    return inFile(dirname(against), corrections, async (file) => {
      return (await this.#engine.run("held-out-corrections", { corrections: file, against })).heldOut;
    });
  }

  /**
   * Writes the corrections of a lineage whose questions are in no held-out split into a folder of `datasets`, in the form of `model`.
   * Throws `too-little-data` if none is left, and what main/documents/stored/corrections.ts throws.
   */
  async corrections(
    rows: readonly CorrectionRow[],
    { datasets, ...request }: { against: string; lineage: string; model: string; datasets: string },
  ): Promise<Omit<ReadDataset, "name">> {
    return inFile(datasets, rows, (corrections) =>
      writtenTo(datasets, (out) => this.#engine.run("write-corrections", { ...request, corrections, out })),
    );
  }

  /** A page of a dataset's rows (main/documents/stored/look-through.ts). Throws `unreadable`, `bad-data`. */
  async rows(asked: RowsAsked): Promise<{ rows: PreviewRow[]; found: number }> {
    return this.#engine.run("dataset-rows", asked);
  }

  /** All passages of a dataset, in order. Throws `unreadable`, `bad-data`. */
  async passages(folder: string): Promise<StoredPassage[]> {
    const passages: StoredPassage[] = [];
    await this.#engine.run("dataset-passages", { folder }, { onEvent: (some) => passages.push(...some) });
    return passages;
  }

  /** The passages in which a question is likely to be answered. Throws what main/documents/stored/passage-search.ts throws. */
  async findPassages(asked: PassagesAsked): Promise<FoundPassages> {
    return this.#engine.run("find-passages", asked);
  }

  /** Writes a dataset into the new folder `out`. Throws `bad-data`, `disk-full`, `unwritable`, `cancelled`. */
  async exportDataset(
    asked: {
      folder: string;
      out: string;
      format: DataSetFormat;
      name: string;
      version: number;
      addedAt: string;
    },
    { onFile, signal }: { onFile?: (file: string) => void; signal?: AbortSignal } = {},
  ): Promise<DataSetFile[]> {
    const onEvent = ({ file }: { file: string }) => onFile?.(file);
    return (await this.#engine.run("export-dataset", asked, { onEvent, ...(signal && { signal }) })).files;
  }

  /** The beginnings of training and held-out rows (main/documents/stored/reciting.ts). Throws `not-found`, `unreadable`, `bad-data`. */
  async beginnings(folder: string, rows: number): Promise<Beginning[]> {
    const beginnings: Beginning[] = [];
    await this.#engine.run("rows-to-recite", { folder, rows }, { onEvent: (one) => beginnings.push(one) });
    return beginnings;
  }

  /** How much of the answers to them is verbatim. */
  async recited(folder: string, answers: Continuation[]): Promise<Pick<Recited, "trained" | "heldOut">> {
    return this.#engine.run("recited", { folder, answers });
  }

  /** Reads a test set into the folder `out`. */
  async testSet(
    data: readonly string[],
    model: string,
    out: string,
    { ocr = false, ...options }: RecognitionOptions & { readonly ocr?: boolean } = {},
  ): Promise<{ split: SplitReport; choiceStyle: ChoiceStyle }> {
    const recognised = await this.#recognise({ data, ocr }, options);
    const paths = data.map((path) => resolve(path));
    const { signal } = options;
    const asked = { data: paths, recognised, out, model };
    return this.#engine.run("read-test-set", asked, signal ? { signal } : {});
  }

  /**
   * If the person wants it, recognises the pages that have no text yet, one after the other; returns the folder with all recognised text,
   * also from earlier. A page that takes too much time or memory is recorded as such. A page whose process ended for another reason is
   * recorded too, and tried again next time; if two pages in a row do, the pages are not the cause, and recognition fails.
   */
  async #recognise(sources: DataSources, { onPage, signal }: RecognitionOptions): Promise<string | null> {
    if (sources.ocr !== true) return null;
    const recognised =
      this.#recognised ?? fail({ code: "internal", message: "no folder for recognised text" });
    const stoppable = signal === undefined ? {} : { signal };
    const pages: { path: string; key: string; page: number }[] = [];
    const onEvent = ({ path, key, pages: some }: { path: string; key: string; pages: number[] }) =>
      void pages.push(...some.map((page) => ({ path, key, page })));
    await this.#engine.run("find-scans", { ...resolved(sources), recognised }, { onEvent, ...stoppable });
    let wasInterrupted = false;
    for (const [done, page] of pages.entries()) {
      onPage?.({ done, of: pages.length });
      try {
        await this.#recogniser.run("recognise-page", { ...page, recognised }, stoppable);
        wasInterrupted = false;
      } catch (error) {
        const failure = failureOf(error);
        if (failure.code !== "engine-stopped" || this.#stopped) throw error;
        const isFinal = failure.overran !== undefined;
        if (!isFinal && wasInterrupted) throw error;
        wasInterrupted = !isFinal;
        const problem = failure.overran
          ? OVERRAN[failure.overran]
          : ({ code: "engine", reason: failure.reason } as const);
        await noteProblem(recognised, page, { problem, isFinal });
      }
    }
    if (pages.length > 0) onPage?.({ done: pages.length, of: pages.length });
    return recognised;
  }

  /** A conversation rendered for a model, up to the start of its answer. Throws `template-failed`. */
  async chatPrompt(template: ChatTemplate, messages: readonly Message[]): Promise<string> {
    return (await this.#engine.run("render-chat", { template, messages })).text;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#started?.stop(), this.#startedRecogniser?.stop()]);
  }
}

const OVERRAN = { time: "too-slow", memory: "too-much-memory" } as const;

/** Records why a page has no recognised text. */
async function noteProblem(
  recognised: string,
  { key, page }: { readonly key: string; readonly page: number },
  why: Pick<RecognisedPage, "problem" | "isFinal">,
): Promise<void> {
  const file = recognisedFile(recognised, key, page);
  makeFolder(dirname(file));
  const found: RecognisedPage = { words: [], confidence: 0, ...why };
  await writeFileAtomic(file, JSON.stringify(found));
}

/** Lets `write` write a dataset, and moves it to its folder unless that already exists. */
async function writtenTo(
  datasets: string,
  write: (out: string) => Promise<DatasetReport>,
): Promise<Omit<ReadDataset, "name">> {
  const out = unfinishedFolder(datasets);
  try {
    const report = await write(out);
    const folder = await placeFor(datasets, out, report);
    if (existsSync(folder)) markUsed(folder);
    else await moveIntoPlace(out, folder);
    return { folder, report };
  } finally {
    await remove(out);
  }
}

/** Passes corrections to the reader in a file beside the datasets: messages between processes are limited. */
async function inFile<T>(
  datasets: string,
  rows: readonly CorrectionRow[],
  use: (file: string) => Promise<T>,
): Promise<T> {
  const folder = unfinishedFolder(datasets);
  try {
    const file = join(folder, "corrections.jsonl");
    await writeFileAtomic(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return await use(file);
  } finally {
    await remove(folder);
  }
}

/** The name of data that was read from a file, a folder or a whole drive. */
export function nameOfData(
  source: string,
  { resolve, basename, dirname }: Pick<typeof nodePath, "resolve" | "basename" | "dirname"> = nodePath,
): string {
  const path = resolve(source);
  const name = basename(path);
  return (isOnlySplit(name) && basename(dirname(path))) || name || path;
}

/** Absolute paths: the reader may have another working directory. */
function resolved({
  data,
  valid,
  test,
  offDomain,
  excluded,
  mappings = {},
  documents,
  sampleRows,
}: DataSources) {
  const paths = (list: readonly string[] = []) => list.map((path) => resolve(path));
  const byPath = Object.entries(mappings).map(([path, mapping]) => [resolve(path), mapping] as const);
  return {
    data: paths(data),
    valid: paths(valid),
    test: paths(test),
    offDomain: paths(offDomain),
    excluded: paths(excluded),
    mappings: Object.fromEntries(byPath),
    documents,
    ...(sampleRows === undefined ? {} : { sampleRows }),
  };
}
