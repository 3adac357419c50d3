/** `t.library.title`: every text of the window, in the current language. */
import { de } from "./de.ts";
import { en } from "./en.ts";
import { language } from "./language.svelte.ts";
import type { Messages } from "./en.ts";

const spoken: Record<typeof language.now, Messages> = { en, de };

export const t: Messages = new Proxy(en, {
  get: (_, screen) => Reflect.get(spoken[language.now], screen) as unknown,
});
