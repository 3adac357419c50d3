/** The language of the settings, or of the system. */
import { resolveLanguage } from "../../preload/contract/words/language.ts";
import type { Language } from "../../preload/contract/words/language.ts";
import type { Application } from "../application.ts";

export const languageOf = (
  settings: Application["services"]["settings"],
  desktop: Application["desktop"],
): Language => resolveLanguage(settings.get().language, desktop.state().languages);
