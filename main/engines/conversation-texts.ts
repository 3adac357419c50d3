/** What a chat engine has read of conversations, saved in files before the model is unloaded. */
import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { failureOf } from "../../native-models/failure.ts";
import { makeFolder } from "../../native-models/formats/atomic.ts";
import type { Decoder } from "../../native-models/inference/decoder.ts";
import { readText, writeText } from "../../native-models/inference/saved-text.ts";
import type { Together } from "../../native-models/inference/together.ts";
import { version } from "../version.ts";

/** Reading fewer tokens again takes no longer than a moment. */
const LEAST_TOKENS = 256;
/** After this time, no further text is begun to be written: an application that quits is waiting. */
const WRITING_MS = 1000;

/** A file is only used at its own path, whose folder stands for the model, and by this version. */
const markOf = (path: string) => `${version} ${path}`;

export class ConversationTexts {
  readonly #together: Together;
  /** What each conversation consists of by its path, the one that was answered last at the end. */
  #ids = new Map<string, readonly number[]>();

  constructor(together: Together) {
    this.#together = together;
  }

  /** A conversation's prompt was answered: `ids` are both. */
  answered(path: string, ids: readonly number[]): void {
    this.#ids.delete(path);
    this.#ids.set(path, ids);
  }

  /** Lets the next answer to a prompt go on from the file at `path`, if that has more of it than what has been read. */
  async restore(path: string, prompt: readonly number[]): Promise<void> {
    if (existsSync(path)) await this.#alone(prompt, (decoder) => this.read(path, decoder, prompt));
  }

  /** Lets a decoder take over what the file at `path` shares with a prompt, if it is more. A file that cannot be used is removed. */
  read(path: string, decoder: Decoder, prompt: readonly number[]): void {
    if (!decoder.canBeSaved) return;
    try {
      readText(path, decoder, prompt, markOf(path));
    } catch (error) {
      if (failureOf(error).code !== "not-found") rmSync(path, { force: true });
    }
  }

  /** Writes the texts with these paths that have been answered, the last one first, for about a second. Throws `disk-full`, `unwritable`. */
  async write(paths: readonly string[]): Promise<void> {
    const started = performance.now();
    for (const [path, ids] of [...this.#ids].reverse()) {
      if (!paths.includes(path)) continue;
      if (performance.now() - started > WRITING_MS) return;
      const prompt = [...ids, 0]; // a text's own decoder has not read the end of a prompt, which is read for its logits
      await this.#alone(prompt, async (decoder) => {
        if (!decoder.canBeSaved || decoder.ids.length < LEAST_TOKENS) return;
        makeFolder(dirname(path), 0o700);
        await writeText(path, decoder, markOf(path));
      });
    }
  }

  #alone(prompt: readonly number[], use: (decoder: Decoder) => void | Promise<void>): Promise<void> {
    const text = { prompt, tokens: prompt.length, isUrgent: true, cancelled: () => false };
    return this.#together.alone(text, async (decoder) => use(decoder));
  }
}
