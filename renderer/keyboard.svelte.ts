/** Keyboard shortcuts: those of the shell, and those that a page adds while it is shown. */

/** "Control+P", "Control+Enter", "Alt+ArrowLeft", "Escape": modifiers in the order Control, Alt, Shift, then the key. */
export type Shortcuts = Record<string, () => void>;

const registered: Shortcuts[] = [];

/**
 * Adds shortcuts and returns the function that removes them: `$effect(() => shortcuts({ "Control+P": pause }))`. The newest wins.
 * None is active while a dialog is open, which handles Escape itself.
 */
export function shortcuts(added: Shortcuts): () => void {
  registered.push(added);
  return () => void registered.splice(registered.indexOf(added), 1);
}

/** The name of the pressed keys; ⌘ counts as Control. */
export function pressed(event: KeyboardEvent): string {
  const modifiers = [
    (event.ctrlKey || event.metaKey) && "Control",
    event.altKey && "Alt",
    event.shiftKey && "Shift",
  ];
  return [...modifiers.filter(Boolean), keyOf(event)].join("+");
}

/**
 * A key's name: that of its place where a keyboard has letters of another script there, as Greek and Russian ones do, or a digit only with
 * Shift, as French ones do.
 */
function keyOf({ key, code, ctrlKey, metaKey }: KeyboardEvent): string {
  if (key.length !== 1) return key;
  const [, letter, digit] = /^(?:Key([A-Z])|Digit(\d))$/.exec(code) ?? [];
  if (/[^\p{sc=Latin}\p{sc=Common}]/u.test(key)) return letter ?? (code === "Comma" ? "," : key);
  return digit !== undefined && (ctrlKey || metaKey) ? digit : key.toUpperCase();
}

/** Starts listening to the window's keys. */
export function listenToKeys(): () => void {
  const hear = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const name = pressed(event);
    const found = registered.findLast((shortcuts) => name in shortcuts);
    if (!found) return;
    event.preventDefault();
    found[name]!();
  };
  addEventListener("keydown", hear);
  return () => removeEventListener("keydown", hear);
}
