/** Short messages at the edge of the window about completed actions. They disappear by themselves unless they must not be missed. */

const DEFAULT_SECONDS = 10;
/** How long a message stays whose time has passed while the person is at it, before it is looked at again. */
const HELD_MS = 1000;

interface Toast {
  title: string;
  kind?: "good" | "warn";
  /** Stays until the person closes it: for messages that must not be missed. */
  stays?: boolean;
  /** For how long it is shown, such as for as long as its action is possible. */
  seconds?: number;
  text?: string | undefined;
  /** One possible action, such as "Open the folder". */
  action?: { label: string; run: () => void } | undefined;
}

class Toasts {
  shown = $state<(Toast & { id: number })[]>([]);
  /** Whether the person is at the messages, with the pointer or the focus. */
  isHeld = (): boolean => false;
  #last = 0;

  /** Shows a toast for ten seconds, and for as long as the person is at it, unless it says otherwise, or until it is closed. */
  show(toast: Toast): void {
    const id = ++this.#last;
    this.shown.push({ ...toast, id });
    const end = () => {
      if (toast.seconds === undefined && this.isHeld()) setTimeout(end, HELD_MS);
      else this.close(id);
    };
    if (!toast.stays) setTimeout(end, 1000 * (toast.seconds ?? DEFAULT_SECONDS));
  }

  close(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
