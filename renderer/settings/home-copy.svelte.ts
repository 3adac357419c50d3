/** Copying all of Coppice's data, as a backup or to move it; copying continues while other pages are shown. */
import type { Failure } from "../../native-models/failure.ts";
import type { CopyProgress } from "../../preload/contract/calls/library.ts";
import { main } from "../bridge.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { tellFailure } from "../diagnostics/tell-failure.ts";
import { failureOf } from "../messages/failures.ts";
import { bytesText } from "../messages/figures.ts";
import { t } from "../messages/index.svelte.ts";
import { router } from "../router.svelte.ts";

class HomeCopy {
  making = $state.raw<"backUp" | "move" | undefined>(undefined);
  progress = $state.raw<CopyProgress | undefined>(undefined);
  /** Why the last copy failed, until the next one starts. */
  failure = $state.raw<Failure | undefined>(undefined);
  #stopping: AbortController | undefined;

  /** Copies into `folder`; after a move, the application restarts. */
  async make(what: "backUp" | "move", folder: string): Promise<void> {
    this.#stopping = new AbortController();
    this.making = what;
    this.progress = this.failure = undefined;
    const onPiece = (piece: CopyProgress) => (this.progress = piece);
    try {
      const copied = await main.library[what]({ folder }, onPiece, this.#stopping.signal);
      if (what === "backUp") tellBackedUp(copied.bytes, copied.folder);
    } catch (error) {
      this.#fail(what, failureOf(error));
    } finally {
      this.making = undefined;
    }
  }

  cancel(): void {
    this.#stopping?.abort();
  }

  /** Shows a failure as a toast, except on the settings page, where it is visible anyway. */
  #fail(what: "backUp" | "move", failure: Failure): void {
    this.failure = failure;
    if (router.route.page !== "settings") tellFailure(failure, t.library.copyFailed[what]);
  }
}

function tellBackedUp(bytes: number, folder: string): void {
  toasts.show({
    title: t.library.backedUp(bytesText(bytes)),
    text: folder,
    action: { label: t.settings.open, run: () => void main.application.show({ path: folder }) },
  });
}

export const homeCopy = new HomeCopy();
