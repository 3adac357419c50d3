/**
 * A run's progress on disk. A run's folder contains content-addressed objects (objects/<sha256>) and one journal
 * (journal-file.ts) that is replaced atomically: the completed stages with their results, the two newest saves, the depths that
 * may be chosen. Objects are written before the journal names them, so whenever the process is killed or the power fails, the journal is
 * complete, and resuming from it gives the same bits.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { fail } from "../../../native-models/failure.ts";
import { localDisk, makeFolder, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import type { Disk } from "../../../native-models/formats/atomic.ts";
import { readJournal, writeJournal } from "./journal-file.ts";
import type { FoundJournal, JournalContent, Save, Snapshot } from "./journal-file.ts";

const empty: JournalContent = { stages: [], saves: [], depths: {}, activeSeconds: 0 };

export class Journal {
  readonly #folder: string;
  readonly #disk: Disk;
  #content: JournalContent;
  #secondsNow: (() => number) | null = null;
  /** Whether the newest journal was found damaged, so that this is the previous one. */
  readonly isBefore: boolean;

  private constructor(folder: string, { content, isBefore }: FoundJournal, disk: Disk) {
    this.#folder = folder;
    this.#disk = disk;
    this.#content = content;
    this.isBefore = isBefore;
  }

  /** Opens a run's journal, empty if there is none yet. Throws `corrupt-file`, `unreadable`, `unwritable`. */
  static async open(folder: string, disk = localDisk): Promise<Journal> {
    makeFolder(join(folder, "objects"));
    return new Journal(folder, (await readJournal(folder)) ?? { content: empty, isBefore: false }, disk);
  }

  /** Opens the journal of a run; null if there is none, or if the newest is damaged. Throws `corrupt-file`, `unreadable`. */
  static async openExisting(folder: string): Promise<Journal | null> {
    const found = await readJournal(folder);
    return found && !found.isBefore ? new Journal(folder, found, localDisk) : null;
  }

  /** The newest save; null before the first. */
  get save(): Save | null {
    return this.#content.saves[0] ?? null;
  }

  get depths(): Readonly<Record<string, Snapshot>> {
    return this.#content.depths;
  }

  /** The run's active time, as last stored. */
  get activeSeconds(): number {
    return this.#content.activeSeconds;
  }

  /** From here on, the run's active time is stored with every change. */
  countTime(secondsNow: () => number): void {
    this.#secondsNow = secondsNow;
  }

  /** Stores the run's active time when there is nothing else to store. */
  keepTime(): Promise<void> {
    return this.#commit({});
  }

  /** The names of the completed stages, in order. */
  get stages(): string[] {
    return this.#content.stages.map(({ name }) => name);
  }

  /** The names of all objects in use. */
  get objects(): ReadonlySet<string> {
    const { saves, depths } = this.#content;
    const named = [...saves, ...Object.values(depths)].map(({ values }) => values);
    const moments = saves.flatMap(({ firstMoments, secondMoments }) => [firstMoments, secondMoments]);
    return new Set([...named, ...moments].flatMap((hashes) => Object.values(hashes)));
  }

  /** Runs a stage once: a completed stage returns its stored result. */
  async stage<T>(name: string, schema: z.ZodType<T>, run: () => Promise<T>): Promise<T> {
    const done = this.#content.stages.find((stage) => stage.name === name);
    if (done) return schema.parse(done.result);
    const result = await run();
    await this.#commit({ stages: [...this.#content.stages, { name, result }] });
    return result;
  }

  /** Replaces the result of a completed stage. */
  async restate(name: string, result: unknown): Promise<void> {
    const { stages } = this.#content;
    await this.#commit({ stages: stages.map((stage) => (stage.name === name ? { name, result } : stage)) });
  }

  /** Makes a save the newest and drops all but the previous one. */
  async addSave(save: Omit<Save, "stagesDone">): Promise<void> {
    const stagesDone = this.#content.stages.length;
    await this.#commit({ saves: [{ ...save, stagesDone }, ...this.#content.saves].slice(0, 2) });
    await this.#collect();
  }

  /** Returns to the previous save and the stages completed by then. False if there is none. */
  async forgetNewestSave(): Promise<boolean> {
    const [, before] = this.#content.saves;
    if (!before) return false;
    await this.#commit({ saves: [before], stages: this.#content.stages.slice(0, before.stagesDone) });
    return true;
  }

  /** Drops all saves: the run can no longer be resumed, but its depths are kept. */
  async forgetSaves(): Promise<void> {
    if (this.#content.saves.length > 0) await this.#commit({ saves: [] });
    await this.#collect();
  }

  /** Names a snapshot as a depth that may be chosen later. */
  async addDepth(name: string, snapshot: Snapshot): Promise<void> {
    await this.#commit({ depths: { ...this.#content.depths, [name]: snapshot } });
  }

  async #commit(change: Partial<JournalContent>): Promise<void> {
    const activeSeconds = this.#secondsNow?.() ?? this.#content.activeSeconds;
    const next = { ...this.#content, ...change, activeSeconds };
    await writeJournal(this.#folder, this.#content, next, this.#disk);
    this.#content = next;
  }

  /** Writes numbers as an object, if missing, and returns its name. Throws `disk-full`, `unwritable`. */
  async write(values: Float32Array): Promise<string> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const path = this.#objectPath(hash);
    const present = await stat(path).then(
      ({ size }) => size === bytes.length,
      () => false,
    );
    if (!present) await writeFileAtomic(path, bytes, this.#disk);
    return hash;
  }

  /** Reads an object. Throws `corrupt-file` if it is missing or its hash differs from its name. */
  async read(hash: string): Promise<Float32Array> {
    const path = this.#objectPath(hash);
    const bytes = await readFile(path).catch(() => null);
    if (!bytes) return fail({ code: "corrupt-file", path, section: "checkpoint", reason: "it is missing" });
    if (createHash("sha256").update(bytes).digest("hex") !== hash) {
      fail({ code: "corrupt-file", path, section: "checkpoint", reason: "its content has changed" });
    }
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }

  #objectPath(hash: string): string {
    return join(this.#folder, "objects", hash);
  }

  /** Removes objects that are no longer in use; one that another program holds open stays until the next time. */
  async #collect(): Promise<void> {
    const named = this.objects;
    for (const file of await readdir(join(this.#folder, "objects"))) {
      if (!named.has(file)) await this.#disk.remove(join(this.#folder, "objects", file)).catch(() => {});
    }
  }
}
