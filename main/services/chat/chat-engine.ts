/** The chat engine of a conversation. */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail, failureOf } from "../../../native-models/failure.ts";
import { ggufFiles } from "../../../native-models/formats/gguf/read.ts";
import { chatMemoryBytes, textMemoryBytes } from "../../../native-models/estimates/chat.ts";
import type { ChatShape } from "../../../native-models/estimates/shape.ts";
import { MOST_ROWS } from "../../../native-models/inference/pieces.ts";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import type {
  AnswerShape,
  ChatTurn,
  Generated,
  ScoredToken,
  ScoresAsked,
  Tool,
} from "../../../preload/contract/chat/chat.ts";
import type { Device, DeviceProblem } from "../../../preload/contract/plans/device.ts";
import { openEngine } from "../../engines/process/host.ts";
import type { Engine, EngineOptions } from "../../engines/process/host.ts";
import { chat } from "../../engines/jobs.ts";
import type { JobInput, JobOutput } from "../../engines/process/protocol.ts";
import type { Home } from "../../home/home.ts";
import { markUsed } from "../../home/home-cache.ts";
import type { KeptTexts } from "./kept-texts.ts";
import { admitChat, thisComputer } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";
import { physicalCores } from "../../computer.ts";

type Jobs = (typeof chat)["jobs"];
export type SamplingChoices = JobInput<Jobs["generate"]>["sampling"];

export interface ChatEngineOptions {
  /** Measured on this computer by default. */
  readonly threads?: number | undefined;
  /** Depends on the model by default. */
  readonly precision?: Precision | undefined;
  /** Whether only one answer will be requested. */
  readonly once?: boolean;
  /** The preferred device; the processor by default. */
  readonly device?: Device | undefined;
  /** The folder of the data set that the model was trained on; its answers may repeat it, which makes them faster. */
  readonly learnt?: string | undefined;
  readonly engine?: EngineOptions;
  readonly free?: Free;
  /** Where what it reads of conversations is kept for the next time; without it, nothing is. */
  readonly texts?: KeptTexts | undefined;
  /** Cancels the opening, which may write chat weights for minutes. */
  readonly signal?: AbortSignal | undefined;
}

/** A loaded model, and the device that answers with it. */
export type ChatEngineFacts = JobOutput<Jobs["load"]> & {
  readonly device: Device;
  /** Why the processor answers instead of the requested device; null if it does not. */
  readonly deviceProblem: DeviceProblem | null;
};

/** Where what is read of conversations is kept, if it is. */
interface Kept {
  readonly texts: KeptTexts | undefined;
  readonly cacheFolder: string;
}

/** A chat engine with a model: loaded once, used any number of times. */
export class ChatEngine {
  readonly #engine: Engine<Jobs>;
  readonly #processId: number | undefined;
  readonly loaded: ChatEngineFacts;
  /** Resolves when the last read-ahead has ended, even if it failed. */
  #ahead: Promise<unknown> = Promise.resolve();
  readonly #kept: Kept;
  /** Those it has answered in. */
  readonly #conversations = new Set<number>();

  private constructor(engine: Engine<Jobs>, loaded: ChatEngineFacts, kept: Kept) {
    this.#engine = engine;
    this.#processId = engine.processId;
    this.loaded = loaded;
    this.#kept = kept;
  }

  /** Whether the process that loaded the model is still running: a new one after a crash has no model. */
  get alive(): boolean {
    return this.#processId !== undefined && this.#engine.processId === this.#processId;
  }

  /**
   * Loads a model. If a device cannot answer, the processor does. Failures: not-enough-memory, disk-full, those of reading; cancelled.
   */
  static async open(
    home: Home,
    path: string,
    { device = "cpu", ...options }: ChatEngineOptions = {},
  ): Promise<ChatEngine> {
    const {
      threads = physicalCores(),
      precision,
      once = false,
      free = thisComputer,
      texts,
      signal,
    } = options;
    const threadsFile = options.threads === undefined ? chatThreadsFile(home) : undefined;
    if (signal?.aborted) fail({ code: "cancelled" });
    return openEngine(chat, { options: { ...options.engine, device }, signal }, async (engine) => {
      const model = await engine.run("inspect-model", { path });
      admitChat(model, free, { precision });
      const cacheFolder = chatCacheFolder(home, model.path, precision ?? defaultPrecision(model));
      markUsed(cacheFolder);
      const choices = {
        ...(precision && { precision }),
        ...(threadsFile && { threadsFile }),
        ...(options.learnt !== undefined && { learnt: options.learnt }),
      };
      const textTokens = tokensFor(model, free.memoryBytes() - chatMemoryBytes(model, { precision }));
      const input = { model: model.path, cacheFolder, threads, textTokens, ...choices };
      const load = (preparesPrompts: boolean) => engine.run("load", { ...input, preparesPrompts });
      let loaded = await load(!once && device === "cpu");
      let deviceProblem: DeviceProblem | null = null;
      if (device !== "cpu") {
        try {
          admitChat(model, free, { precision, device });
          ({ problem: deviceProblem } = await engine.run("use-device", { device, preparesPrompts: !once }));
        } catch (error) {
          deviceProblem = { kind: "failure", failure: failureOf(error) };
          loaded = await load(!once); // in a new process, if the driver crashed the old one
        }
      }
      const facts = { ...loaded, device: deviceProblem === null ? device : ("cpu" as const), deviceProblem };
      return new ChatEngine(engine, facts, { texts, cacheFolder });
    });
  }

  /** A conversation rendered for this model, up to the start of its answer. Failure: template-failed. */
  async chatPrompt(messages: readonly ChatTurn[], tools?: readonly Tool[]): Promise<string> {
    const { chatTemplate: template } = this.loaded;
    return (await this.#engine.run("render-chat", { template, messages, ...(tools && { tools }) })).text;
  }

  /** Reads a prompt that will probably be continued; `onTokens` is called with its number of tokens before. Throws `context-full`. */
  async readAhead(
    prompt: string,
    {
      special,
      room,
      conversation,
      onTokens,
      signal,
    }: {
      special: boolean;
      /** As of `generate`. */
      room?: number;
      conversation?: number | undefined;
      onTokens?: (tokens: number) => void;
      signal?: AbortSignal | undefined;
    },
  ): Promise<void> {
    const onEvent = ({ tokens }: { tokens: number }) => onTokens?.(tokens);
    const ahead = this.#engine.run(
      "read-ahead",
      { prompt, special, room, kept: this.#pathOf(conversation) },
      { onEvent, ...(signal ? { signal } : {}) },
    );
    this.#ahead = ahead.catch(() => {});
    await ahead;
  }

  /** Continues a prompt, a text or ids; `special`: it was rendered by a chat template. Throws `context-full`, `engine-stopped`, `unsupported-schema`. */
  async generate(
    prompt: string | readonly number[],
    {
      special,
      sampling,
      shape,
      scores,
      isUrgent = true,
      room,
      conversation,
      onText,
      onScores,
      signal,
    }: {
      special: boolean;
      sampling: SamplingChoices;
      /** The shape that the answer must have; any text by default. */
      shape?: AnswerShape | undefined;
      /** Which tokens `onScores` gets, in order; the last may be the one that ended the answer. */
      scores?: ScoresAsked | undefined;
      /** Whether a person waits for it, as by default, and not a program. */
      isUrgent?: boolean;
      /** For how many tokens of the answer there must be room; by default, the prompt may take the whole context. */
      room?: number;
      /** The home's conversation that it is asked in: what is read of it is kept for the next time. */
      conversation?: number;
      onText: (text: string) => void;
      onScores?: (scores: readonly ScoredToken[]) => void;
      signal?: AbortSignal;
    },
  ): Promise<Generated> {
    await this.#ahead;
    this.#requireAlive();
    const generated = await this.#engine.run(
      "generate",
      {
        prompt: typeof prompt === "string" ? prompt : [...prompt],
        ...{ special, sampling, isUrgent, ...(shape && { shape }), ...(scores && { scores }) },
        ...{ room, kept: this.#pathOf(conversation) },
      },
      {
        onEvent: (event) => ("text" in event ? onText(event.text) : onScores?.(event.scores)),
        ...(signal ? { signal } : {}),
      },
    );
    if (conversation !== undefined) this.#conversations.add(conversation);
    return generated;
  }

  /** The vector of a text, or of ids, and its number of tokens. Throws `context-full`, `engine-stopped`, `bad-choice`. */
  async embed(
    text: string | readonly number[],
    { signal }: { signal: AbortSignal },
  ): Promise<JobOutput<Jobs["embed"]>> {
    await this.#ahead;
    this.#requireAlive();
    return this.#engine.run("embed", { text: typeof text === "string" ? text : [...text] }, { signal });
  }

  #requireAlive(): void {
    if (!this.alive) fail({ code: "engine-stopped", kind: chat.name, reason: "not-started" });
  }

  /** Ends its process, after what it has read of conversations was written, which takes up to about two seconds. */
  async stop(): Promise<void> {
    const { texts } = this.#kept;
    if (texts && this.#conversations.size > 0 && this.alive) {
      const paths = texts.existing([...this.#conversations]).map((id) => this.#pathOf(id)!);
      await this.#engine.run("write-texts", { paths }).catch(() => {}); // it can be read again
    }
    await this.#engine.stop();
    if (this.#conversations.size > 0) texts?.tidy();
  }

  #pathOf(conversation: number | undefined): string | undefined {
    const { texts, cacheFolder } = this.#kept;
    return conversation === undefined ? undefined : texts?.pathOf(cacheFolder, conversation);
  }
}

/** How many tokens the texts of a model may become in half of the free memory; at least as many as one text may have. */
function tokensFor(model: ChatShape, freeBytes: number): number {
  const { maxPositions } = model;
  const bytes = textMemoryBytes(model, maxPositions) / maxPositions;
  return Math.min(MOST_ROWS * maxPositions, Math.max(maxPositions, Math.floor(freeBytes / 2 / bytes)));
}

/** The file with a measurement of this computer: how many threads answer fastest. */
export const chatThreadsFile = (home: Home): string => join(home.cache, "threads.json");

/** The place of chat weights for a model that has none. */
export function chatCacheFolder(home: Home, path: string, precision: Precision): string {
  return join(home.cache, `${precision}-${fingerprint(path)}`);
}

/** A hash of a model's file names, sizes and times: a changed file under the same name needs new chat weights. Links to nothing are skipped. */
function fingerprint(path: string): string {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .map((name) => join(path, name))
    : ggufFiles(path);
  const hash = createHash("sha256");
  for (const file of files) {
    const status = statSync(file, { throwIfNoEntry: false });
    if (status) hash.update(`${file} ${status.size} ${status.mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
