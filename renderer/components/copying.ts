import { main } from "../bridge.ts";
import { toasts } from "./toasts.svelte.ts";
import { t } from "../messages/index.svelte.ts";

/** Copies a text, and says so. */
export async function copyText(text: string): Promise<void> {
  await main.application.copyText({ text });
  toasts.show({ title: t.chat.copied });
}
