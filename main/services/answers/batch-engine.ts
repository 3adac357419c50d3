/** Many answers of a local model, in a process of its own with low priority. */
import { textMemoryBytes } from "../../../native-models/estimates/chat.ts";
import { fail } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import { MOST_ROWS } from "../../../native-models/inference/pieces.ts";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import type { Answer, Prompt, AnswerShape } from "../../../preload/contract/chat/chat.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { physicalCores } from "../../computer.ts";
import { batch } from "../../engines/jobs.ts";
import { openEngine } from "../../engines/process/host.ts";
import type { Engine, EngineOptions } from "../../engines/process/host.ts";
import { MESSAGE_LIMIT_BYTES } from "../../engines/process/protocol.ts";
import type { JobOutput } from "../../engines/process/protocol.ts";
import { markUsed } from "../../home/home-cache.ts";
import type { Home } from "../../home/home.ts";
import { chatCacheFolder, chatThreadsFile } from "../chat/chat-engine.ts";
import type { SamplingChoices } from "../chat/chat-engine.ts";
import { admitChat, thisComputer } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";

type Jobs = (typeof batch)["jobs"];

export interface BatchEngineOptions {
  /** Measured on this computer by default. */
  readonly threads?: number | undefined;
  /** Depends on the model by default. */
  readonly precision?: Precision | undefined;
  readonly engine?: EngineOptions;
  readonly free?: Free;
  /** Cancels the opening, which may write chat weights for minutes. */
  readonly signal?: AbortSignal | undefined;
}

export interface Asking {
  /** The shapes that answers must have; prompts refer to one by its index. */
  readonly shapes?: readonly AnswerShape[];
  readonly sampling: SamplingChoices;
  /** Called once for each prompt, in the order in which answers are finished. */
  readonly onAnswer: (answer: Answer) => void;
  readonly signal?: AbortSignal | undefined;
}

/** An answer's maximum length unless the caller sets one (preload/contract/chat/chat.ts). */
const DEFAULT_TOKENS = 256;
/** The share of the memory left free by the model that rows may use. */
const SHARE_OF_MEMORY = 0.5;
/** Bytes of UTF-8 per token, estimated low: a character of Chinese takes three, and often a token or more. */
const BYTES_PER_TOKEN = 2;

/** The most bytes of prompts in one message to the engine, since messages have a limit; shapes need some of it, too. */
const MESSAGE_BYTES = MESSAGE_LIMIT_BYTES / 2;

/** A model that answers any number of prompts, in as many calls as the caller likes. */
export class BatchEngine {
  readonly #engine: Engine<Jobs>;
  readonly #model: ModelReport;
  readonly #freeBytes: () => number;
  readonly loaded: JobOutput<Jobs["open"]>;

  private constructor(
    engine: Engine<Jobs>,
    loaded: JobOutput<Jobs["open"]>,
    model: ModelReport,
    freeBytes: () => number,
  ) {
    this.#engine = engine;
    this.#model = model;
    this.#freeBytes = freeBytes;
    this.loaded = loaded;
  }

  /** Opens a model; if it has no chat weights, they are created in the home's cache. Failures: as `ChatEngine.open`; cancelled. */
  static async open(home: Home, model: ModelReport, options: BatchEngineOptions = {}): Promise<BatchEngine> {
    const { threads = physicalCores(), precision, free = thisComputer, signal } = options;
    if (signal?.aborted) fail({ code: "cancelled" });
    admitChat(model, free, { precision });
    return openEngine(batch, { options: options.engine, signal }, async (engine) => {
      const cacheFolder = chatCacheFolder(home, model.path, precision ?? defaultPrecision(model));
      markUsed(cacheFolder);
      const loaded = await engine.run("open", {
        model: model.path,
        cacheFolder,
        threads,
        ...(precision && { precision }),
        ...(options.threads === undefined && { threadsFile: chatThreadsFile(home) }),
      });
      return new BatchEngine(engine, loaded, model, () => free.memoryBytes());
    });
  }

  /**
   * Answers prompts; each that cannot be answered is reported with its failure. After `cancelled` or `engine-stopped`, the answers that
   * `onAnswer` received remain valid; ask again for the rest.
   * Failures: unsupported-schema, cancelled, engine-stopped.
   */
  async answer(
    prompts: readonly Prompt[],
    { shapes = [], sampling, onAnswer, signal }: Asking,
  ): Promise<{ answers: number; tokens: number; seconds: number }> {
    const sum = { answers: 0, tokens: 0, seconds: 0 };
    const sized = prompts.map((prompt) => ({ prompt, bytes: Buffer.byteLength(JSON.stringify(prompt)) }));
    for (const { prompt, bytes } of sized.filter(isTooLarge))
      onAnswer({ id: prompt.id, failure: tooLarge(bytes) });
    for (const some of inMessages(sized.filter((one) => !isTooLarge(one)))) {
      const done = await this.#engine.run(
        "answer",
        { prompts: some, shapes: [...shapes], sampling, rows: this.#rowsFor(some, sampling) },
        { onEvent: onAnswer, ...(signal ? { signal } : {}) },
      );
      sum.answers += done.answers;
      sum.tokens += done.tokens;
      sum.seconds += done.seconds;
    }
    return sum;
  }

  /** The number of rows that fit into memory next to the loaded model. */
  #rowsFor(prompts: readonly Prompt[], { maxTokens = DEFAULT_TOKENS }: SamplingChoices): number {
    const longest = prompts.reduce((most, { prompt }) => Math.max(most, Buffer.byteLength(prompt)), 0);
    const bytes = textMemoryBytes(this.#model, longest / BYTES_PER_TOKEN + maxTokens);
    return Math.max(1, Math.min(MOST_ROWS, Math.floor((SHARE_OF_MEMORY * this.#freeBytes()) / bytes)));
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }
}

interface SizedPrompt {
  readonly prompt: Prompt;
  readonly bytes: number;
}

const isTooLarge = ({ bytes }: SizedPrompt): boolean => bytes > MESSAGE_BYTES;

const tooLarge = (bytes: number): Failure => ({
  code: "message-too-large",
  what: "a prompt",
  bytes,
  limitBytes: MESSAGE_BYTES,
});

function* inMessages(prompts: readonly SizedPrompt[]): Generator<Prompt[]> {
  let [some, sum] = [[] as Prompt[], 0];
  for (const { prompt, bytes } of prompts) {
    if (some.length > 0 && sum + bytes > MESSAGE_BYTES) {
      yield some;
      [some, sum] = [[], 0];
    }
    some.push(prompt);
    sum += bytes + 1; // a comma
  }
  if (some.length > 0) yield some;
}
