/**
 * What a run has reached, on disk. A run's folder holds content-addressed objects (objects/<sha256>) and one journal
 * (journal.json) that is replaced whole: the stages that are done with their results, the two newest saves, the depths
 * that may be chosen. Objects are written before the journal names them, so whatever moment a kill or a power cut comes
 * at, the journal that is there is complete, and running on from it gives the same bits.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../native-models/formats/atomic.ts";
import { fail } from "../../native-models/failure.ts";

const Section = z.enum(["block", "attention", "mlp"]).nullable();
const Hashes = z.record(z.string(), z.string());

/** The trained tensors of a model: what remains of each block, and the object of each parameter block by name. */
export const Snapshot = z.object({ kept: z.array(Section), values: Hashes });
export type Snapshot = z.infer<typeof Snapshot>;

/** A point from which training goes on: a snapshot, AdamW's moments, and where in which stage it was. */
const Save = Snapshot.extend({
  stage: z.string(),
  step: z.number(),
  optimizerStep: z.number(),
  firstMoments: Hashes,
  secondMoments: Hashes,
  /** How many stages were done when it was made. */
  stagesDone: z.number(),
});
export type Save = z.infer<typeof Save>;

const JournalFile = z.object({
  version: z.literal(1),
  stages: z.array(z.object({ name: z.string(), result: z.unknown() })),
  /** Newest first, two at most. */
  saves: z.array(Save),
  depths: z.record(z.string(), Snapshot),
});
type JournalFile = z.infer<typeof JournalFile>;

const empty: JournalFile = { version: 1, stages: [], saves: [], depths: {} };

export class Journal {
  readonly #folder: string;
  #content: JournalFile;

  private constructor(folder: string, content: JournalFile) {
    this.#folder = folder;
    this.#content = content;
  }

  /** Opens a run's journal, empty where there is none yet. Throws `corrupt-file`, `unwritable`. */
  static async open(folder: string): Promise<Journal> {
    await mkdir(join(folder, "objects"), { recursive: true });
    const path = join(folder, "journal.json");
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (text === null) return new Journal(folder, structuredCopy(empty));
    try {
      return new Journal(folder, JournalFile.parse(JSON.parse(text)));
    } catch (error) {
      return fail({
        code: "corrupt-file",
        path,
        section: "journal",
        reason: (error as Error).message.slice(0, 200),
      });
    }
  }

  /** The newest save; null before the first. */
  get save(): Save | null {
    return this.#content.saves[0] ?? null;
  }

  get depths(): Readonly<Record<string, Snapshot>> {
    return this.#content.depths;
  }

  /** The names of the stages that are done, in order. */
  get stages(): string[] {
    return this.#content.stages.map(({ name }) => name);
  }

  /** Runs a stage once: a stage that is done gives the result that it gave then. */
  async stage<T>(name: string, schema: z.ZodType<T>, run: () => Promise<T>): Promise<T> {
    const done = this.#content.stages.find((stage) => stage.name === name);
    if (done) return schema.parse(done.result);
    const result = await run();
    await this.#commit({ stages: [...this.#content.stages, { name, result }] });
    return result;
  }

  /** Makes a save the newest and forgets all but the one before. */
  async addSave(save: Omit<Save, "stagesDone">): Promise<void> {
    const stagesDone = this.#content.stages.length;
    await this.#commit({ saves: [{ ...save, stagesDone }, ...this.#content.saves].slice(0, 2) });
    await this.#collect();
  }

  /** Goes back to the save before the newest, and to the stages of that time. False if there is none. */
  async forgetNewestSave(): Promise<boolean> {
    const [, before] = this.#content.saves;
    if (!before) return false;
    await this.#commit({ saves: [before], stages: this.#content.stages.slice(0, before.stagesDone) });
    return true;
  }

  /** Names a snapshot as a depth that may be chosen later. */
  async addDepth(name: string, snapshot: Snapshot): Promise<void> {
    await this.#commit({ depths: { ...this.#content.depths, [name]: snapshot } });
  }

  async #commit(change: Partial<JournalFile>): Promise<void> {
    const content = { ...this.#content, ...change };
    await writeFileAtomic(join(this.#folder, "journal.json"), JSON.stringify(content));
    this.#content = content;
  }

  /** Writes numbers as an object, unless they are there, and gives their name. Throws `disk-full`, `unwritable`. */
  async write(values: Float32Array): Promise<string> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const path = this.#objectPath(hash);
    const present = await stat(path).then(
      ({ size }) => size === bytes.length,
      () => false,
    );
    if (!present) await writeFileAtomic(path, bytes);
    return hash;
  }

  /** Reads an object. Throws `corrupt-file` if it is missing or its bytes are not what its name says. */
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

  /** Removes objects that nothing names any more. */
  async #collect(): Promise<void> {
    const { saves, depths } = this.#content;
    const named = new Set<string>();
    for (const { values } of [...saves, ...Object.values(depths)])
      for (const hash of Object.values(values)) named.add(hash);
    for (const { firstMoments, secondMoments } of saves) {
      for (const hash of [...Object.values(firstMoments), ...Object.values(secondMoments)]) named.add(hash);
    }
    for (const file of await readdir(join(this.#folder, "objects"))) {
      if (!named.has(file)) await rm(join(this.#folder, "objects", file), { force: true });
    }
  }
}

const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
