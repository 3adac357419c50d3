/** The person's data as it is inspected and read, again whenever its files or mappings change. */
import { AppError } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { FieldMapping, ReadingProgress } from "../../../preload/contract/data/data.ts";
import type { InspectedFile, Uninspected } from "../../../preload/contract/data/inspection.ts";
import type { RecognitionProgress } from "../../../preload/contract/data/ocr.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";
import { draft } from "../draft.svelte.ts";
import type { Sources } from "../draft.svelte.ts";
import { withExcluded, withNamed, without, withOwnExcluded, withPart } from "./parts.ts";
import type { Part } from "./parts.ts";

/** While files are inspected, the table is drawn anew when it grows by this factor. */
const GROWTH = 1.05;

class Data {
  /** `blocked`: a file is unusable, so nothing is read until it is fixed or removed. */
  state = $state<"idle" | "looking" | "reading" | "ready" | "blocked" | "failed" | "stopped">("idle");
  files = $state.raw<readonly InspectedFile[]>([]);
  /** Files in the folders that are not data. */
  uninspected = $state.raw<Uninspected>({ notRead: [], moreNotRead: 0 });
  failure = $state.raw<Failure | undefined>(undefined);
  /** Files inspected so far. */
  seen = $state(0);
  /** While documents are being read; null otherwise. */
  progress = $state.raw<ReadingProgress | null>(null);
  /** While text is being recognised; null otherwise. */
  recognition = $state.raw<RecognitionProgress | null>(null);
  #under: AbortController | undefined;
  /** Of the draft that `files` and `state` are of. */
  #sources: Sources | undefined;

  /** Whether the data of the current draft has been read. */
  get isReady(): boolean {
    return this.state === "ready" && this.#sources === draft.now?.sources;
  }

  /** Adds files and folders to a split, or to the splits that their names indicate, and reads everything again. */
  add(paths: readonly string[], part?: Part): void {
    if (!draft.now || paths.length === 0) return;
    const { sources } = draft.now;
    this.#change(part ? withPart(sources, paths, part) : withNamed(sources, paths));
  }

  /** Uses the rows of a data set instead of files. */
  use(folder: string): void {
    if (!draft.now) return;
    const { documents } = draft.now.sources;
    const none = { valid: [], test: [], offDomain: [], excluded: [], mappings: {}, ocr: false };
    this.#change({ ...none, data: [folder], documents });
  }

  remove(path: string): void {
    if (draft.now) this.#change(without(draft.now.sources, [path]));
  }

  /** Leaves files out of their folder or archive. */
  leaveOut(paths: readonly string[]): void {
    if (draft.now) this.#change(withExcluded(draft.now.sources, paths));
  }

  /** Reads a file again that was left out. */
  takeBack(path: string): void {
    if (!draft.now) return;
    const { sources } = draft.now;
    this.#change({ ...sources, excluded: sources.excluded.filter((other) => other !== path) });
  }

  /** Sets how a file's columns are read; null: as guessed. */
  map(path: string, mapping: FieldMapping | null): void {
    if (!draft.now) return;
    const others = { ...draft.now.sources.mappings };
    delete others[path];
    const mappings = mapping === null ? others : { ...others, [path]: mapping };
    this.#change({ ...draft.now.sources, mappings });
  }

  /** Changes how documents of text become rows. */
  chooseDocuments(change: Partial<Sources["documents"]>): void {
    if (!draft.now) return;
    const { sources } = draft.now;
    this.#change({ ...sources, documents: { ...sources.documents, ...change } });
  }

  /** Whether the text of scanned pages and pictures is recognised. */
  recognise(ocr: boolean): void {
    if (draft.now) this.#change({ ...draft.now.sources, ocr });
  }

  /** Sets how many training rows are drawn at random; null: all are used. */
  draw(rows: number | null): void {
    if (!draft.now) return;
    const others = { ...draft.now.sources };
    delete others.sampleRows;
    this.#change(rows === null ? others : { ...others, sampleRows: rows });
  }

  /** Stops inspecting and reading; `read` starts over. */
  stop(): void {
    this.#under?.abort();
    this.recognition = this.progress = null;
    this.state = "stopped";
  }

  #change(sources: Sources): void {
    draft.chooseSources(withOwnExcluded(sources));
    void this.read();
  }

  /** Inspects all files, then reads them as a run would. */
  async read(): Promise<void> {
    this.#under?.abort();
    const under = (this.#under = new AbortController());
    const now = draft.now;
    this.#sources = now?.sources;
    this.failure = undefined;
    this.recognition = this.progress = null;
    this.seen = 0;
    if (!now || now.sources.data.length === 0) {
      this.state = "idle";
      this.files = [];
      this.uninspected = { notRead: [], moreNotRead: 0 };
      return;
    }
    this.state = "looking";
    const seen: InspectedFile[] = [];
    try {
      const asked = { sources: now.sources, model: now.model?.path ?? null };
      const hear = (heard: InspectedFile | RecognitionProgress) => {
        if (under.signal.aborted) return;
        if (!("path" in heard)) {
          this.recognition = heard;
          return;
        }
        this.recognition = null;
        this.seen = seen.push(heard);
        // The table stays unchanged until each of its files has been inspected again, and then grows in steps: a mailbox may have thousands.
        if (seen.length > GROWTH * this.files.length) this.files = [...seen];
      };
      const uninspected = await main.data.inspect(asked, hear, under.signal);
      if (under.signal.aborted) return;
      this.files = seen;
      this.uninspected = uninspected;
      if (seen.some(({ failure }) => failure !== null)) {
        this.state = "blocked";
        return;
      }
      if (!now.model) {
        this.state = "idle";
        return;
      }
      this.state = "reading";
      await readDataset((progress) => {
        if (!under.signal.aborted) this.progress = progress;
      }, under.signal);
      if (under.signal.aborted) return;
      this.progress = null;
      this.state = "ready";
    } catch (error) {
      if (under.signal.aborted) return;
      this.recognition = this.progress = null;
      this.failure = failureOf(error);
      this.state = "failed";
    }
  }
}

export const data = new Data();

/** Keeps the draft's data, however little it is, as a data set from which questions can be written; returns its id. */
export async function keepToWriteFrom(): Promise<number> {
  const { sources, model, patch } = draft.now!;
  const asked = { sources, model: model!.path, seed: patch.seed ?? 1, mayBeFew: true };
  const { folder, name } = await main.data.read(asked, () => {});
  return (await main.dataSets.keep({ folder, name })).id;
}

/** Reads the draft's data into it. Throws AppError: those of reading, cancelled. */
export async function readDataset(
  onProgress: (progress: ReadingProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const now = draft.now;
  if (!now?.model) throw new AppError({ code: "not-found", path: "", what: "model" });
  const { sources, model, patch } = now;
  const asked = { sources, model: model.path, seed: patch.seed ?? 1 };
  const dataset = await main.data.read(asked, onProgress, signal);
  const then = draft.now;
  // The seed decides which rows are split off.
  const isSame =
    then?.sources === sources && then.model?.path === model.path && (then.patch.seed ?? 1) === asked.seed;
  if (isSame) draft.chooseDataset(dataset);
}
