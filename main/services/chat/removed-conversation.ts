/** A conversation that was deleted from disk, kept in memory as long as the deletion can be undone. */
import type { Insertable } from "kysely";
import type { ConversationsTable, CorrectionsTable, MessagesTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { FreshIds } from "./fresh-ids.ts";

type Row<Table> = Insertable<Table> & { id: number };

export interface RemovedConversation {
  readonly conversation: Row<ConversationsTable>;
  /** Oldest first: a message comes after its parent. */
  readonly messages: readonly Row<MessagesTable>[];
  readonly corrections: readonly Row<CorrectionsTable>[];
  /** Whether the corrections stay when the conversation is deleted, without their place in it. */
  readonly keepsCorrections: boolean;
}

/** A conversation as it is now; null if that id does not exist. */
export function copyOf(store: Store, id: number, keepsCorrections: boolean): RemovedConversation | null {
  const conversation = store.first(query.selectFrom("conversations").selectAll().where("id", "=", id));
  const messages = query.selectFrom("messages").selectAll().where("conversationId", "=", id).orderBy("id");
  const corrections = query.selectFrom("corrections").selectAll().where("conversationId", "=", id);
  return (
    conversation && {
      conversation,
      messages: store.all(messages),
      corrections: store.all(corrections),
      keepsCorrections,
    }
  );
}

/** Restores a conversation under new ids; returns the new id of the conversation. */
export function putBack(
  store: Store,
  { conversation, messages, corrections, keepsCorrections }: RemovedConversation,
  fresh: Record<"conversations" | "messages", FreshIds>,
): number {
  return store.transaction(() => {
    const id = fresh.conversations.next();
    const entry = { ...conversation, id, leafId: null, besideLeafId: null };
    store.run(query.insertInto("conversations").values(entry));
    const ids = new Map<number, number>();
    const now = (old: number | null | undefined) => ids.get(old ?? -1) ?? null;
    for (const message of messages) {
      const place = { conversationId: id, parentId: now(message.parentId) };
      ids.set(message.id, fresh.messages.next());
      const values = { ...message, ...place, id: now(message.id)! };
      store.run(query.insertInto("messages").values(values));
    }
    const leaves = { leafId: now(conversation.leafId), besideLeafId: now(conversation.besideLeafId) };
    store.run(query.updateTable("conversations").set(leaves).where("id", "=", id));
    for (const correction of corrections) {
      const place = { conversationId: id, message: now(correction.message) };
      // A kept one lacks only its place, unless it was deleted meanwhile.
      if (keepsCorrections)
        store.run(query.updateTable("corrections").set(place).where("id", "=", correction.id));
      else store.run(query.insertInto("corrections").values({ ...correction, ...place }));
    }
    return id;
  });
}
