/** Short messages at the edge of the window: something is done; nothing that must be read goes here. */

export interface Toast {
  title: string;
  text?: string | undefined;
  /** One thing that can be done about it, such as "Open the folder". */
  action?: { label: string; run: () => void } | undefined;
}

class Toasts {
  shown = $state<(Toast & { id: number })[]>([]);
  #last = 0;

  /** Shows it for ten seconds. */
  show(toast: Toast): void {
    const id = ++this.#last;
    this.shown.push({ ...toast, id });
    setTimeout(() => this.close(id), 10_000);
  }

  close(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
