import { main } from "../bridge.ts";
import { t } from "../messages/index.svelte.ts";
import { toasts } from "./toasts.svelte.ts";

/** Says where a file was saved, and offers to show it there. */
export function showSaved(path: string): void {
  const run = () => void main.application.show({ path });
  toasts.show({ title: t.parts.saved, text: path, action: { label: t.parts.showFile, run } });
}
