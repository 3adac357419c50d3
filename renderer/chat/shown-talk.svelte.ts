/** The conversation that the chat page shows, until another one is opened or begun. */
import type { KnownModels } from "./known-models.svelte.ts";
import { TalkState } from "./talk.svelte.ts";
import { talks } from "./talks.ts";

export class ShownTalk {
  now = $state.raw(new TalkState());
  readonly #models: Pick<KnownModels, "first">;
  #isLeft = false;

  constructor(models: Pick<KnownModels, "first">) {
    this.#models = models;
  }

  /** Shows a stored conversation. */
  async open(id: number): Promise<void> {
    if (this.now.id === id) return;
    const talk = talks.of(id);
    this.#show(talk);
    if (!talk.busy) await talk.load(id);
  }

  /**
   * Begins a conversation with the models of the address or the most recently used one; `onready` is called once it can be asked. Nothing is
   * loaded for a person who only looks.
   */
  async begin(model: string | undefined, beside: string | undefined, onready: () => void): Promise<void> {
    const talk = new TalkState();
    this.#show(talk);
    const first = await this.#models.first(model, beside);
    if (first === null || this.now !== talk || this.#isLeft || talk.models.length > 0) return; // a model may have been chosen meanwhile
    talk.models = first;
    if (first.length > 0) onready();
  }

  /** Called when the person leaves the page. */
  leave(): void {
    this.#isLeft = true;
    this.now.leave();
  }

  #show(talk: TalkState): void {
    this.now.leave();
    this.now = talk;
  }
}
