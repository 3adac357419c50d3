/** Every test begins in English and without messages: the files share a process, and some leave another language or a toast. */
import { beforeEach } from "vitest";
import { toasts } from "../../renderer/components/toasts.svelte.ts";
import { language } from "../../renderer/messages/language.svelte.ts";

beforeEach(() => {
  language.now = "en";
  toasts.shown = [];
});
