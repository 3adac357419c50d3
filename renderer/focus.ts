/** The focus, kept where the person is when the focused element disappears or is disabled. */

/** Parts of a page that take the focus in place of something within them. */
const PARTS = "dialog[open], section, article, aside, form";
/** Until then, whoever knows a better place has focused it. */
const DELAY_MS = 100;

/**
 * Starts watching. Without it, a pressed button that disappears leaves the focus nowhere: a screen reader then starts over at the top, and
 * nothing shows where the next Tab leads.
 */
export function keepFocus(): () => void {
  /** The element that has the focus or lost it by disappearing, and the elements around it, innermost first. */
  let path: readonly Element[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isGone = (element: Element) => !element.isConnected || element.matches(":disabled");

  function follow({ target }: FocusEvent): void {
    path = ancestorsOf(target as Element);
  }
  /** The person may also take the focus from everything, by a click on the page. */
  function forget(): void {
    path = [];
  }
  function look(): void {
    if (path[0] && isGone(path[0])) timer ??= setTimeout(restore, DELAY_MS);
  }
  function restore(): void {
    timer = undefined;
    const [lost, ...around] = path;
    const { activeElement } = document;
    if (!lost || !isGone(lost) || (activeElement !== document.body && activeElement !== lost)) return;
    const part =
      around.find((element) => element.isConnected && element.matches(PARTS)) ??
      document.getElementById("content");
    if (!(part instanceof HTMLElement)) return;
    if (!part.hasAttribute("tabindex")) part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }

  const changes = new MutationObserver(look);
  changes.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  addEventListener("focusin", follow);
  addEventListener("pointerdown", forget);
  return () => {
    clearTimeout(timer);
    changes.disconnect();
    removeEventListener("focusin", follow);
    removeEventListener("pointerdown", forget);
  };
}

function ancestorsOf(element: Element | null): Element[] {
  return element ? [element, ...ancestorsOf(element.parentElement)] : [];
}
