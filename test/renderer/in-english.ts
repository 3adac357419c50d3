/** Every test begins in English: the files share a process, and some set another language. */
import { beforeEach } from "vitest";
import { language } from "../../renderer/messages/language.svelte.ts";

beforeEach(() => {
  language.now = "en";
});
