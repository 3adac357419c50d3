/** The rows of the conversation list: day headings and conversations, each with its offset from the top. */
import type { ListedConversation } from "./conversation-list.svelte.ts";

/** In rem. */
export const heights = { heading: 2, kept: 2.875, found: 4.125 } as const;

export type ListRow = { top: number; height: number } & (
  | { kind: "heading"; key: string; text: string }
  | { kind: "conversation"; key: string; conversation: ListedConversation }
);

/** `dayOf` gives the heading of a time; search results have no headings. */
export function rowsOf(
  conversations: readonly ListedConversation[],
  dayOf: (time: string) => string,
): ListRow[] {
  const rows: ListRow[] = [];
  let top = 0;
  let day: string | undefined;
  for (const conversation of conversations) {
    const { id, snippet, updatedAt } = conversation;
    if (snippet === undefined) {
      const text = dayOf(updatedAt);
      if (text !== day) {
        rows.push({ kind: "heading", key: `day ${text}`, text, top, height: heights.heading });
        top += heights.heading;
        day = text;
      }
    }
    const height = snippet === undefined ? heights.kept : heights.found;
    rows.push({ kind: "conversation", key: `${id}`, conversation, top, height });
    top += height;
  }
  return rows;
}

/** The rows between two offsets. */
export function rowsWithin(rows: readonly ListRow[], from: number, to: number): ListRow[] {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.top + rows[middle]!.height < from) low = middle + 1;
    else high = middle;
  }
  const shown: ListRow[] = [];
  for (let index = low; index < rows.length && rows[index]!.top < to; index++) shown.push(rows[index]!);
  return shown;
}
