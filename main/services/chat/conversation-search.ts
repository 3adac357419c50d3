/** Search over all conversations: complete messages through the index, titles one by one. */
import { sql } from "kysely";
import { isLetterOfWord } from "../../../native-models/evaluation/words.ts";
import type { Snippet } from "../../../preload/contract/calls/conversations.ts";
import { searchable } from "../../../preload/contract/searchable.ts";
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
 * The newest match of each conversation, newest first, at most `limit`. Each word of `text` must be the prefix of a word of one message, or
 * of the title; in a script without spaces, it may be anywhere. Case and accents are ignored. Any text is treated as plain words: none of
 * it is interpreted as the index's query language.
 */
export function searchConversations(store: Store, text: string, limit: number): Found[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const found = words.some(isLetterOfWord)
    ? foundAnywhere(store, words, limit)
    : foundByWords(store, words, limit);
  if (found.length === limit) return found;
  const known = new Set(found.map(({ conversationId }) => conversationId));
  const titled = matchingTitles(store, words).filter((conversationId) => !known.has(conversationId));
  return [...found, ...titled.map((conversationId) => ({ conversationId, snippet: [] }))].slice(0, limit);
}

/** The words of a text, split as the index splits them. */
function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, mostWords);
}

function foundByWords(store: Store, words: readonly string[], limit: number): Found[] {
  const match = words.map((word) => `"${word}"*`).join(" ");
  const newest = newestMatches(store, match, limit);
  const snippets = snippetsOf(store, match, [...newest.values()]);
  return [...newest].map(([conversationId, id]) => ({ conversationId, snippet: snippets.get(id) ?? [] }));
}

/** Reads all messages: a clause without spaces is one word of the index. */
function foundAnywhere(store: Store, words: readonly string[], limit: number): Found[] {
  const messages = query
    .selectFrom("messages")
    .select(["conversationId", "content"])
    .where("state", "!=", "writing")
    .where((where) =>
      where.and(words.map((word) => sql<boolean>`instr(searchable(content), ${searchable(word)}) > 0`)),
    )
    .orderBy("id", "desc");
  const newest = new Map<number, Snippet>();
  for (const { conversationId, content } of store.each(messages)) {
    if (!newest.has(conversationId)) newest.set(conversationId, snippetOf(content, words));
    if (newest.size === limit) break;
  }
  return [...newest].map(([conversationId, snippet]) => ({ conversationId, snippet }));
}

/** The newest matching message of each conversation, newest first: reads no more matches than it needs. */
function newestMatches(store: Store, match: string, limit: number): Map<number, number> {
  const matches = query
    .selectFrom("messagesSearch")
    .innerJoin("messages", "messages.id", "messagesSearch.rowid")
    .select(["messages.id", "messages.conversationId"])
    .where(sql<boolean>`messagesSearch match ${match}`)
    .orderBy("messagesSearch.rowid", "desc");
  const newest = new Map<number, number>();
  for (const { id, conversationId } of store.each(matches)) {
    if (!newest.has(conversationId)) newest.set(conversationId, id);
    if (newest.size === limit) break;
  }
  return newest;
}

/** The snippets of these messages: making one takes far longer than finding a match. */
function snippetsOf(store: Store, match: string, messages: readonly number[]): Map<number, Snippet> {
  const snippet = sql<string>`snippet(messagesSearch, 0, ${opening}, ${closing}, '…', ${sql.lit(snippetWords)})`;
  const rows = query
    .selectFrom("messagesSearch")
    .select(["rowid", snippet.as("snippet")])
    .where(sql<boolean>`messagesSearch match ${match}`)
    // One pass: by `rowid in`, the index would look up the words again for each message.
    .where("rowid", ">=", Math.min(...messages))
    .where(sql<boolean>`+rowid in (select value from json_each(${JSON.stringify(messages)}))`);
  return new Map(store.all(rows).map(({ rowid, snippet }) => [rowid, partsOf(snippet)]));
}

/** The most characters of a text before and after its first match. */
const [snippetBefore, snippetAfter] = [16, 48];

function snippetOf(content: string, words: readonly string[]): Snippet {
  const wanted = new RegExp(`(${words.join("|")})`, "giu"); // words have only letters, marks and digits
  const first = Math.max(0, content.search(wanted));
  const [from, to] = [Math.max(0, first - snippetBefore), first + snippetAfter];
  const shown = `${from > 0 ? "…" : ""}${wholeCharacters(content.slice(from, to))}${to < content.length ? "…" : ""}`;
  return shown
    .split(wanted)
    .map((text, i) => ({ text, match: i % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

/** A part of a text without the halves of characters that were cut. */
const wholeCharacters = (part: string): string => part.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");

function matchingTitles(store: Store, words: readonly string[]): number[] {
  const wanted = words.map(searchable);
  return store
    .all(query.selectFrom("conversations").select(["id", "title"]).orderBy("updatedAt", "desc"))
    .filter(({ title }) => {
      const held = wordsOf(title).map(searchable);
      return wanted.every((word) =>
        held.some((one) => (isLetterOfWord(word) ? one.includes(word) : one.startsWith(word))),
      );
    })
    .map(({ id }) => id);
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
