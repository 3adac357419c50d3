/** The state of updates, the same on every page, and the person's actions. */
import type { Failure } from "../../native-models/failure.ts";
import type { UpdateState } from "../../preload/contract/calls/updates.ts";
import { main } from "../bridge.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { failureOf } from "../messages/failures.ts";
import { t } from "../messages/index.svelte.ts";
import { router } from "../router.svelte.ts";

class Updates {
  now = $state.raw<UpdateState | undefined>(undefined);
  doing = $state<"looking" | "downloading" | "installing" | undefined>(undefined);
  /** The progress of the download, 0 to 1. */
  fraction = $state(0);
  failure = $state.raw<Failure | undefined>(undefined);
  #stopping: AbortController | undefined;
  #shown: string | undefined;

  /** Follows background update checks and shows their results; returns the function that stops it. */
  follow(): () => void {
    main.updates.state().then(
      (state) => this.#take(state),
      () => {},
    );
    return main.updates.changed((state) => this.#take(state));
  }

  look(): Promise<void> {
    return this.#do("looking", () => main.updates.look());
  }

  download(): Promise<void> {
    this.#stopping = new AbortController();
    this.fraction = 0;
    const onPiece = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
      (this.fraction = doneBytes / totalBytes);
    return this.#do("downloading", () => main.updates.download(undefined, onPiece, this.#stopping!.signal));
  }

  cancel(): void {
    this.#stopping?.abort();
  }

  install(): Promise<void> {
    return this.#do("installing", async () => {
      await main.updates.install();
      return main.updates.state();
    });
  }

  async #do(what: NonNullable<Updates["doing"]>, ask: () => Promise<UpdateState>): Promise<void> {
    this.doing = what;
    this.failure = undefined;
    try {
      this.now = await ask();
    } catch (error) {
      this.failure = failureOf(error);
      this.now = await main.updates.state();
    } finally {
      this.doing = undefined;
    }
  }

  #take(state: UpdateState): void {
    this.now = state;
    const version = state.offer?.version;
    // On the settings page, the update is visible anyway.
    if (version === undefined || version === this.#shown || router.route.page === "settings") return;
    this.#shown = version;
    const show = () => router.go({ page: "settings", section: "updates" });
    toasts.show({ title: t.updates.found(version), action: { label: t.updates.show, run: show } });
  }
}

export const updates = new Updates();
