/** The stored conversations, page by page, or the results of a search. */
import type { ConversationSummary, Snippet } from "../../preload/contract/calls/conversations.ts";
import { main } from "../bridge.ts";

const pageSize = 200;

export interface ListedConversation extends ConversationSummary {
  /** The matching passage. */
  snippet?: Snippet;
}

class ConversationList {
  /** Undefined until they have been read. */
  kept = $state.raw<ConversationSummary[] | undefined>(undefined);
  total = $state(0);
  asked = $state("");
  found = $state.raw<ListedConversation[] | undefined>(undefined);
  /** Why the conversations could not be read or searched. */
  problem = $state.raw<unknown>(undefined);
  #reading = false;
  #searches = 0;

  readonly shown = $derived<ListedConversation[] | undefined>(
    this.asked.trim() === "" ? this.kept : this.found,
  );

  /** Reads the newest conversations again. */
  async refresh(): Promise<void> {
    const limit = Math.min(1000, Math.max(pageSize, this.kept?.length ?? 0));
    await this.#try(async () => {
      const { conversations, total } = await main.conversations.list({ limit });
      this.kept = conversations;
      this.total = total;
    });
    if (this.asked.trim() !== "" && !this.problem) await this.search(this.asked);
  }

  /** Reads the next page, if there is one. */
  async more(): Promise<void> {
    const last = this.kept?.[this.kept.length - 1];
    if (this.#reading || !last || this.kept!.length >= this.total) return;
    this.#reading = true;
    const { id, updatedAt } = last;
    await this.#try(async () => {
      const { conversations } = await main.conversations.list({ limit: pageSize, after: { id, updatedAt } });
      // If the list was read again meanwhile and ends elsewhere, appending would duplicate conversations.
      if (this.kept?.at(-1)?.id === id) this.kept = [...this.kept, ...conversations];
    });
    this.#reading = false;
  }

  /** Searches; the newest query wins over a slow result of an older one. */
  async search(text: string): Promise<void> {
    this.asked = text;
    const search = ++this.#searches;
    if (text.trim() === "") return void (this.found = undefined);
    const isNewest = () => search === this.#searches;
    await this.#try(async () => {
      const hits = await main.conversations.search({ text });
      if (isNewest()) this.found = hits.map(({ conversation, snippet }) => ({ ...conversation, snippet }));
    }, isNewest);
  }

  /** Keeps why reading failed; the outcome counts only if `isNewest`. */
  async #try(read: () => Promise<void>, isNewest = () => true): Promise<void> {
    try {
      await read();
      if (isNewest()) this.problem = undefined;
    } catch (error) {
      if (isNewest()) this.problem = error;
    }
  }
}

export const conversationList = new ConversationList();
