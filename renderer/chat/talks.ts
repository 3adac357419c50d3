/** The opened conversations: an answer continues while the person is elsewhere. */
import { TalkState } from "./talk.svelte.ts";

const mostKept = 20;

class Talks {
  readonly #kept = new Map<number, TalkState>();

  /** The conversation with this id, or an empty one to open it in. */
  of(id: number): TalkState {
    return this.#kept.get(id) ?? new TalkState();
  }

  keep(talk: TalkState): void {
    this.#kept.delete(talk.id!);
    this.#kept.set(talk.id!, talk);
    for (const [id, { busy }] of this.#kept) {
      if (this.#kept.size <= mostKept) break;
      if (!busy) this.#kept.delete(id);
    }
  }

  forget(id: number): void {
    this.#kept.delete(id);
  }
}

export const talks = new Talks();
