/** A model that somebody handed on, in one file: it is checked and shown, and opened only if the person wants it. */
import type { FoundModel, ReceivedParcel } from "../../preload/contract/calls/models.ts";
import { main } from "../bridge.ts";
import { LongWork } from "../long-work.svelte.ts";

class Received extends LongWork {
  /** The file; null while none is shown. */
  path = $state<string | null>(null);
  /** Null until it is checked. */
  parcel = $state.raw<ReceivedParcel | null>(null);
  opened = $state.raw<FoundModel | null>(null);

  /** Checks a file, and shows it. */
  async look(path: string): Promise<void> {
    this.close();
    this.path = path;
    await this.working(async (tell, signal) => {
      this.parcel = await main.models.lookIntoParcel({ path }, tell, signal);
    });
  }

  /** Unpacks the file. `sender`: a name for who signed it, or "". */
  async open(sender: string): Promise<void> {
    const [path, id] = [this.path!, this.parcel!.id];
    await this.working(async (tell, signal) => {
      this.opened = await main.models.openParcel({ path, id, sender }, tell, signal);
    });
  }

  /** Cancels what is in progress; nothing of it is left on the disk. */
  close(): void {
    this.stop();
    this.path = this.parcel = this.opened = this.failure = null;
  }
}

export const received = new Received();
