/** An answer as it is written: logits in, text and the ids to be read next out. */
import { Follower } from "../constraints/constraint.ts";
import type { Constraint } from "../constraints/constraint.ts";
import { streamDecoder } from "../tokenizer.ts";
import type { StreamDecoder, TokenText } from "../tokenizer.ts";
import { Sampler } from "./sampler.ts";
import type { SamplerOptions } from "./sampler.ts";
import { StopFilter } from "./stop-filter.ts";

export interface AnswerOptions extends SamplerOptions {
  readonly maxTokens: number;
  /** Texts that end the answer; they are not part of it. */
  readonly stop: readonly string[];
  readonly endIds: readonly number[];
  /** The shape that the answer must have; its end ids are the answer's. */
  readonly constraint?: Constraint | undefined;
}

/** Why an answer ended. Only one that ended by `end` is sure to satisfy its constraint: the others may be cut off. */
export type Reason = "end" | "stop" | "length" | "cancelled";

export interface Written {
  /** The text that has become final since the last call. */
  readonly text: string;
  /** Null if the answer continues. */
  readonly reason: Reason | null;
  /** To be read before the next logits, unless the answer has ended. */
  readonly ids: readonly number[];
}

export class AnswerWriter {
  readonly #options: AnswerOptions;
  readonly #sampler: Sampler;
  readonly #follower: Follower | undefined;
  readonly #text: StreamDecoder;
  readonly #held: StopFilter;
  /** The prompt's, then the answer's. */
  readonly #ids: number[];
  readonly #limit: number;
  #tokens = 0;
  #chosen: number[] = [];

  /** `limit`: the maximum number of tokens of the prompt and the answer together. */
  constructor(tokenizer: TokenText, prompt: readonly number[], options: AnswerOptions, limit: number) {
    this.#options = options;
    this.#sampler = new Sampler(options);
    this.#follower = options.constraint && new Follower(options.constraint);
    this.#text = streamDecoder(tokenizer, { continues: true });
    this.#held = new StopFilter(options.stop);
    this.#ids = [...prompt];
    this.#limit = limit;
  }

  /** How many tokens the answer has so far. */
  get tokens(): number {
    return this.#tokens;
  }

  /** The ids that the last `next` chose: also one that ended the answer and is not part of it. */
  get chosen(): readonly number[] {
    return this.#chosen;
  }

  /** Chooses the next token from the logits after the last id [V], which it changes, and adds the tokens that the constraint then forces. */
  next(logits: Float32Array): Written {
    const id = this.#sampler.next(logits, this.#ids, this.#follower?.mask());
    this.#chosen = [];
    if (this.#options.endIds.includes(id)) {
      this.#chosen.push(id);
      return this.end("end");
    }
    const chosen = this.#write([id]);
    const forced = chosen.reason ? [] : (this.#follower?.forced() ?? []);
    if (forced.length === 0) return chosen;
    const more = this.#write(forced);
    return { ...more, text: chosen.text + more.text, ids: [id, ...more.ids] };
  }

  /** Ends the answer and returns the rest of its text. A character that is cut off in the middle is left out. */
  end(reason: Reason, before = ""): Written {
    const isCutOff = reason === "length" || reason === "cancelled";
    const last = isCutOff ? "" : this.#text.flush();
    const rest = reason === "stop" ? "" : this.#held.push(last).text + this.#held.rest();
    return { text: before + rest, reason, ids: [] };
  }

  #write(ids: readonly number[]): Written {
    let text = "";
    for (const id of ids) {
      this.#follower?.accept(id);
      this.#ids.push(id);
      this.#chosen.push(id);
      this.#tokens++;
      const { text: final, stopped } = this.#held.push(this.#text.push(id));
      text += final;
      if (stopped) return this.end("stop", text);
      if (this.#follower?.isFinished) return this.end("end", text);
      if (this.#tokens >= this.#options.maxTokens || this.#ids.length >= this.#limit)
        return this.end("length", text);
    }
    return { text, reason: null, ids };
  }
}
