/** Search over all conversations: their messages by the index, their titles one by one. */
import { sql } from "kysely";
import type { Snippet } from "../../../preload/contract/calls/conversations.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";

export interface Found {
  conversationId: number;
  snippet: Snippet;
}

/** More words than anybody asks for; the index refuses very deep questions. */
const mostWords = 16;
/** Words around a match. */
const snippetWords = 16;
/** Characters that no text of a person has, around a match. */
const [opening, closing] = ["\u0002", "\u0003"];
const marks = new RegExp(`([${opening}${closing}])`);

/**
 * The newest match of each conversation, newest first, at most `limit`. Each word of `text` must begin a word of one
 * message, or of the title; capitals and accents do not count. Whatever the text is, it is only words: nothing in it is
 * taken for the index's own language.
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
 * Makes the index anew from the messages that there are. FTS5's secure-delete leaves the words of a message that was changed
 * before it was deleted (SQLite 3.54.1), so what was deleted is gone from the index only after this.
 */
export function rebuildSearch(store: Store): void {
  store.run({
    compile: () => sql`insert into messagesSearch (messagesSearch) values ('rebuild')`.compile(query),
  });
}

/** Letters and digits, as the index itself splits text. */
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

/** Without capitals and accents. */
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
