/** The language of the settings, or of the system. */
import { spokenOf } from "../../preload/contract/words/language.ts";
import type { Language } from "../../preload/contract/words/language.ts";
import type { Application } from "../application.ts";

export const languageOf = (
  settings: Application["services"]["settings"],
  desktop: Application["desktop"],
): Language => spokenOf(settings.get().language, desktop.state().languages);
