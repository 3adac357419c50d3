import { main } from "../bridge.ts";
import { t } from "../messages/index.svelte.ts";
import { toasts } from "./toasts.svelte.ts";

/** Says where something was saved, and offers to show it there. */
export function showSaved(path: string, title: string = t.parts.saved): void {
  const run = () => void main.application.show({ path });
  toasts.show({ title, text: path, action: { label: t.parts.showFile, run } });
}
