/** A conversation deleted from disk, kept in memory as long as the person can undo it. */
import type { Insertable } from "kysely";
import type { ConversationsTable, CorrectionsTable, MessagesTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";

type Row<Table> = Insertable<Table> & { id: number };

export interface RemovedConversation {
  readonly conversation: Row<ConversationsTable>;
  /** Oldest first: a message comes after its parent. */
  readonly messages: readonly Row<MessagesTable>[];
  readonly corrections: readonly Row<CorrectionsTable>[];
}

/** A conversation as it is now; null if that id does not exist. */
export function copyOf(store: Store, id: number): RemovedConversation | null {
  const conversation = store.first(query.selectFrom("conversations").selectAll().where("id", "=", id));
  const messages = query.selectFrom("messages").selectAll().where("conversationId", "=", id).orderBy("id");
  const corrections = query.selectFrom("corrections").selectAll().where("conversationId", "=", id);
  return conversation && { conversation, messages: store.all(messages), corrections: store.all(corrections) };
}

/** Restores it under new ids, because its own may have been reused; returns the conversation's. */
export function putBack(store: Store, { conversation, messages, corrections }: RemovedConversation): number {
  return store.transaction(() => {
    const entry = withoutId(conversation);
    const added = query.insertInto("conversations").values({ ...entry, leafId: null, besideLeafId: null });
    const { id } = store.first(added.returning("id"))!;
    const ids = new Map<number, number>();
    const now = (old: number | null | undefined) => ids.get(old ?? -1) ?? null;
    for (const { id: old, ...message } of messages) {
      const values = { ...message, conversationId: id, parentId: now(message.parentId) };
      ids.set(old, store.first(query.insertInto("messages").values(values).returning("id"))!.id);
    }
    const leaves = { leafId: now(conversation.leafId), besideLeafId: now(conversation.besideLeafId) };
    store.run(query.updateTable("conversations").set(leaves).where("id", "=", id));
    for (const correction of corrections) {
      // It may have been kept, without its place.
      const place = { conversationId: id, message: now(correction.message) };
      const row = query.insertInto("corrections").values({ ...correction, ...place });
      store.run(row.onConflict((same) => same.column("id").doUpdateSet(place)));
    }
    return id;
  });
}

function withoutId({ id: _, ...entry }: Row<ConversationsTable>): Insertable<ConversationsTable> {
  return entry;
}
