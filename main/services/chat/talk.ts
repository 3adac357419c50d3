/** Questions to the models of a conversation and their answers, stored as they arrive: a tree, with one path per model. */
import { AppError, fail, failureOf } from "../../../native-models/failure.ts";
import { marker } from "../../../native-models/tokenizer/mark.ts";
import type { AnswerPiece } from "../../../preload/contract/calls/conversations.ts";
import type { Generated } from "../../../preload/contract/chat/chat.ts";
import { afterPassages } from "../../../preload/contract/chat/found-passage.ts";
import type { FoundPassage } from "../../../preload/contract/chat/found-passage.ts";
import type { Message } from "../../../preload/contract/data/data.ts";
import type { ChatEngine, SamplingChoices } from "./chat-engine.ts";
import type { ConversationRecord, Conversations, Lane, MessageRecord } from "./conversations.ts";
import { pathTo } from "./message-tree.ts";

/** A loaded model. */
export interface Speaker {
  /** The person's choice: a file, a folder, a run's id or the sample. */
  readonly reference: string;
  readonly path: string;
  readonly loaded: ChatEngine["loaded"];
  chatPrompt: ChatEngine["chatPrompt"];
  /** Continues a prompt, also one that is still being rendered: the answer counts as in progress from then on. Failures: also the prompt's. */
  generate(
    prompt: Parameters<ChatEngine["generate"]>[0] | Promise<string>,
    options: Parameters<ChatEngine["generate"]>[1],
  ): Promise<Generated>;
  readAhead: ChatEngine["readAhead"];
  embed: ChatEngine["embed"];
}

/** The models that a conversation may name. */
export interface Speakers {
  /** Loads one. */
  speakerOf(reference: string): Promise<Speaker>;
  /** One that is already loaded; null if it is not. */
  ready(reference: string): Speaker | null;
}

export interface TalkOptions {
  readonly conversations: Conversations;
  readonly speakers: Speakers;
}

/** A draft, in a conversation or, with null, in one that it will start. */
export interface Draft {
  readonly id: number | null;
  readonly models: readonly string[];
  readonly systemPrompt: string;
  readonly content: string;
  readonly passages?: readonly FoundPassage[] | null;
}

export interface ReadAheadOptions {
  /** Called with the number of tokens of the first model's prompt, up to the start of its answer. */
  readonly onTokens?: (tokens: number) => void;
  readonly signal?: AbortSignal;
}

export interface AskOptions {
  /** What the models read before the question. */
  readonly passages?: readonly FoundPassage[] | null;
  readonly onPiece?: (piece: AnswerPiece) => void;
  /** Ends the answer in progress, which keeps its text so far; no other answer starts. */
  readonly signal?: AbortSignal;
}

/** An answer, and how many of the messages before it, the first ones, no longer fitted and were left out. */
export type Answered = Generated & { readonly leftOut: number };

/** The answers of the asked models, the first model's first. */
export type Answers = readonly [Answered, ...Answered[]];

/** Answers of a conversation that are in progress. */
interface Answering {
  readonly conversation: number;
  stop(): void;
  readonly ended: Promise<unknown>;
}

/** An answer that was stored, still empty. */
interface StartedAnswer {
  /** The conversation's id. */
  readonly id: number;
  readonly lane: Lane;
  /** The id of its message. */
  readonly answer: number;
  /** The answer that it continues; null: none. */
  readonly begun: MessageRecord | null;
  readonly asked: Asked;
  readonly sampling: SamplingChoices;
}

/** What a model is asked: a question and everything before it. */
interface Asked {
  readonly systemPrompt: string;
  readonly path: readonly Said[];
  /** The model as the conversation names it. */
  readonly model: string;
}

/** A message as a prompt has it. */
type Said = Message &
  Partial<Pick<MessageRecord, "model" | "leftOut">> & { readonly passages: readonly FoundPassage[] | null };

export class Talk {
  readonly #options: TalkOptions;
  readonly #answering = new Set<Answering>();

  constructor(options: TalkOptions) {
    this.#options = options;
  }

  /**
   * Asks every model of a conversation, one after another; returns their answers. Failures: not-found, those of loading a model,
   * template-failed, context-full, engine-stopped, cancelled before the first answer started.
   */
  async ask(id: number, content: string, options: AskOptions = {}): Promise<Answers> {
    const { conversations } = this.#options;
    const messages = conversations.messages(id);
    const parents = conversations.leaves(id).map((leaf) => standing(messages, leaf));
    return this.#stoppable(id, options, (options) => this.#askAll(id, content, parents, options));
  }

  /** Ends a conversation's answers and deletes it; it can be restored for a minute. Returns the deleted size. Failure: not-found. */
  async remove(id: number, corrections: "keep" | "remove"): Promise<ReturnType<Conversations["size"]>> {
    const { conversations } = this.#options;
    await this.end([id]);
    const size = conversations.size(id);
    conversations.remove(id, corrections);
    return size;
  }

  /** Ends the answers of conversations, which keep their text so far; on disk when this returns. */
  async end(conversations: readonly number[]): Promise<void> {
    for (;;) {
      const answering = [...this.#answering].filter(({ conversation }) =>
        conversations.includes(conversation),
      );
      if (answering.length === 0) return; // and none has begun meanwhile
      for (const { stop } of answering) stop();
      await Promise.allSettled(answering.map(({ ended }) => ended));
    }
  }

  /**
   * Lets loaded models read a draft and everything before it, so that the answer starts as soon as the draft is sent. The draft is not
   * stored. Failures: not-found, template-failed, context-full, engine-stopped.
   */
  async readAhead(
    { id, models, systemPrompt, content, passages = null }: Draft,
    { onTokens, signal }: ReadAheadOptions = {},
  ): Promise<void> {
    const { conversations, speakers } = this.#options;
    const messages = id === null ? [] : conversations.messages(id);
    const leaves = id === null ? [null] : conversations.leaves(id);
    const read = new Set<Speaker>();
    for (const [lane, model] of models.entries()) {
      const speaker = speakers.ready(model);
      if (speaker === null || read.has(speaker)) continue; // one model caches one conversation
      read.add(speaker);
      const special = speaker.loaded.chatTemplate.source !== null;
      const before = pathTo(messages, standing(messages, leaves[lane] ?? leaves[0]!));
      const path = [...before, { role: "user", content, passages } as const];
      await fitting({ systemPrompt, path, model }, speaker, async (prompt, room) => {
        const rendered = await prompt;
        if (signal?.aborted) return;
        await speaker.readAhead(rendered, {
          ...{ special, room, conversation: id ?? undefined, signal },
          ...(lane === 0 && onTokens && { onTokens }),
        });
      });
      if (signal?.aborted) return;
    }
  }

  /** Asks an edited version of `question` about the same passages, on every path that contains one of its versions. */
  async edit(id: number, question: number, content: string, options: AskOptions = {}): Promise<Answers> {
    const { conversations } = this.#options;
    const messages = conversations.messages(id);
    const paths = conversations.leaves(id).map((leaf) => pathTo(messages, leaf));
    const place = Math.max(...paths.map((path) => path.findIndex((message) => message.id === question)));
    if (place < 0) return fail({ code: "not-found", path: "", what: "question" });
    const edited = messages.find((message) => message.id === question)!;
    const { passages } = edited;
    const parents = paths.map((path) => {
      const own = path.findIndex((message) => isAskedWith(edited, message));
      return path[Math.min(own < 0 ? place : own, path.length) - 1]?.id ?? null;
    });
    return this.#stoppable(id, { ...options, passages }, (options) =>
      this.#askAll(id, content, parents, options),
    );
  }

  /** Answers again: `message` is an answer, or a question without one. `continues`: the new answer begins with that one, which was cut off. */
  async regenerate(
    id: number,
    lane: Lane,
    message: number,
    { continues = false, ...options }: AskOptions & { readonly continues?: boolean } = {},
  ): Promise<Answered> {
    const { conversations } = this.#options;
    const messages = conversations.messages(id);
    const known = messages.find((one) => one.id === message);
    const question = known?.role === "assistant" ? known.parentId : known?.id;
    if (question === null || question === undefined)
      return fail({ code: "not-found", path: "", what: "message" });
    const conversation = conversations.get(id);
    const begun = continues && known?.role === "assistant" ? known : null;
    return this.#stoppable(id, options, (options) =>
      this.#answer(conversation, lane, question, options, begun),
    );
  }

  /** Runs `answer`, which the caller's signal or `end` can stop. */
  async #stoppable<Answered>(
    conversation: number,
    options: AskOptions,
    answer: (options: AskOptions) => Promise<Answered>,
  ): Promise<Answered> {
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    if (options.signal?.aborted) stop();
    options.signal?.addEventListener("abort", stop);
    const ended = answer({ ...options, signal: stopping.signal });
    const answering = { conversation, stop, ended };
    this.#answering.add(answering);
    try {
      return await ended;
    } finally {
      this.#answering.delete(answering);
      options.signal?.removeEventListener("abort", stop);
    }
  }

  /** The question follows each of `parents` (one per lane; equal ones once), then every lane answers in turn. */
  async #askAll(
    id: number,
    content: string,
    parents: readonly (number | null)[],
    options: AskOptions,
  ): Promise<Answers> {
    const { conversations } = this.#options;
    const asked = new Map<number | null, number>();
    conversations.together(() =>
      parents.forEach((parent, lane) => {
        const { passages = null } = options;
        const message = { role: "user", content, passages } as const;
        const question = asked.get(parent) ?? conversations.ask(id, message, parent);
        asked.set(parent, question);
        conversations.choose(id, lane as Lane, question);
      }),
    );
    const conversation = conversations.get(id);
    const answers: Answered[] = [];
    const errors: unknown[] = [];
    for (const [lane, parent] of parents.entries()) {
      if (options.signal?.aborted && lane > 0) break;
      try {
        answers.push(await this.#answer(conversation, lane as Lane, asked.get(parent)!, options));
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
    return answers as unknown as Answers;
  }

  async #answer(
    conversation: ConversationRecord,
    lane: Lane,
    question: number,
    options: AskOptions,
    begun: MessageRecord | null = null,
  ): Promise<Answered> {
    const { onPiece, signal } = options;
    const { conversations, speakers } = this.#options;
    const { id, systemPrompt } = conversation;
    const model = (lane === 1 ? conversation.besideModel : null) ?? conversation.model;
    onPiece?.({ type: "loading", lane });
    const speaker = await speakers.speakerOf(model);
    if (signal?.aborted) throw new AppError({ code: "cancelled" });

    const messages = conversations.messages(id);
    const others = messages.filter((other) => other.parentId === question && other.model === model).length;
    const answer = conversations.together(() => {
      const started = conversations.startAnswer(id, question, model);
      conversations.choose(id, lane, started);
      return started;
    });
    onPiece?.({ type: "began", lane, question, answer });
    const sampling = samplingOf(conversation, others);
    const asked = { systemPrompt, path: pathTo(messages, question), model };
    return this.#write({ id, lane, answer, begun, asked, sampling }, speaker, options);
  }

  /** Lets the model write an answer that was started, and stores it as it arrives. */
  async #write(
    { id, lane, answer, begun, asked, sampling }: StartedAnswer,
    speaker: Speaker,
    { onPiece, signal }: AskOptions,
  ): Promise<Answered> {
    const { conversations } = this.#options;
    const { chatTemplate } = speaker.loaded;
    let text = "";
    const onText = (piece: string) => {
      text += piece;
      conversations.continueAnswer(answer, text);
      onPiece?.({ type: "text", lane, text: piece });
    };
    try {
      const special = chatTemplate.source !== null;
      const start = begun?.content ?? "";
      if (start !== "") onText(start);
      const written = special ? marker(chatTemplate.specialTokens)(start) : start;
      const { result: generated, leftOut } = await fitting(asked, speaker, (prompt, room) =>
        speaker.generate(
          prompt.then((rendered) => rendered + written),
          {
            ...{ special, room, conversation: id, onText },
            sampling: special ? sampling : withTurnEnd(sampling),
            ...(signal ? { signal } : {}),
          },
        ),
      );
      const { tokensPerSecond, reason } = generated;
      const writtenTokens = begun?.tokens ?? 0;
      const tokens = writtenTokens + generated.tokens;
      const promptTokens = generated.promptTokens - writtenTokens;
      const state = reason === "cancelled" ? "stopped" : "done";
      conversations.endAnswer(answer, {
        content: text,
        state,
        tokens,
        tokensPerSecond,
        promptTokens,
        leftOut,
        reason,
      });
      onPiece?.({ type: "ended", lane, generated });
      return { ...generated, leftOut };
    } catch (error) {
      conversations.endAnswer(answer, { content: text, state: "stopped", tokens: 0, tokensPerSecond: null });
      throw error;
    }
  }
}

/** Whether a message is this question, or its copy for the other lane, which has the id right before or after it. */
const isAskedWith = (question: MessageRecord, { id, role, content }: MessageRecord): boolean =>
  id === question.id || (role === "user" && content === question.content && Math.abs(id - question.id) === 1);

/** The parent of the next question: the last non-empty answer on the path. Questions without an answer were abandoned. */
function standing(messages: readonly MessageRecord[], leaf: number | null): number | null {
  const path = pathTo(messages, leaf);
  for (let last = path.pop(); last; last = path.pop()) {
    if (last.role === "assistant" && (last.state === "done" || last.content.trim() !== "")) return last.id;
  }
  return null;
}

/** An answer should have room for this share of the context. */
const ANSWER_SHARE = 1 / 8;

/**
 * Lets `use` read a prompt that leaves room for an answer: without as many of the first questions and answers as necessary. If some have to be
 * left out, half of the context becomes free, so that the next prompts begin alike and need not be read again. Failures: those of `use`;
 * context-full if not even the system prompt and the question fit.
 */
async function fitting<Result>(
  { systemPrompt, path, model }: Asked,
  speaker: Speaker,
  use: (prompt: Promise<string>, room: number) => Promise<Result>,
): Promise<{ result: Result; leftOut: number }> {
  let leftOut = path.filter((message) => message.model === model).pop()?.leftOut ?? 0;
  for (;;) {
    const left = path.slice(leftOut);
    const prompt = speaker.chatPrompt(promptOf(systemPrompt, left));
    prompt.catch(() => {}); // reported by `use`
    const room = left.length > 1 ? Math.floor(speaker.loaded.maxPositions * ANSWER_SHARE) : 0;
    try {
      return { result: await use(prompt, room), leftOut };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== "context-full" || left.length === 1) throw error;
      leftOut += surplus(left, failure.limit / 2 / failure.tokens);
    }
  }
}

/** How many of a path's first messages, at least two, have to go so that about `share` of its text is left, or only its question. */
function surplus(path: readonly Said[], share: number): number {
  const sizes = promptOf("", path).map(({ content }) => content.length);
  const most = share * sizes.reduce((sum, size) => sum + size, 0);
  let count = 2;
  const left = () => sizes.slice(count).reduce((sum, size) => sum + size, 0);
  while (count < path.length - 1 && left() > most) count += 2;
  return count;
}

/** The prompt of an answer: the system prompt, unless it is empty, and the messages of a path, questions after their passages. */
export function promptOf(systemPrompt: string, path: readonly Said[]): Message[] {
  const instructions: Message[] =
    systemPrompt.trim() === "" ? [] : [{ role: "system", content: systemPrompt }];
  return [
    ...instructions,
    ...path.map(({ role, content, passages }) => ({
      role,
      content: role === "user" ? afterPassages(passages, content) : content.trim(),
    })),
  ];
}

/** A model's first answer uses the conversation's seed; further answers of the same model to the same question use other seeds. */
function samplingOf({ sampling }: ConversationRecord, others: number): SamplingChoices {
  const choices = sampling as SamplingChoices;
  return others === 0 ? choices : { ...choices, seed: (choices.seed ?? 0) + others };
}

/** A model without a chat template has not learnt where an answer ends: it would continue with the person's next turn. */
function withTurnEnd(sampling: SamplingChoices): SamplingChoices {
  return { ...sampling, stop: [...(sampling.stop ?? []), "\nUser:", "\n\nUser:"] };
}
