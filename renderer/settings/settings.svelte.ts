/** The person's settings, which main stores and every window applies. */
import type { ApplicationState } from "../../preload/contract/calls/application.ts";
import { Settings } from "../../preload/contract/calls/settings.ts";
import { resolveLanguage } from "../../preload/contract/words/language.ts";
import { main } from "../bridge.ts";
import { language } from "../messages/language.svelte.ts";
import { appearance } from "../theme.svelte.ts";

/** Changes some settings; they are saved immediately. */
export type Changing = (change: Partial<Settings>) => void;

class ChosenSettings {
  now = $state.raw<Settings>(Settings.parse({}));
  application = $state.raw<ApplicationState | undefined>(undefined);

  /** Reads the settings and follows changes; the window is shown afterwards. Failures: those of main. */
  async open(): Promise<void> {
    main.settings.changed((settings) => this.#apply(settings));
    const [settings, application] = await Promise.all([main.settings.get(), main.application.state()]);
    this.application = application;
    this.#apply(settings);
  }

  /** Changes some settings; they are saved immediately. Failures: bad-choice, disk-full, unwritable. */
  async set(change: Partial<Settings>): Promise<void> {
    this.#apply(await main.settings.set(change));
  }

  #apply(settings: Settings): void {
    this.now = settings;
    appearance.theme = settings.theme;
    appearance.reducedMotion = settings.reducedMotion;
    language.now = resolveLanguage(settings.language, this.application?.languages ?? []);
  }
}

export const settings = new ChosenSettings();
