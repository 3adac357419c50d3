/** One conversation as the page shows it, stored or not yet, and the answer in progress. */
import type { Failure } from "../../native-models/failure.ts";
import type {
  AnswerPiece,
  ChatModel,
  ConversationDetail,
  LoadedFacts,
  ShownMessage,
} from "../../preload/contract/calls/conversations.ts";
import type { Sampling } from "../../preload/contract/chat/chat.ts";
import type { FoundPassage } from "../../preload/contract/chat/found-passage.ts";
import { titleOf } from "../../preload/contract/chat/conversation-title.ts";
import { main } from "../bridge.ts";
import { Announcer } from "../components/announcer.svelte.ts";
import { failureOf } from "../messages/failures.ts";
import { t } from "../messages/index.svelte.ts";
import { conversationList } from "./conversation-list.svelte.ts";
import { Incoming } from "./incoming.svelte.ts";
import type { LiveAnswer } from "./incoming.svelte.ts";
import { initialSampling } from "./presets.ts";
import { ReadingAhead } from "./reading-ahead.svelte.ts";

/** Settings changed within this time are saved together. */
const keepMs = 300;

export interface CorrectionInput {
  readonly right: string;
  readonly passage: string;
}

type Asking = (onPiece: (piece: AnswerPiece) => void, signal: AbortSignal) => Promise<ConversationDetail>;

export class TalkState {
  id = $state<number | null>(null);
  title = $state("");
  /** The model and, if two answer side by side, the second one. */
  models = $state.raw<ChatModel[]>([]);
  systemPrompt = $state("");
  sampling = $state<Sampling>({ ...initialSampling });
  lanes = $state.raw<ShownMessage[][]>([[]]);
  busy = $state(false);
  failure = $state.raw<Failure | undefined>(undefined);
  /** The ids of the shown answers that the person is correcting. */
  correcting = $state.raw<readonly number[]>([]);
  /** Facts about the models that have been loaded so far, by reference. */
  facts = $state.raw<Record<string, LoadedFacts>>({});
  /** The reference of the model that is loading. */
  loading = $state<string | undefined>(undefined);
  readonly announcer = new Announcer();
  readonly #incoming = new Incoming(({ tokens }) => this.announcer.say(t.chat.soFar(tokens)));
  #stopping: AbortController | null = null;
  /** Counts reads, so that the result of a read is ignored if a newer one has started. */
  #reads = 0;
  /** The lanes whose model is to be loaded after the one that is loading. */
  #unprepared: readonly number[] = [];
  /** The conversation that could not be read; null: none. */
  #unread: number | null = null;
  #keep: ReturnType<typeof setTimeout> | undefined;
  readonly #readingAhead = new ReadingAhead(() => {
    const { id, models, systemPrompt } = this;
    return this.busy ? null : { id, models: models.map(({ reference }) => reference), systemPrompt };
  });

  /** The answer that is being generated or waited for. */
  get live(): LiveAnswer | null {
    return this.#incoming.answer;
  }

  /** How many tokens the first model reads when the draft is sent; null while that is not known. */
  get planned(): number | null {
    return this.#readingAhead.tokens;
  }

  readonly empty = $derived(this.lanes.every((lane) => lane.length === 0));

  /** Tokens used by the newest answer of a lane and the model's context limit; null if unknown. */
  contextOf(lane: number): { used: number; limit: number } | null {
    const model = this.models[lane];
    const limit = model && this.facts[model.reference]?.maxPositions;
    const last = this.lanes[lane]?.findLast(({ promptTokens }) => promptTokens !== null);
    if (this.failure?.code === "context-full") return { used: this.failure.limit, limit: this.failure.limit };
    if (limit === undefined) return null;
    return { used: Math.min(limit, (last?.promptTokens ?? 0) + (last?.tokens ?? 0)), limit };
  }

  /** Shows a stored conversation, or why it cannot be shown. */
  async load(id: number): Promise<void> {
    try {
      await this.open(id);
      if (this.#unread !== null) this.failure = undefined;
      this.#unread = null;
    } catch (error) {
      this.#unread = id;
      this.failure = failureOf(error);
    }
  }

  /** Reads a stored conversation. Failure: not-found. */
  async open(id: number): Promise<void> {
    const read = ++this.#reads;
    const detail = await main.conversations.get({ id });
    if (read === this.#reads) this.#take(detail);
  }

  /** Chooses the model of a lane and loads it. */
  async choose(lane: number, model: ChatModel): Promise<void> {
    const models = [...this.models];
    models[lane] = model;
    this.models = models;
    if (this.id !== null) await this.#configure();
    await this.prepare(lane);
  }

  /** Loads a model before it is asked; shows its failure. */
  async prepare(lane = 0): Promise<void> {
    const model = this.models[lane];
    if (!model || this.busy) return;
    if (this.loading !== undefined) return void (this.#unprepared = [...this.#unprepared, lane]);
    this.loading = model.reference;
    this.failure = undefined;
    try {
      await this.#learn(model.reference);
      this.#readingAhead.readSoon();
    } catch (error) {
      // Another model may have been chosen meanwhile.
      if (this.models[lane]?.reference === model.reference) this.failure = failureOf(error);
    } finally {
      this.loading = undefined;
    }
    const next = this.#unprepared.filter((other) => this.models[other]?.reference !== model.reference);
    this.#unprepared = [];
    for (const other of next) await this.prepare(other);
  }

  /** Called as the person types: from the first character on the models are loaded, and then read the draft. */
  write(draft: string, passages: FoundPassage[] | null = null): void {
    const isBegun = this.#readingAhead.write(draft, passages);
    if (isBegun)
      for (const [lane, { reference }] of this.models.entries())
        if (!this.facts[reference]) void this.prepare(lane);
  }

  /** Called when the person leaves the page; an answer in progress continues. */
  leave(): void {
    this.correcting = [];
    this.#readingAhead.forget();
    this.#readingAhead.stop();
  }

  /** Lets a model's original answer beside it, for a model that was not made here or whose original is gone the same one again; or returns to one model. */
  async toggleBeside(): Promise<void> {
    const [first, beside] = this.models;
    if (this.busy || !first) return;
    if (beside) return this.setBeside(null);
    const original = await main.conversations.original({ model: first.reference });
    await this.setBeside(original ?? first);
  }

  /** Sets or removes the second model. */
  async setBeside(beside: ChatModel | null): Promise<void> {
    this.models = beside ? [this.models[0]!, beside] : this.models.slice(0, 1);
    this.failure = undefined; // it may be the second model's
    if (this.id !== null) await this.#configure();
    if (beside) await this.prepare(1);
  }

  /** Saves changed settings after a short delay. */
  settingsChanged(): void {
    clearTimeout(this.#keep);
    if (this.id === null) return;
    this.#keep = setTimeout(() => void this.#configure().catch(() => {}), keepMs);
  }

  /** Asks a question, about passages if there are any; the first one stores the conversation. Returns whether the question was stored; if not, only the caller has its text. */
  async ask(content: string, passages: FoundPassage[] | null = null): Promise<boolean> {
    this.#readingAhead.forget();
    return this.#stored(async (onPiece, signal) => {
      if (this.id === null) await this.#begin(content);
      else await this.#configure();
      return main.conversations.ask({ id: this.id!, content, passages }, onPiece, signal);
    });
  }

  /** Answers again; `continues`: the new answer begins with the text of this one. */
  async regenerate(lane: number, message: number, { continues = false } = {}): Promise<void> {
    await this.#answered((onPiece, signal) =>
      main.conversations.regenerate({ id: this.id!, lane, message, continues }, onPiece, signal),
    );
  }

  /** Asks an edited version of a question. Returns whether it was stored; if not, only the caller has its text. */
  edit(message: number, content: string): Promise<boolean> {
    return this.#stored((onPiece, signal) =>
      main.conversations.edit({ id: this.id!, message, content }, onPiece, signal),
    );
  }

  /** Reads the conversation again if that failed, or asks again if the answer is missing or broken. */
  async retry(): Promise<void> {
    if (this.#unread !== null) return this.load(this.#unread);
    for (const [lane, messages] of this.lanes.entries()) {
      const last = messages[messages.length - 1];
      if (last && (last.role === "user" || last.state === "stopped")) return this.regenerate(lane, last.id);
    }
    this.failure = undefined;
    await this.prepare(0);
  }

  /** Shows another answer, or another version of a question, without the failure of the one shown before. */
  async show(lane: number, message: number): Promise<void> {
    this.#take(await main.conversations.choose({ id: this.id!, lane, message }));
    this.failure = undefined;
  }

  /** Corrects an answer, or changes its correction, and closes the editor. Failures: those of storing it. */
  async correct(message: number, text: CorrectionInput): Promise<void> {
    const conversation = this.id!;
    await main.corrections.save({ conversation, message, ...text });
    await this.open(conversation);
    this.setCorrecting(message, false);
    await conversationList.refresh();
  }

  /** Opens or closes the editor of an answer's correction. */
  setCorrecting(message: number, isOn: boolean): void {
    const others = this.correcting.filter((other) => other !== message);
    this.correcting = isOn ? [...others, message] : others;
  }

  async takeBack(correction: number): Promise<void> {
    await main.corrections.remove({ id: correction });
    await this.open(this.id!);
  }

  stop(): void {
    this.#stopping?.abort();
  }

  async rename(title: string): Promise<void> {
    await main.conversations.rename({ id: this.id!, title });
    this.title = title;
    await conversationList.refresh();
  }

  async #begin(question: string): Promise<void> {
    const [model, beside] = this.models;
    this.#take(
      await main.conversations.create({
        title: titleOf(question),
        model: model!.reference,
        beside: beside?.reference ?? null,
        systemPrompt: this.systemPrompt,
        sampling: this.sampling,
      }),
    );
  }

  async #configure(): Promise<void> {
    clearTimeout(this.#keep);
    const [model, beside] = this.models;
    const { id, systemPrompt, sampling } = this;
    const detail = await main.conversations.configure({
      id: id!,
      model: model!.reference,
      beside: beside?.reference ?? null,
      systemPrompt,
      sampling,
    });
    if (!this.busy && this.id === id) this.lanes = detail.lanes;
  }

  /** Asks a new question; returns whether it was stored. Nothing is asked during an answer. */
  async #stored(ask: Asking): Promise<boolean> {
    if (this.busy) return false;
    const known = this.lanes.flat().map(({ id }) => id);
    await this.#answered(ask);
    return this.lanes.flat().some(({ id, role }) => role === "user" && !known.includes(id));
  }

  async #answered(ask: Asking): Promise<void> {
    if (this.busy) return;
    this.#readingAhead.release();
    this.busy = true;
    this.failure = undefined;
    this.#stopping = new AbortController();
    this.announcer.say(t.chat.answering);
    try {
      this.#take(await ask((piece) => this.#hear(piece), this.#stopping.signal));
      const answers = this.lanes.map((lane) => lane[lane.length - 1]?.content ?? "");
      this.announcer.say(answers.join("\n"));
    } catch (error) {
      this.failure = failureOf(error);
      if (this.id !== null) await this.open(this.id).catch(() => {});
    } finally {
      this.#incoming.end();
      this.busy = false;
      this.#stopping = null;
    }
    this.#readingAhead.readSoon(); // the next question may have been typed meanwhile
    for (const { reference } of this.models) await this.#learnAfterAnswer(reference).catch(() => {});
    await conversationList.refresh();
  }

  #hear(piece: AnswerPiece): void {
    switch (piece.type) {
      case "loading":
      case "began":
        this.#incoming.begin(piece.lane, piece.type === "began" ? piece.answer : null);
        void this.open(this.id!).catch(() => {}); // a failure is reported by the end of the answer
        break;
      case "text":
        this.#incoming.add(piece.text);
        break;
      case "ended":
        this.#incoming.show();
    }
  }

  async #learn(reference: string): Promise<void> {
    this.#know(reference, await main.conversations.load({ model: reference }));
  }

  /** What an answer has changed, such as the device. Only after a failure is a model loaded: two may not fit into memory together. */
  async #learnAfterAnswer(reference: string): Promise<void> {
    if (this.failure) return this.#learn(reference);
    const facts = await main.conversations.facts({ model: reference });
    if (facts) this.#know(reference, facts);
  }

  #know(reference: string, facts: LoadedFacts): void {
    this.facts = { ...this.facts, [reference]: facts };
    this.models = this.models.map((model) => (model.reference === reference ? facts.model : model));
  }

  #take({ id, title, model, beside, systemPrompt, sampling, lanes }: ConversationDetail): void {
    this.#reads++;
    const first = this.id !== id;
    this.id = id;
    this.title = title;
    this.lanes = lanes;
    // The editor belongs to the answer for which it was opened, not to another one shown in its place.
    this.correcting = this.correcting.filter((message) => lanes.flat().some(({ id }) => id === message));
    if (!first) return;
    this.models = beside ? [model, beside] : [model];
    this.systemPrompt = systemPrompt;
    this.sampling = sampling;
  }
}
