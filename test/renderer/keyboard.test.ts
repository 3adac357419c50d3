import { expect, onTestFinished, test, vi } from "vitest";
import { listenToKeys, pressed, shortcuts } from "../../renderer/keyboard.svelte.ts";

interface Key {
  key: string;
  ctrlKey?: boolean;
  metaKey?: boolean;
  altKey?: boolean;
  shiftKey?: boolean;
  defaultPrevented?: boolean;
}

/** A window and a document as far as the keys need them; gives what a press does to its event. */
function keys({ dialogOpen = false } = {}): (key: Key) => { prevented: boolean } {
  let hear: (event: unknown) => void = () => {};
  vi.stubGlobal("addEventListener", (_: string, listener: typeof hear) => (hear = listener));
  vi.stubGlobal("removeEventListener", () => (hear = () => {}));
  vi.stubGlobal("document", { querySelector: () => (dialogOpen ? {} : null) });
  const stop = listenToKeys();
  onTestFinished(() => {
    stop();
    vi.unstubAllGlobals();
  });
  return (key) => {
    const event = { ...key, prevented: false, preventDefault: () => void (event.prevented = true) };
    hear(event);
    return event;
  };
}

function during(added: Record<string, () => void>): void {
  onTestFinished(shortcuts(added));
}

test.each([
  [{ key: "p", ctrlKey: true }, "Control+P"],
  [{ key: "p", metaKey: true }, "Control+P"],
  [{ key: "ArrowLeft", altKey: true }, "Alt+ArrowLeft"],
  [{ key: "Enter", ctrlKey: true, shiftKey: true }, "Control+Shift+Enter"],
  [{ key: "Escape" }, "Escape"],
  [{ key: "л", code: "KeyK" }, "K"],
  [{ key: "δ", code: "KeyD", ctrlKey: true }, "Control+D"],
  [{ key: "б", code: "Comma", ctrlKey: true }, "Control+,"],
  [{ key: "&", code: "Digit1", ctrlKey: true }, "Control+1"],
  [{ key: "z", code: "KeyY", ctrlKey: true }, "Control+Z"], // where a German keyboard has it
  [{ key: ",", code: "KeyM", ctrlKey: true }, "Control+,"],
  [{ key: "ö", code: "Semicolon" }, "Ö"],
])("%o is called %s", (key, name) => {
  expect(pressed(key as KeyboardEvent)).toBe(name);
});

test("the newest shortcut for a key wins, and the older one works again when it is removed", () => {
  const press = keys();
  const heard: string[] = [];
  during({ "Control+P": () => heard.push("shell") });
  const leave = shortcuts({ "Control+P": () => heard.push("page") });
  expect(press({ key: "p", ctrlKey: true }).prevented).toBe(true);
  leave();
  press({ key: "p", ctrlKey: true });
  expect(heard).toEqual(["page", "shell"]);
});

test("a key without a shortcut, or one that a component has handled, is left alone", () => {
  const press = keys();
  const heard: string[] = [];
  during({ Escape: () => heard.push("escape") });
  expect(press({ key: "x" }).prevented).toBe(false);
  expect(press({ key: "Escape", defaultPrevented: true }).prevented).toBe(false);
  expect(heard).toEqual([]);
});

test("no shortcut works while a dialog is open", () => {
  const press = keys({ dialogOpen: true });
  const heard: string[] = [];
  during({ "Control+N": () => heard.push("new") });
  press({ key: "n", ctrlKey: true });
  expect(heard).toEqual([]);
});
