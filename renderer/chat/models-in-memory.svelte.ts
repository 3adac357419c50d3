/** The chat models that are loaded now. */
import type { LoadedFacts } from "../../preload/contract/calls/conversations.ts";
import type { FoundModel } from "../../preload/contract/calls/models.ts";
import { main } from "../bridge.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { bytesText } from "../messages/figures.ts";
import { t } from "../messages/index.svelte.ts";
import { isSame } from "./named-model.ts";

export class ModelsInMemory {
  now = $state.raw<readonly LoadedFacts[]>([]);

  /** Reads which models are loaded and follows changes; returns the function that stops following. */
  follow(): () => void {
    let isKnown = false;
    const take = (loaded: readonly LoadedFacts[]) => {
      isKnown = true;
      this.now = loaded;
    };
    main.conversations.loaded().then(
      (loaded) => !isKnown && take(loaded),
      (error: unknown) => console.error(error),
    );
    return main.conversations.loadedChanged(take);
  }

  /** The loaded model that a reference means; undefined if it is not loaded. */
  of(reference: string | undefined, found: readonly FoundModel[]): LoadedFacts | undefined {
    if (reference === undefined) return undefined;
    return this.now.find(({ model }) => isSame(found, model.reference, reference));
  }

  /** Unloads a model and says so; returns false if it is writing an answer. */
  async free({ model, sizeBytes }: LoadedFacts): Promise<boolean> {
    const isFree = await main.conversations.unload({ model: model.reference });
    if (isFree)
      toasts.show({ title: t.chat.freed(model.name, bytesText(sizeBytes)), text: t.chat.freedText });
    else toasts.show({ kind: "warn", title: t.chat.notFreed(model.name), text: t.chat.notFreedText });
    return isFree;
  }
}
