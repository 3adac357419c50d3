/** The person's note and tags for a run: the note is saved as they type, tags when they press Enter. */
import type { Failure } from "../../../native-models/failure.ts";
import { main } from "../../bridge.ts";
import { tellFailure } from "../../diagnostics/tell-failure.ts";
import { failureOf } from "../../messages/failures.ts";
import { tagsIn } from "../../tags.ts";
import type { WatchedRun } from "../trim/run.svelte.ts";

/** A note is stored once nothing was typed for this long. */
const PAUSE_MS = 800;

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
  /** The note as it was stored last. */
  #kept: string;
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** What failed, for a retry. */
  #failed: (() => Promise<void>) | undefined;

  constructor(run: WatchedRun) {
    this.#run = run;
    this.note = this.#kept = run.summary?.note ?? "";
    this.#stored = run.summary?.tags ?? [];
  }

  readonly tags = $derived.by(() => this.#run.summary?.tags ?? []);

  /** Stores the note in the next pause of typing, since a window that closes does not leave the field first. */
  typed(): void {
    this.saved = false;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.keepNote(), PAUSE_MS);
  }

  keepNote = (): Promise<void> => {
    clearTimeout(this.#pause);
    return this.#trying(this.keepNote, async () => {
      const { note } = this;
      if (note === this.#kept) return;
      await main.runs.annotate({ id: this.#run.id, note });
      this.#kept = note;
      this.saved = this.note === note;
    });
  };

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
