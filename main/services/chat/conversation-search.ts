/** Search over all conversations: messages through the index, titles one by one. */
import { sql } from "kysely";
import type { Snippet } from "../../../preload/contract/calls/conversations.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";

export interface Found {
  conversationId: number;
  snippet: Snippet;
}

/** The most words of a query, more than anybody searches for; the index refuses very deep queries. */
const mostWords = 16;
/** The most words in a snippet. */
const snippetWords = 16;
/** Characters that never occur in a person's text, to mark a match. */
const [opening, closing] = ["\u0002", "\u0003"];
const marks = new RegExp(`([${opening}${closing}])`);

/**
 * The newest match of each conversation, newest first, at most `limit`. Each word of `text` must be the prefix of a word of one
 * message, or of the title; case and accents are ignored. Any text is treated as plain words: none of it is interpreted as the
 * index's query language.
 */
export function searchConversations(store: Store, text: string, limit: number): Found[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const found = new Map<number, Found>();
  for (const { conversationId, snippet } of matchingMessages(store, words)) {
    if (!found.has(conversationId)) found.set(conversationId, { conversationId, snippet: partsOf(snippet) });
    if (found.size === limit) return [...found.values()];
  }
  for (const conversationId of matchingTitles(store, words)) {
    if (found.size === limit) break;
    if (!found.has(conversationId)) found.set(conversationId, { conversationId, snippet: [] });
  }
  return [...found.values()];
}

/**
 * Rebuilds the index from the existing messages. FTS5's secure-delete leaves the words of a message that was changed before it
 * was deleted (SQLite 3.54.1), so deleted text is gone from the index only after this.
 */
export function rebuildSearch(store: Store): void {
  store.run({
    compile: () => sql`insert into messagesSearch (messagesSearch) values ('rebuild')`.compile(query),
  });
}

/** The words of a text, split as the index splits them. */
function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, mostWords);
}

function matchingMessages(
  store: Store,
  words: readonly string[],
): { conversationId: number; snippet: string }[] {
  const match = words.map((word) => `"${word}"*`).join(" ");
  return store.all(
    query
      .selectFrom("messagesSearch")
      .innerJoin("messages", "messages.id", "messagesSearch.rowid")
      .select([
        "messages.conversationId",
        sql<string>`snippet(messagesSearch, 0, ${opening}, ${closing}, '…', ${sql.lit(snippetWords)})`.as(
          "snippet",
        ),
      ])
      .where(sql<boolean>`messagesSearch match ${match}`)
      .orderBy("messagesSearch.rowid", "desc")
      .limit(2000),
  );
}

function matchingTitles(store: Store, words: readonly string[]): number[] {
  const wanted = words.map(folded);
  return store
    .all(query.selectFrom("conversations").select(["id", "title"]).orderBy("updatedAt", "desc"))
    .filter(({ title }) => {
      const held = wordsOf(title).map(folded);
      return wanted.every((word) => held.some((one) => one.startsWith(word)));
    })
    .map(({ id }) => id);
}

/** A word in lower case and without accents. */
function folded(word: string): string {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function partsOf(snippet: string): Snippet {
  const parts: Snippet = [];
  let match = false;
  for (const part of snippet.split(marks)) {
    if (part === opening) match = true;
    else if (part === closing) match = false;
    else if (part !== "") parts.push({ text: part, match });
  }
  return parts;
}
