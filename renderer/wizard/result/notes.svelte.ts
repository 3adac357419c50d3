/** The person's note and tags for a run, saved when they leave the field or press Enter. */
import type { Failure } from "../../../native-models/failure.ts";
import { main } from "../../bridge.ts";
import { tellFailure } from "../../diagnostics/tell-failure.ts";
import { failureOf } from "../../messages/failures.ts";
import { tagsIn } from "../../tags.ts";
import type { WatchedRun } from "../trim/run.svelte.ts";

export class Notes {
  readonly #run: WatchedRun;
  /** The note as typed; it stays until the person leaves the page. */
  note = $state("");
  /** The tag that is being typed. */
  added = $state("");
  saved = $state(false);
  failure = $state.raw<Failure | undefined>(undefined);
  /** The tags as they were stored last, which the page shows a little later. */
  #stored: readonly string[];
  #storing = Promise.resolve();
  /** What failed, for a retry. */
  #failed: (() => Promise<void>) | undefined;

  constructor(run: WatchedRun) {
    this.#run = run;
    this.note = run.summary?.note ?? "";
    this.#stored = run.summary?.tags ?? [];
  }

  readonly tags = $derived.by(() => this.#run.summary?.tags ?? []);

  keepNote = (): Promise<void> =>
    this.#trying(this.keepNote, async () => {
      const { note } = this;
      if (note === this.#run.summary?.note) return;
      await main.runs.annotate({ id: this.#run.id, note });
      this.saved = true;
    });

  /** Adds the tags that were typed, which stay in their field until they are stored. */
  addTag = (): Promise<void> =>
    this.#trying(this.addTag, async () => {
      const { added } = this;
      const tags = tagsIn(added);
      if (tags.length === 0) return;
      await this.#storeTags((before) => [...before, ...tags]);
      if (this.added === added) this.added = "";
    });

  removeTag(tag: string): Promise<void> {
    return this.#trying(
      () => this.removeTag(tag),
      () => this.#storeTags((tags) => tags.filter((other) => other !== tag)),
    );
  }

  /** Changes the tags, one change after another, so that none undoes another. */
  #storeTags(change: (tags: readonly string[]) => string[]): Promise<void> {
    const storing = this.#storing.then(async () => {
      const tags = change(this.#stored);
      await main.runs.tag({ id: this.#run.id, tags });
      this.#stored = tags;
    });
    this.#storing = storing.catch(() => {});
    return storing;
  }

  retry(): void {
    void this.#failed?.();
  }

  /** Saves the note when the page is left; a failure is then shown as a toast. */
  async leave(): Promise<void> {
    await this.keepNote();
    if (this.failure) tellFailure(this.failure);
  }

  async #trying(again: () => Promise<void>, work: () => Promise<void>): Promise<void> {
    this.failure = this.#failed = undefined;
    try {
      await work();
    } catch (error) {
      this.failure = failureOf(error);
      this.#failed = again;
    }
  }
}
