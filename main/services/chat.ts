import { fail } from "../../native-models/failure.ts";
import type { Message } from "../../preload/contract/data.ts";
import { Batch } from "../database/batch.ts";
import type { MessageState } from "../database/schema.ts";
import { query } from "../database/store.ts";
import type { Store } from "../database/store.ts";
import { now } from "../database/time.ts";

/** `model` is what the person chose: a file, a folder or a run's id. `sampling` is kept as it was given. */
export interface ConversationEntry {
  title: string;
  model: string;
  systemPrompt?: string;
  sampling: Record<string, unknown>;
}

export interface ConversationRecord extends Required<ConversationEntry> {
  id: number;
  createdAt: string;
  updatedAt: string;
}

export interface MessageRecord {
  id: number;
  conversationId: number;
  /** The message that this one follows: a second answer to a question has the same parent as the first. */
  parentId: number | null;
  role: Message["role"];
  state: MessageState;
  model: string | null;
  tokens: number | null;
  tokensPerSecond: number | null;
  createdAt: string;
  content: string;
}

/** How an answer ended; `stopped` by the person or by a fault. */
export interface AnswerEnd {
  content: string;
  state: "done" | "stopped";
  tokens: number;
  tokensPerSecond: number;
}

const answerIntervalMs = 1000;

/** Conversations with models. Failures of every call: disk-full, unwritable, corrupt-file. */
export class Conversations {
  readonly #store: Store;
  readonly #answers = new Batch<{ id: number; content: string }>(answerIntervalMs, (answers) =>
    this.#write(answers),
  );

  constructor(store: Store) {
    this.#store = store;
  }

  /** Starts a conversation. */
  create({ title, model, systemPrompt = "", sampling }: ConversationEntry): ConversationRecord {
    const createdAt = now();
    const entry = {
      title,
      model,
      systemPrompt,
      sampling: JSON.stringify(sampling),
      createdAt,
      updatedAt: createdAt,
    };
    const row = this.#store.first(query.insertInto("conversations").values(entry).returningAll());
    return conversationOf(row!);
  }

  /** Last used first. */
  list(): ConversationRecord[] {
    return this.#store
      .all(query.selectFrom("conversations").selectAll().orderBy("updatedAt", "desc").orderBy("id", "desc"))
      .map(conversationOf);
  }

  /** The conversation of that id. Failure: not-found. */
  get(id: number): ConversationRecord {
    const row = this.#store.first(query.selectFrom("conversations").selectAll().where("id", "=", id));
    return row ? conversationOf(row) : fail({ code: "not-found", path: String(id), what: "conversation" });
  }

  /** All messages of a conversation, oldest first. */
  messages(conversationId: number): MessageRecord[] {
    return this.#store.all(
      query.selectFrom("messages").selectAll().where("conversationId", "=", conversationId).orderBy("id"),
    );
  }

  /** Writes down what was asked; on disk when this returns. Gives the message's id. Failure: not-found. */
  ask(conversationId: number, { role, content }: Message, parentId: number | null = null): number {
    return this.#add({ conversationId, parentId, role, state: "done", model: null, content });
  }

  /** Opens the answer of `model` to a message; gives its id. Failure: not-found. */
  startAnswer(conversationId: number, parentId: number, model: string): number {
    return this.#add({ conversationId, parentId, role: "assistant", state: "writing", model, content: "" });
  }

  /** The whole answer so far; on disk within a second. */
  continueAnswer(id: number, content: string): void {
    this.#answers.add({ id, content });
  }

  /** The whole answer and how it went; on disk when this returns. */
  endAnswer(id: number, end: AnswerEnd): void {
    this.#answers.flush();
    this.#store.run(query.updateTable("messages").set(end).where("id", "=", id));
  }

  /** Answers that were being written when their program ended are stopped ones. For the writer, as it starts. */
  settleInterrupted(): void {
    this.#store.run(query.updateTable("messages").set({ state: "stopped" }).where("state", "=", "writing"));
  }

  /** Writes what waits. */
  close(): void {
    this.#answers.flush();
  }

  #add(message: Omit<MessageRecord, "id" | "createdAt" | "tokens" | "tokensPerSecond">): number {
    const createdAt = now();
    return this.#store.transaction(() => {
      const conversation = query
        .updateTable("conversations")
        .set({ updatedAt: createdAt })
        .where("id", "=", message.conversationId);
      if (this.#store.run(conversation) === 0) {
        fail({ code: "not-found", path: String(message.conversationId), what: "conversation" });
      }
      return this.#store.first(
        query
          .insertInto("messages")
          .values({ ...message, createdAt })
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

function conversationOf<Row extends { sampling: string }>(
  row: Row,
): Omit<Row, "sampling"> & Pick<ConversationEntry, "sampling"> {
  return { ...row, sampling: JSON.parse(row.sampling) as ConversationEntry["sampling"] };
}
