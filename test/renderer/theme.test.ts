import { expect, onTestFinished, test, vi } from "vitest";
import { appearance } from "../../renderer/theme.svelte.ts";

test("the page follows the system's theme until one is chosen, and has the chosen motion", () => {
  const dataset: Record<string, string> = {};
  const system = Object.assign(new EventTarget(), { matches: true });
  vi.stubGlobal("document", { documentElement: { dataset } });
  vi.stubGlobal("matchMedia", () => system);
  onTestFinished(() => void vi.unstubAllGlobals());
  Object.assign(appearance, { theme: "system", reducedMotion: false }); // another file may have chosen
  const stop = appearance.apply();
  expect(dataset).toEqual({ theme: "dark" });
  system.matches = false;
  system.dispatchEvent(new Event("change"));
  expect(dataset).toEqual({ theme: "light" });
  stop();
  system.matches = true;
  system.dispatchEvent(new Event("change"));
  expect(dataset).toEqual({ theme: "light" });
  Object.assign(appearance, { theme: "light", reducedMotion: true });
  appearance.apply()();
  expect(dataset).toEqual({ theme: "light", motion: "reduced" });
  Object.assign(appearance, { theme: "system", reducedMotion: false });
  appearance.apply()();
  expect(dataset).toEqual({ theme: "dark" });
});
