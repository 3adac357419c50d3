import type { Selectable } from "kysely";
import { fail } from "../../../native-models/failure.ts";
import { UNDO_SECONDS } from "../../../preload/contract/calls/conversations.ts";
import { afterPassages } from "../../../preload/contract/chat/found-passage.ts";
import type { FoundPassage } from "../../../preload/contract/chat/found-passage.ts";
import type { Message } from "../../../preload/contract/data/data.ts";
import { Batch } from "../../database/batch.ts";
import { openDatabase } from "../../database/open.ts";
import type { MessagesTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";
import { searchConversations } from "./conversation-search.ts";
import type { Found } from "./conversation-search.ts";
import { newestLeaf } from "./message-tree.ts";
import { FreshIds } from "./fresh-ids.ts";
import type { KeptTexts } from "./kept-texts.ts";
import { copyOf, putBack } from "./removed-conversation.ts";
import type { RemovedConversation } from "./removed-conversation.ts";

/** `model` is the person's choice: a file, a folder or a run's id. `sampling` is stored unchanged. */
export interface ConversationEntry {
  title: string;
  model: string;
  /** The second model, which answers next to the first; null: none. */
  besideModel?: string | null;
  systemPrompt?: string;
  sampling: Record<string, unknown>;
}

export interface ConversationRecord extends Required<ConversationEntry> {
  id: number;
  createdAt: string;
  updatedAt: string;
  /** The newest message on the shown path of the first model, and of the second; null: no message yet. */
  leafId: number | null;
  besideLeafId: number | null;
}

/** The index of a model in a conversation: 0 for the first, 1 for the second. */
export type Lane = 0 | 1;

export interface MessageRecord extends Omit<Selectable<MessagesTable>, "passages"> {
  /** What the model reads before this question; null: nothing. */
  passages: FoundPassage[] | null;
}

/** How an answer ended; `stopped` by the person or by a fault. */
export interface AnswerEnd {
  content: string;
  state: "done" | "stopped";
  tokens: number;
  tokensPerSecond: number | null;
  promptTokens?: number | null;
  leftOut?: number;
  reason?: string | null;
}

const answerIntervalMs = 1000;
/** How long a deleted conversation can be restored: a little longer than that is offered, so that the last moment works, too. */
const regretMs = 1000 * (UNDO_SECONDS + 5);

/** Conversations with models. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Conversations {
  readonly #store: Store;
  readonly #texts: KeptTexts | null;
  readonly #answers = new Batch<{ id: number; content: string }>(answerIntervalMs, (answers) =>
    this.#write(answers),
  );
  readonly #removed = new Map<number, RemovedConversation>();
  readonly #ids: { readonly conversations: FreshIds; readonly messages: FreshIds };

  /** `texts`: what models have read of them, which is removed with them. */
  constructor(store: Store, texts: KeptTexts | null = null) {
    this.#store = store;
    this.#texts = texts;
    this.#ids = {
      conversations: new FreshIds(store, "conversations"),
      messages: new FreshIds(store, "messages"),
    };
  }

  /** Writes everything in `work` to disk together. */
  together<Result>(work: () => Result): Result {
    return this.#store.transaction(work);
  }

  /** The models of all conversations, as named there. */
  modelReferences(): string[] {
    const rows = this.#store.all(
      query.selectFrom("conversations").select(["model", "besideModel"]).distinct(),
    );
    return rows.flatMap(({ model, besideModel }) => (besideModel === null ? [model] : [model, besideModel]));
  }

  /** Conversations in memory only, which are gone when the program ends. */
  static unkept(): Conversations {
    return new Conversations(openDatabase(":memory:"));
  }

  /** Starts a conversation. */
  create({
    title,
    model,
    besideModel = null,
    systemPrompt = "",
    sampling,
  }: ConversationEntry): ConversationRecord {
    const createdAt = now();
    const entry = {
      id: this.#ids.conversations.next(),
      title,
      model,
      besideModel,
      systemPrompt,
      sampling: JSON.stringify(sampling),
      createdAt,
      updatedAt: createdAt,
    };
    const row = this.#store.first(query.insertInto("conversations").values(entry).returningAll());
    return conversationOf(row!);
  }

  /** Most recently used first; with `after`, only those that follow it. */
  list({
    limit = -1,
    after = null,
  }: { limit?: number; after?: { id: number; updatedAt: string } | null } = {}): ConversationRecord[] {
    const all = query
      .selectFrom("conversations")
      .selectAll()
      .orderBy("updatedAt", "desc")
      .orderBy("id", "desc");
    const wanted = after
      ? all.where((row) =>
          row.or([
            row("updatedAt", "<", after.updatedAt),
            row.and([row("updatedAt", "=", after.updatedAt), row("id", "<", after.id)]),
          ]),
        )
      : all;
    return this.#store.all(wanted.limit(limit)).map(conversationOf);
  }

  /** Conversations that contain the words of `text`, newest match first; any text is allowed. */
  search(text: string, limit: number): Found[] {
    return searchConversations(this.#store, text, limit);
  }

  count(): number {
    const counted = query.selectFrom("conversations").select(({ fn }) => fn.countAll<number>().as("count"));
    return this.#store.first(counted)!.count;
  }

  /** The conversation of that id. Failure: not-found. */
  get(id: number): ConversationRecord {
    const row = this.#store.first(query.selectFrom("conversations").selectAll().where("id", "=", id));
    return row ? conversationOf(row) : notFound(id);
  }

  /** Changes the given fields. Failure: not-found. */
  change(id: number, { sampling, ...change }: Partial<ConversationEntry>): void {
    const values = { ...change, ...(sampling ? { sampling: JSON.stringify(sampling) } : {}) };
    if (Object.keys(values).length === 0) return;
    const changed = this.#store.run(query.updateTable("conversations").set(values).where("id", "=", id));
    if (changed === 0) notFound(id);
  }

  /** The current message of each model: the newest of its path, or null. Failure: not-found. */
  leaves(id: number): (number | null)[] {
    const { leafId, besideModel, besideLeafId } = this.get(id);
    const messages = this.messages(id);
    const known = (leaf: number | null) => (messages.some((message) => message.id === leaf) ? leaf : null);
    const first = known(leafId) ?? messages[messages.length - 1]?.id ?? null;
    return besideModel === null ? [first] : [first, known(besideLeafId) ?? first];
  }

  /** Moves a model to the path that leads to a message and from there along the newest replies. */
  choose(id: number, lane: Lane, message: number): void {
    const leaf = newestLeaf(this.messages(id), message);
    const values = lane === 0 ? { leafId: leaf } : { besideLeafId: leaf };
    this.#store.run(query.updateTable("conversations").set(values).where("id", "=", id));
  }

  /** The number of a conversation's messages, and the bytes of their text. */
  size(id: number): { messages: number; bytes: number } {
    const contents = this.messages(id).map(({ content, passages }) =>
      Buffer.byteLength(afterPassages(passages, content)),
    );
    return { messages: contents.length, bytes: contents.reduce((sum, bytes) => sum + bytes, 0) };
  }

  /**
   * Deletes a conversation from the tables, the search index and the write-ahead log, along with all backups of the database and what models
   * have kept of it, and with "remove" also the corrections of its answers. For a minute this process can still restore it. Failure: not-found.
   */
  remove(id: number, corrections: "keep" | "remove" = "keep"): void {
    this.#answers.flush();
    const copy = copyOf(this.#store, id, corrections === "keep") ?? notFound(id);
    this.together(() => {
      if (corrections === "remove")
        this.#store.run(query.deleteFrom("corrections").where("conversationId", "=", id));
      this.#store.run(query.deleteFrom("conversations").where("id", "=", id));
    });
    this.#removed.set(id, copy);
    setTimeout(() => this.#removed.delete(id), regretMs).unref();
    this.#store.forget();
    this.#texts?.tidy();
  }

  /** Restores a conversation deleted less than a minute ago; returns its new id. Failure: not-found. */
  restore(id: number): number {
    const restored = putBack(this.#store, this.#removed.get(id) ?? notFound(id), this.#ids);
    this.#removed.delete(id);
    return restored;
  }

  /** All messages of a conversation, oldest first. */
  messages(conversationId: number): MessageRecord[] {
    return this.#store
      .all(
        query.selectFrom("messages").selectAll().where("conversationId", "=", conversationId).orderBy("id"),
      )
      .map(({ passages, ...message }) => ({
        ...message,
        passages: passages === null ? null : (JSON.parse(passages) as FoundPassage[]),
      }));
  }

  /** Stores a question; it is on disk when this returns. Returns the message's id. Failure: not-found. */
  ask(
    conversationId: number,
    { role, content, passages }: Message & { passages?: readonly FoundPassage[] | null },
    parentId: number | null = null,
  ): number {
    const stored = passages ? JSON.stringify(passages) : null;
    return this.#add({
      conversationId,
      parentId,
      role,
      state: "done",
      model: null,
      content,
      passages: stored,
    });
  }

  /** Creates the answer of `model` to a message; returns its id. Failure: not-found. */
  startAnswer(conversationId: number, parentId: number, model: string): number {
    const answer = { role: "assistant", state: "writing", content: "", passages: null } as const;
    return this.#add({ conversationId, parentId, model, ...answer });
  }

  /** Stores the answer so far; on disk within a second. */
  continueAnswer(id: number, content: string): void {
    this.#answers.add({ id, content });
  }

  /** Stores the complete answer and how it ended; on disk when this returns. */
  endAnswer(id: number, end: AnswerEnd): void {
    this.#answers.flush();
    this.#store.run(query.updateTable("messages").set(end).where("id", "=", id));
  }

  /** Marks answers as stopped that were in progress when their program ended. For the writer when it starts. */
  settleInterrupted(): void {
    this.#store.run(query.updateTable("messages").set({ state: "stopped" }).where("state", "=", "writing"));
  }

  /** Writes waiting items. */
  close(): void {
    this.#answers.flush();
  }

  #add(
    message: Pick<
      MessagesTable,
      "conversationId" | "parentId" | "role" | "state" | "model" | "content" | "passages"
    >,
  ): number {
    const createdAt = now();
    return this.#store.transaction(() => {
      const conversation = query
        .updateTable("conversations")
        .set({ updatedAt: createdAt })
        .where("id", "=", message.conversationId);
      if (this.#store.run(conversation) === 0) {
        notFound(message.conversationId);
      }
      return this.#store.first(
        query
          .insertInto("messages")
          .values({ ...message, id: this.#ids.messages.next(), createdAt })
          .returning("id"),
      )!.id;
    });
  }

  #write(answers: readonly { id: number; content: string }[]): void {
    const newest = new Map(answers.map(({ id, content }) => [id, content]));
    this.#store.transaction(() => {
      for (const [id, content] of newest) {
        const answer = query
          .updateTable("messages")
          .set({ content })
          .where("id", "=", id)
          .where("state", "=", "writing");
        this.#store.run(answer);
      }
    });
  }
}

function notFound(id: number): never {
  return fail({ code: "not-found", path: String(id), what: "conversation" });
}

function conversationOf<Row extends { sampling: string }>(
  row: Row,
): Omit<Row, "sampling"> & Pick<ConversationEntry, "sampling"> {
  return { ...row, sampling: JSON.parse(row.sampling) as ConversationEntry["sampling"] };
}
