import { expect, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { Settings } from "../../../preload/contract/calls/settings.ts";
import { bridge } from "../bridge.ts";

/** The settings of a window that has just opened, as main stored them. */
async function opened(
  stored: Partial<Settings> = {},
  set: (change: Partial<Settings>) => Settings = (change) => Settings.parse(change),
) {
  vi.resetModules();
  const { tell } = bridge({
    application: { state: () => ({ version: "1.0.0", languages: ["fr-FR", "de-AT", "en"] }) as never },
    settings: { get: () => Settings.parse(stored), set: (change) => set(change as Partial<Settings>) },
  });
  const { settings } = await import("../../../renderer/settings/settings.svelte.ts");
  const { appearance } = await import("../../../renderer/theme.svelte.ts");
  const { language } = await import("../../../renderer/messages/language.svelte.ts");
  await settings.open();
  return { settings, appearance, language, tell };
}

test("stored settings are applied when the window opens", async () => {
  const { settings, appearance, language } = await opened({
    theme: "dark",
    reducedMotion: true,
    language: "de",
  });
  expect(settings.now.theme).toBe("dark");
  expect(settings.application?.version).toBe("1.0.0");
  expect(appearance).toMatchObject({ theme: "dark", reducedMotion: true });
  expect(language.now).toBe("de");
});

test("without a choice the window speaks the first of the system's languages that it knows", async () => {
  expect((await opened()).language.now).toBe("de");
});

test("a change is applied as main stored it", async () => {
  const { settings, language } = await opened({}, ({ language }) => Settings.parse({ language, threads: 3 }));
  await settings.set({ language: "en" });
  expect(settings.now).toMatchObject({ language: "en", threads: 3 });
  expect(language.now).toBe("en");
});

test("a change in another window is applied here", async () => {
  const { settings, appearance, tell } = await opened();
  tell("settings.changed", Settings.parse({ theme: "light" }));
  expect(settings.now.theme).toBe("light");
  expect(appearance.theme).toBe("light");
});

test("a change that main refuses is reported, and leaves everything as it was", async () => {
  const failure = { code: "disk-full", path: "/home" } as const;
  const { settings, appearance } = await opened({ theme: "dark" }, () => {
    throw new AppError(failure);
  });
  await expect(settings.set({ theme: "light" })).rejects.toMatchObject({ failure });
  expect(settings.now.theme).toBe("dark");
  expect(appearance.theme).toBe("dark");
});
