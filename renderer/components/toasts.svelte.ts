/** Short messages at the edge of the window: something is done; nothing that must be read goes here. */

export interface Toast {
  title: string;
  kind?: "good" | "warn";
  /** Until the person closes it: for what they must not miss. */
  stays?: boolean;
  text?: string | undefined;
  /** One thing that can be done about it, such as "Open the folder". */
  action?: { label: string; run: () => void } | undefined;
}

class Toasts {
  shown = $state<(Toast & { id: number })[]>([]);
  #last = 0;

  /** Shows it for ten seconds, or until it is closed. */
  show(toast: Toast): void {
    const id = ++this.#last;
    this.shown.push({ ...toast, id });
    if (!toast.stays) setTimeout(() => this.close(id), 10_000);
  }

  close(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
