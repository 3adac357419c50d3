/** The reader's results: descriptions of models and datasets. One reader process, started by the first request. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ChatTemplate } from "../../../native-models/chat-template.ts";
import { fail } from "../../../native-models/failure.ts";
import { moveIntoPlace } from "../../../native-models/formats/atomic.ts";
import { startEngine } from "../../engine/host.ts";
import type { Engine, EngineOptions } from "../../engine/host.ts";
import type { RowsAsked } from "../../engine/documents/look-through.ts";
import { reader } from "../../engine/kinds.ts";
import type {
  ChoiceStyle,
  DatasetReport,
  DocumentChoices,
  FieldMappings,
  Message,
  SplitReport,
} from "../../../preload/contract/data.ts";
import type { DataSetFile, DataSetFormat } from "../../../preload/contract/data-set.ts";
import type { DataInspection, InspectedFile, PreviewRow } from "../../../preload/contract/inspection.ts";
import type { ModelReport } from "../../../preload/contract/model.ts";
import { isOnlySplit } from "../../../preload/contract/data-files.ts";

/** The files and folders that a person added; a missing split is looked for in `data`, or split off from it. */
export interface DataSources {
  data: readonly string[];
  valid?: readonly string[];
  test?: readonly string[];
  offDomain?: readonly string[];
  /** How the columns of a file are read, by its path; those of others are guessed. */
  mappings?: FieldMappings;
  documents?: DocumentChoices | undefined;
}

export interface ReadDataset {
  /** The data's name: that of the first file or folder; for a "train.jsonl", which says nothing, its folder's. */
  name: string;
  folder: string;
  report: DatasetReport;
}

export interface InspectionOptions {
  model?: string | undefined;
  onFile?: (file: InspectedFile) => void;
  signal?: AbortSignal;
}

export class Reading {
  readonly #options: EngineOptions;
  /** Started by the first request. */
  #started: Engine<(typeof reader)["jobs"]> | undefined;
  #stopped = false;

  constructor(options: EngineOptions = {}) {
    this.#options = options;
  }

  get #engine(): Engine<(typeof reader)["jobs"]> {
    if (this.#stopped) fail({ code: "engine-stopped", kind: reader.name, reason: "it was already stopped" });
    return (this.#started ??= startEngine(reader, this.#options));
  }

  /** The metadata of a model file. Throws what native-models/open-model.ts throws, `engine-stopped`. */
  async inspect(path: string): Promise<ModelReport> {
    return this.#engine.run("inspect-model", { path });
  }

  /** The hash that identifies a model. */
  async hash(path: string): Promise<string> {
    return (await this.#engine.run("hash-model", { path })).sha256;
  }

  /**
   * The contents of files and how they would be read, each reported to `onFile` as soon as it is known; an unusable file reports
   * its problem. With a model, also row lengths in its tokens. Throws what main/engine/documents/split-sources.ts throws,
   * `cancelled`, and for the model what native-models/open-model.ts throws.
   */
  async inspectData(
    sources: DataSources,
    { model, onFile, signal }: InspectionOptions = {},
  ): Promise<DataInspection> {
    const files: InspectedFile[] = [];
    const onEvent = (file: InspectedFile) => {
      files.push(file);
      onFile?.(file);
    };
    const input = { ...resolved(sources), model: model ?? null };
    const { notRead } = await this.#engine.run("inspect-data", input, { onEvent, ...(signal && { signal }) });
    return { files, notRead };
  }

  /**
   * Reads data into `datasets`/<hash>, the same data into the same folder. Throws what main/engine/documents/dataset.ts throws.
   */
  async dataset(sources: DataSources, model: string, seed: number, datasets: string): Promise<ReadDataset> {
    const out = mkdtempSync(join(datasets, ".reading-"));
    try {
      const report = await this.#engine.run("read-dataset", {
        ...resolved(sources),
        out,
        seed,
        model,
      });
      const folder = join(datasets, report.hash);
      if (!existsSync(folder)) await moveIntoPlace(out, folder);
      return { name: nameOfData(sources.data[0]!), folder, report };
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  }

  /** A page of a dataset's rows (main/engine/documents/look-through.ts). Throws `unreadable`, `bad-data`. */
  async rows(asked: RowsAsked): Promise<{ rows: PreviewRow[]; found: number }> {
    return this.#engine.run("dataset-rows", asked);
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

  /** Reads a test set into the folder `out`. */
  async testSet(
    data: readonly string[],
    model: string,
    out: string,
  ): Promise<{ split: SplitReport; choiceStyle: ChoiceStyle }> {
    return this.#engine.run("read-test-set", { data: data.map((path) => resolve(path)), out, model });
  }

  /** A conversation rendered for a model, up to the start of its answer. Throws `template-failed`. */
  async chatPrompt(template: ChatTemplate, messages: readonly Message[]): Promise<string> {
    return (await this.#engine.run("render-chat", { template, messages })).text;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#started?.stop();
  }
}

function nameOfData(source: string): string {
  const path = resolve(source);
  const name = basename(path);
  return (isOnlySplit(name) && basename(dirname(path))) || name;
}

/** Absolute paths: the reader may have another working directory. */
function resolved({ data, valid, test, offDomain, mappings = {}, documents }: DataSources) {
  const paths = (list: readonly string[] = []) => list.map((path) => resolve(path));
  const byPath = Object.entries(mappings).map(([path, mapping]) => [resolve(path), mapping] as const);
  return {
    data: paths(data),
    valid: paths(valid),
    test: paths(test),
    offDomain: paths(offDomain),
    mappings: Object.fromEntries(byPath),
    documents,
  };
}
