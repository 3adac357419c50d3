/** A conversation with a loaded model, turn by turn, written down as it goes. */
import type { Generated } from "../../preload/contract/chat.ts";
import type { Message } from "../../preload/contract/data.ts";
import type { ModelReport } from "../../preload/contract/model.ts";
import type { Answering, SamplingChoices } from "./answering.ts";
import type { Conversations } from "./chat.ts";
import type { ModelReference } from "./model-reference.ts";
import type { Reading } from "./reading.ts";

export interface TalkOptions {
  readonly model: ModelReference;
  readonly report: ModelReport;
  readonly reading: Reading;
  readonly answering: Answering;
  /** Where it is written down; null: nowhere. */
  readonly conversations: Conversations | null;
  readonly systemPrompt?: string | undefined;
  readonly sampling: SamplingChoices;
}

/** Characters of the first question that a conversation is named after. */
const titleCharacters = 60;

export class Talk {
  readonly #options: TalkOptions;
  readonly #messages: Message[];
  #conversation: number | null = null;
  #lastMessage: number | null = null;

  constructor(options: TalkOptions) {
    this.#options = options;
    this.#messages = options.systemPrompt ? [{ role: "system", content: options.systemPrompt }] : [];
  }

  /** Asks and answers; `onText` gets the answer as it comes. An answer that `signal` stops stays as far as it came. */
  async ask(content: string, onText: (text: string) => void, signal?: AbortSignal): Promise<Generated> {
    const { answering, reading, model, report, sampling } = this.#options;
    const question: Message = { role: "user", content };
    const written = this.#write(question);
    this.#messages.push(question);
    let text = "";
    const end = (state: "done" | "stopped", speed: Pick<Generated, "tokens" | "tokensPerSecond"> | null) =>
      written?.end(text, state, speed);
    try {
      const prompt = await reading.chatPrompt(model.path, this.#messages);
      const answer = await answering.generate(prompt, {
        special: report.hasChatTemplate,
        sampling: report.hasChatTemplate ? sampling : withTurnEnd(sampling),
        onText: (piece) => {
          text += piece;
          written?.soFar(text);
          onText(piece);
        },
        ...(signal ? { signal } : {}),
      });
      end(answer.reason === "cancelled" ? "stopped" : "done", answer);
      this.#messages.push({ role: "assistant", content: text.trim() });
      return answer;
    } catch (error) {
      end("stopped", null);
      this.#messages.pop();
      throw error;
    }
  }

  #write(question: Message) {
    const { conversations, model, systemPrompt, sampling } = this.#options;
    if (!conversations) return null;
    this.#conversation ??= conversations.create({
      title: question.content.slice(0, titleCharacters),
      model: model.name,
      sampling: { ...sampling },
      ...(systemPrompt ? { systemPrompt } : {}),
    }).id;
    const asked = conversations.ask(this.#conversation, question, this.#lastMessage);
    const answer = conversations.startAnswer(this.#conversation, asked, model.name);
    this.#lastMessage = answer;
    return {
      soFar: (text: string) => conversations.continueAnswer(answer, text),
      end: (
        content: string,
        state: "done" | "stopped",
        speed: Pick<Generated, "tokens" | "tokensPerSecond"> | null,
      ) =>
        conversations.endAnswer(answer, {
          content,
          state,
          tokens: speed?.tokens ?? 0,
          tokensPerSecond: speed?.tokensPerSecond ?? 0,
        }),
    };
  }
}

/** A model without a chat template was never told where an answer ends: it would go on with the person's next turn. */
function withTurnEnd(sampling: SamplingChoices): SamplingChoices {
  return { ...sampling, stop: [...(sampling.stop ?? []), "\nUser:", "\n\nUser:"] };
}
