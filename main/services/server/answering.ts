/** Answers of the chat engines for programs, whichever interface they speak. */
import { AppError } from "../../../native-models/failure.ts";
import { takesTools } from "../../../native-models/chat-template.ts";
import type {
  AnswerShape,
  ChatTurn,
  Generated,
  ScoredToken,
  ScoresAsked,
  Tool,
} from "../../../preload/contract/chat/chat.ts";
import type { SamplingChoices } from "../chat/chat-engine.ts";
import type { Speaker, Speakers } from "../chat/talk.ts";
import type { ModelReference } from "../models/model-reference.ts";
import { Refused, refuseRequest } from "./refused.ts";

interface Conversation {
  readonly messages: readonly ChatTurn[];
  readonly tools?: readonly Tool[] | undefined;
}

/** A conversation; or a text, in which special tokens count as such, or ids, to be continued as they are. */
export type AskedPrompt = Conversation | { readonly text: string } | { readonly ids: readonly number[] };

export interface Asked {
  readonly model: ModelReference;
  readonly prompt: AskedPrompt;
  readonly sampling: SamplingChoices;
  readonly shape?: AnswerShape | undefined;
  readonly scores?: ScoresAsked | undefined;
}

export interface Listening {
  readonly onText: (text: string) => void;
  readonly onScores?: (scores: readonly ScoredToken[]) => void;
  /** Cancels the answer, also one that is still waiting. */
  readonly signal: AbortSignal;
}

export interface AskedVectors {
  readonly model: ModelReference;
  readonly texts: readonly (string | readonly number[])[];
  /** The width that the vectors must have, if any. */
  readonly dimensions?: number | null | undefined;
}

interface Vectors {
  readonly vectors: readonly (readonly number[])[];
  readonly tokens: number;
}

/** Requests that are answered or wait; the engine decides which go first. */
export const MOST_ACCEPTED = 48;

export class Answering {
  readonly #speakers: Pick<Speakers, "speakerOf">;
  #accepted = 0;

  constructor(speakers: Pick<Speakers, "speakerOf">) {
    this.#speakers = speakers;
  }

  /**
   * Answers; if the engine ends meanwhile, again from the beginning, without what was heard before: the same prompt and seed have the same answer.
   * Throws `Refused` (429), `cancelled`, and the failures of loading the model and of `ChatEngine`.
   */
  answer(asked: Asked, { onText, onScores, signal }: Listening): Promise<Generated> {
    return this.#accept(signal, async () => {
      const heard = { text: 0, scores: 0 };
      const attempt = () => {
        const again = { ...heard };
        return this.#attempt(asked, {
          signal,
          onText: (piece) => {
            const news = piece.slice(again.text);
            again.text -= piece.length - news.length;
            heard.text += news.length;
            if (news) onText(news);
          },
          onScores: (some) => {
            const news = some.slice(again.scores);
            again.scores -= some.length - news.length;
            heard.scores += news.length;
            if (news.length > 0) onScores?.(news);
          },
        });
      };
      try {
        return await attempt();
      } catch (error) {
        const isLost = error instanceof AppError && error.failure.code === "engine-stopped";
        if (!isLost || signal.aborted) throw error;
        return attempt();
      }
    });
  }

  async #attempt({ model, prompt, ...how }: Asked, listening: Listening): Promise<Generated> {
    const speaker = await this.#speakers.speakerOf(model.path);
    const text = "messages" in prompt ? render(speaker, prompt) : "text" in prompt ? prompt.text : prompt.ids;
    const special = !("messages" in prompt) || speaker.loaded.chatTemplate.source !== null;
    return speaker.generate(text, { special, isUrgent: false, ...how, ...listening });
  }

  /** The vector of each text, or of its ids, and the number of all tokens. Throws `Refused` if vectors have another width; failures as of `answer`. */
  embed({ model, texts, dimensions }: AskedVectors, signal: AbortSignal): Promise<Vectors> {
    return this.#accept(signal, async () => {
      const vectors: number[][] = [];
      let tokens = 0;
      for (const text of texts) {
        const speaker = await this.#speakers.speakerOf(model.path);
        const one = await speaker.embed(text, { signal });
        const { length } = one.vector;
        if ((dimensions ?? length) !== length)
          refuseRequest(`dimensions: this model's vectors have ${length} numbers`);
        vectors.push(one.vector);
        tokens += one.tokens;
      }
      return { vectors, tokens };
    });
  }

  /** Loads a model. Failures: as of `answer`. */
  load(model: ModelReference, signal: AbortSignal): Promise<Speaker> {
    return this.#accept(signal, () => this.#speakers.speakerOf(model.path));
  }

  async #accept<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (this.#accepted >= MOST_ACCEPTED)
      throw new Refused(
        429,
        "too_many_requests",
        `${MOST_ACCEPTED} requests are in hand already; try again later.`,
      );
    this.#accepted++;
    try {
      if (signal.aborted) throw new AppError({ code: "cancelled" });
      return await work();
    } finally {
      this.#accepted--;
    }
  }
}

async function render({ loaded, chatPrompt }: Speaker, { messages, tools }: Conversation): Promise<string> {
  if (tools && !takesTools(loaded.chatTemplate))
    refuseRequest("This model's chat template has no place for tools.", "tools_not_supported");
  return chatPrompt(messages, tools);
}
