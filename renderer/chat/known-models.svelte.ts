/** The models on this computer that can be chatted with, and which of them a new conversation begins with. */
import type { ChatModel } from "../../preload/contract/calls/conversations.ts";
import type { FoundModel } from "../../preload/contract/calls/models.ts";
import { main } from "../bridge.ts";
import { chatModelOf, isAmong } from "./named-model.ts";

export class KnownModels {
  /** Undefined until they are known. */
  found = $state.raw<readonly FoundModel[] | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  #finding: Promise<readonly FoundModel[]> | undefined;

  /** Finds the models, once. */
  async find(): Promise<void> {
    await this.#try(() => this.#find());
  }

  /** The models that the address names, or else the most recently used one if it is still there; null if that cannot be found out. */
  first(model: string | undefined, beside: string | undefined): Promise<ChatModel[] | null> {
    return this.#try(async () => {
      const found = await this.#find();
      const first = model ?? (await lastOf(found));
      return [first, beside].flatMap((one) => (one === undefined ? [] : chatModelOf(one, found)));
    });
  }

  async #try<Made>(work: () => Promise<Made>): Promise<Made | null> {
    try {
      const made = await work();
      this.problem = undefined;
      return made;
    } catch (error) {
      this.problem = error;
      return null;
    }
  }

  async #find(): Promise<readonly FoundModel[]> {
    try {
      return (this.found = await (this.#finding ??= main.models.find()));
    } catch (error) {
      this.#finding = undefined;
      throw error;
    }
  }
}

/** The most recently used model; undefined if it is no longer on this computer. */
async function lastOf(found: readonly FoundModel[]): Promise<string | undefined> {
  const [last] = (await main.conversations.list({ limit: 1 })).conversations;
  return last && isAmong(found, last.model.reference) ? last.model.reference : undefined;
}
