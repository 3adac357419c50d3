import { expect, onTestFinished, test, vi } from "vitest";
import { appearance } from "../../renderer/theme.svelte.ts";

test("a chosen theme and motion are set on the page, and removed to follow the system", () => {
  const dataset: Record<string, string> = {};
  vi.stubGlobal("document", { documentElement: { dataset } });
  onTestFinished(() => void vi.unstubAllGlobals());
  Object.assign(appearance, { theme: "system", reducedMotion: false }); // another file may have chosen
  appearance.apply();
  expect(dataset).toEqual({});
  Object.assign(appearance, { theme: "dark", reducedMotion: true });
  appearance.apply();
  expect(dataset).toEqual({ theme: "dark", motion: "reduced" });
  Object.assign(appearance, { theme: "system", reducedMotion: false });
  appearance.apply();
  expect(dataset).toEqual({});
});
