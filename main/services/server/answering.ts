/** Answers of the chat engines for programs, whichever interface they speak. */
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
import { Queue } from "./queue.ts";
import { refuseRequest } from "./refused.ts";

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

export class Answering {
  readonly #speakers: Pick<Speakers, "speakerOf">;
  readonly #queue = new Queue();

  constructor(speakers: Pick<Speakers, "speakerOf">) {
    this.#speakers = speakers;
  }

  /** Answers when its turn comes. Failures: those of `Queue.run`, of loading the model, and of `ChatEngine`. */
  answer({ model, prompt, ...how }: Asked, listening: Listening): Promise<Generated> {
    return this.#queue.run(async () => {
      const speaker = await this.#speakers.speakerOf(model.path);
      const text =
        "messages" in prompt ? await render(speaker, prompt) : "text" in prompt ? prompt.text : prompt.ids;
      const special = !("messages" in prompt) || speaker.loaded.chatTemplate.source !== null;
      return speaker.generate(text, { special, ...how, ...listening });
    }, listening.signal);
  }

  /** Loads a model when its turn comes. Failures: as of `answer`. */
  load(model: ModelReference, signal: AbortSignal): Promise<Speaker> {
    return this.#queue.run(() => this.#speakers.speakerOf(model.path), signal);
  }
}

function render({ loaded, chatPrompt }: Speaker, { messages, tools }: Conversation): Promise<string> {
  if (tools && !takesTools(loaded.chatTemplate))
    refuseRequest("This model's chat template has no place for tools.", "tools_not_supported");
  return chatPrompt(messages, tools);
}
