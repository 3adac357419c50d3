/** A model that answers: loaded once, asked as often as wanted. */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Generated } from "../../preload/contract/chat.ts";
import type { ModelReport } from "../../preload/contract/model.ts";
import { startEngine } from "../engine/host.ts";
import type { Engine, EngineOptions } from "../engine/host.ts";
import { chat } from "../engine/kinds.ts";
import type { JobInput, JobOutput } from "../engine/protocol.ts";
import type { Home } from "../home.ts";
import { admitChat, thisComputer } from "./admission.ts";
import type { Free } from "./admission.ts";
import { physicalCores } from "./computer.ts";

type Jobs = (typeof chat)["jobs"];
export type SamplingChoices = JobInput<Jobs["generate"]>["sampling"];

export interface AnsweringOptions {
  readonly threads?: number | undefined;
  readonly precision?: "int4" | "fp32" | undefined;
  readonly engine?: EngineOptions;
  readonly free?: Free;
}

export class Answering {
  readonly #engine: Engine<Jobs>;
  readonly loaded: JobOutput<Jobs["load"]>;

  private constructor(engine: Engine<Jobs>, loaded: JobOutput<Jobs["load"]>) {
    this.#engine = engine;
    this.loaded = loaded;
  }

  /** Loads a model; one without chat weights beside it gets them in the home's cache. Failures: not-enough-memory, disk-full, those of reading. */
  static async open(
    home: Home,
    model: ModelReport,
    {
      threads = physicalCores(),
      precision = "int4",
      engine: options,
      free = thisComputer,
    }: AnsweringOptions = {},
  ): Promise<Answering> {
    admitChat(model, free);
    const engine = startEngine(chat, options);
    try {
      const cacheFolder = join(home.cache, `${precision}-${fingerprint(model.path)}`);
      const loaded = await engine.run("load", { model: model.path, cacheFolder, precision, threads });
      return new Answering(engine, loaded);
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  /** Goes on from a prompt; `special`: it was rendered by a chat template. Throws `context-full`. */
  generate(
    prompt: string,
    {
      special,
      sampling,
      onText,
      signal,
    }: {
      special: boolean;
      sampling: SamplingChoices;
      onText: (text: string) => void;
      signal?: AbortSignal;
    },
  ): Promise<Generated> {
    return this.#engine.run(
      "generate",
      { prompt, special, sampling },
      { onEvent: ({ text }) => onText(text), ...(signal ? { signal } : {}) },
    );
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }
}

/** Of a model's files as they are now: another file under the same name has other chat weights. */
function fingerprint(path: string): string {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .map((name) => join(path, name))
    : [path];
  const hash = createHash("sha256");
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
