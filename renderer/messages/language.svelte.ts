/** The language of the window. */
import type { Language } from "../../preload/contract/words/language.ts";

class Spoken {
  now = $state<Language>("en");
}

/** `language.now`, set by the settings. */
export const language = new Spoken();
