/** The reader's answers: what a model and a dataset are. One reader process, from the first question on. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ChatTemplate } from "../../../native-models/chat-template.ts";
import { fail } from "../../../native-models/failure.ts";
import { moveIntoPlace } from "../../../native-models/formats/atomic.ts";
import { startEngine } from "../../engine/host.ts";
import type { Engine, EngineOptions } from "../../engine/host.ts";
import { reader } from "../../engine/kinds.ts";
import type {
  ChoiceStyle,
  DatasetReport,
  FieldMappings,
  Message,
  SplitReport,
} from "../../../preload/contract/data.ts";
import type { DataInspection, InspectedFile } from "../../../preload/contract/inspection.ts";
import type { ModelReport } from "../../../preload/contract/model.ts";
import { isOnlySplit } from "../../../preload/contract/data-files.ts";

/** The files and folders that a person brought; what is not given is looked for in `data`, or split off it. */
export interface DataSources {
  data: readonly string[];
  valid?: readonly string[];
  test?: readonly string[];
  offDomain?: readonly string[];
  /** How the columns of a file are read, by its path; those of others are guessed. */
  mappings?: FieldMappings;
}

export interface ReadDataset {
  /** What a person calls it: the name of the first file or folder; of a "train.jsonl", which says nothing, its folder's. */
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
  /** Starts with the first question. */
  #started: Engine<(typeof reader)["jobs"]> | undefined;
  #stopped = false;

  constructor(options: EngineOptions = {}) {
    this.#options = options;
  }

  get #engine(): Engine<(typeof reader)["jobs"]> {
    if (this.#stopped) fail({ code: "engine-stopped", kind: reader.name, reason: "it was stopped before" });
    return (this.#started ??= startEngine(reader, this.#options));
  }

  /** What a model file tells. Throws what native-models/open-model.ts throws, `engine-stopped`. */
  async inspect(path: string): Promise<ModelReport> {
    return this.#engine.run("inspect-model", { path });
  }

  /** The hash that pins a model. */
  async hash(path: string): Promise<string> {
    return (await this.#engine.run("hash-model", { path })).sha256;
  }

  /**
   * What the files hold and how they would be read, each told to `onFile` as soon as it is known; a file that cannot be used
   * says so itself. With a model, how long rows are in its tokens, too. Throws what main/engine/documents/split-sources.ts
   * throws, `cancelled`, and for the model what native-models/open-model.ts throws.
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

  /** Reads data into `datasets`/<hash>, the same data into the same folder. Throws what main/engine/documents/dataset.ts throws. */
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

  /** Reads a test set into the folder `out`. */
  async testSet(
    data: readonly string[],
    model: string,
    out: string,
  ): Promise<{ split: SplitReport; choiceStyle: ChoiceStyle }> {
    return this.#engine.run("read-test-set", { data: data.map((path) => resolve(path)), out, model });
  }

  /** A conversation as a model is to read it, up to where its answer begins. Throws `template-failed`. */
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

/** Absolute paths: the reader may work in another folder. */
function resolved({ data, valid, test, offDomain, mappings = {} }: DataSources) {
  const paths = (list: readonly string[] = []) => list.map((path) => resolve(path));
  const byPath = Object.entries(mappings).map(([path, mapping]) => [resolve(path), mapping] as const);
  return {
    data: paths(data),
    valid: paths(valid),
    test: paths(test),
    offDomain: paths(offDomain),
    mappings: Object.fromEntries(byPath),
  };
}
