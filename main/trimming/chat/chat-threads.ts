/** How many threads a chat model uses: measured once per computer and class of models, and stored in a file. */
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { z } from "zod";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { arbitraryToken } from "../../../native-models/inference/arbitrary-tokens.ts";
import type { Decoder } from "../../../native-models/inference/decoder.ts";
import { fastCores } from "../../../native-models/inference/native.ts";
import { chooseThreads } from "../../../native-models/inference/thread-choice.ts";
import type { Description } from "../../../native-models/inference/write-model.ts";
import type { Model } from "../../../native-models/model.ts";
import { physicalCores, usableProcessors } from "../../computer.ts";
import { version } from "../../version.ts";
import { openAnyChat } from "./chat-model.ts";
import type { ChatPlace } from "./chat-model.ts";

const Remembered = z.object({
  /** What the numbers depend on apart from the model: they are measured again when it changes. */
  computer: z.string(),
  /** By the class of the model. */
  threads: z.record(z.string(), z.number().int().min(1)),
});
type Remembered = z.infer<typeof Remembered>;

/** A model's chat model, opened on the processor; with `threadsFile`, using the number of threads that is fastest here. */
export async function openMeasured(
  model: Model,
  { threads, threadsFile, ...place }: ChatPlace & { threads: number; threadsFile?: string | undefined },
): Promise<Decoder> {
  const decoder = await openAnyChat(model, threads, place);
  if (threadsFile !== undefined) await useMeasuredThreads(decoder, threadsFile);
  return decoder;
}

/** With more cores, other limits apply. */
const MOST_THREADS = 64;

/**
 * Makes a native decoder use the number of threads that is fastest here: as stored in `file`, or measured in a few hundred milliseconds
 * before any text is read. A file that cannot be read or written only costs another measurement.
 */
export async function useMeasuredThreads(
  decoder: Decoder,
  file: string,
  { most = Math.min(MOST_THREADS, usableCores()), now = () => performance.now() } = {},
): Promise<void> {
  if (!decoder.isNative || decoder.ids.length > 0) return;
  const remembered = await readRemembered(file, computerNow(most));
  const known = remembered.threads[classOf(decoder.description)];
  if (known !== undefined && known <= most) return decoder.useThreads(known);
  const { threads, isMeasured } = await chooseThreads(timed(decoder), most, now);
  decoder.truncate(0);
  if (!isMeasured) return;
  remembered.threads[classOf(decoder.description)] = threads;
  await writeFileAtomic(file, JSON.stringify(remembered)).catch(() => {});
}

function timed(decoder: Decoder) {
  const { vocabularySize, contextLength } = decoder.description;
  return {
    useThreads: (threads: number) => decoder.useThreads(threads),
    async readToken() {
      const { length } = decoder.ids;
      if (length === contextLength) decoder.truncate(0);
      await decoder.read([arbitraryToken(length, vocabularySize)]);
    },
  };
}

/** Counts only the fast cores. */
const usableCores = () => Math.max(1, Math.min(usableProcessors(), fastCores() ?? physicalCores()));

const computerNow = (cores: number) =>
  `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} processors, ${cores} cores, Coppice ${version}`;

/** Models of about the same size and depth have about the same work between two waits. */
function classOf({ precision, sizeBytes, layers }: Description): string {
  const powerOfTwo = (value: number) => Math.round(Math.log2(value));
  return `${precision}, 2^${powerOfTwo(sizeBytes)} bytes, 2^${powerOfTwo(layers)} blocks`;
}

/** The stored numbers; empty if they are another computer's. */
async function readRemembered(file: string, computer: string): Promise<Remembered> {
  try {
    const remembered = Remembered.parse(JSON.parse(await readFile(file, "utf8")));
    if (remembered.computer === computer) return remembered;
  } catch {
    // missing or damaged
  }
  return { computer, threads: {} };
}
