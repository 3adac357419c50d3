/**
 * A run's journal as a file: JSON, followed by the SHA-256 of its bytes on a separate line, so that a damaged journal is never
 * taken for a valid one. The previous one is kept next to it.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError, fail } from "../../../native-models/failure.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import type { Disk } from "../../../native-models/formats/atomic.ts";
import { FORMS } from "../../../native-models/training/parts.ts";

const FILE = "journal.json";
const BEFORE = "journal-before.json";

const Section = z.enum(["block", "attention", "mlp"]).nullable();
const Hashes = z.record(z.string(), z.string());

const Part = z.object({ form: z.enum(FORMS), trained: z.boolean() });

/**
 * The trained tensors of a model: the remaining part of each block, and the object and the form of each parameter block by name
 * (a stored prompt has no form). `raised`: the products that its chat weights keep in int8
 * (native-models/inference/products.ts).
 */
export const Snapshot = z.object({
  kept: z.array(Section),
  values: Hashes,
  parts: z.record(z.string(), Part),
  raised: z.array(z.string()).optional(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** A point from which training can continue: a snapshot, AdamW's moments, and the position in a stage. */
export const Save = Snapshot.extend({
  stage: z.string(),
  step: z.number(),
  optimizerStep: z.number(),
  /** The step at which AdamW last restarted with zero moments. */
  optimizerStart: z.number(),
  /** The same for blocks whose training began later, by name. */
  laterStarts: z.record(z.string(), z.number()),
  /** The duration of a training step per row and kept block, as last measured; null before the first step. */
  secondsPerBlock: z.number().nullable(),
  firstMoments: Hashes,
  secondMoments: Hashes,
  /** The number of completed stages at that time. */
  stagesDone: z.number(),
});
export type Save = z.infer<typeof Save>;

const Content = z.object({
  stages: z.array(z.object({ name: z.string(), result: z.unknown() })),
  /** Newest first, two at most. */
  saves: z.array(Save),
  depths: z.record(z.string(), Snapshot),
  /** The run's active time until then; what follows until a kill is not counted. */
  activeSeconds: z.number(),
});
export type JournalContent = z.infer<typeof Content>;

/** The state of a run's folder. */
export interface FoundJournal {
  readonly content: JournalContent;
  /** Whether this is the previous one, because the newest is damaged. */
  readonly isBefore: boolean;
}

/** Reads the journal in a run's folder; null if there is none yet. Throws `corrupt-file` if both are damaged, `unreadable`. */
export async function readJournal(folder: string): Promise<FoundJournal | null> {
  const newest = await read(join(folder, FILE));
  if (newest && !(newest instanceof AppError)) return { content: newest, isBefore: false };
  const before = await read(join(folder, BEFORE));
  if (before && !(before instanceof AppError)) {
    const isFirst = newest === null && before.stages.length === 0; // killed while the first was being written
    return { content: before, isBefore: !isFirst };
  }
  const damaged = newest ?? before;
  if (damaged instanceof AppError) throw damaged;
  return null;
}

/** Replaces the journal with `next`; `current`, from which that was made, becomes the previous one. */
export async function writeJournal(
  folder: string,
  current: JournalContent,
  next: JournalContent,
  disk: Disk,
): Promise<void> {
  await writeFileAtomic(join(folder, BEFORE), encoded(current), disk);
  await writeFileAtomic(join(folder, FILE), encoded(next), disk);
}

function encoded(content: JournalContent): string {
  const json = JSON.stringify(content);
  return `${json}\n${hashOf(json)}`;
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** The content of a file, null if there is none, or how it is damaged. */
async function read(path: string): Promise<JournalContent | AppError | null> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    return fail({ code: "unreadable", path, reason: { code: "system", detail: error.message } });
  });
  if (text === null) return null;
  const damaged = (reason: string) =>
    new AppError({ code: "corrupt-file", path, section: "journal", reason });
  try {
    const [json = "", hash] = text.split("\n");
    const content = Content.parse(JSON.parse(json));
    return hash === hashOf(json) ? content : damaged("its content has changed");
  } catch (error) {
    return damaged(`it cannot be read: ${(error as Error).message.slice(0, 200)}`);
  }
}
