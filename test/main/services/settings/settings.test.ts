import { expect, test } from "vitest";
import { query } from "../../../../main/database/store.ts";
import { openDatabase } from "../../../../main/database/open.ts";
import { SettingsService } from "../../../../main/services/settings/settings.ts";
import { Settings } from "../../../../preload/contract/calls/settings.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

test("settings that were never changed have their defaults", () => {
  expect(servicesForTest().settings.get()).toEqual(Settings.parse({}));
});

test("a change is saved, and the rest stays unchanged", () => {
  const { settings } = servicesForTest();
  settings.set({ theme: "dark", threads: 3 });
  settings.set({ threads: null, language: "de" });
  expect(settings.get()).toEqual({ ...Settings.parse({}), theme: "dark", language: "de" });
});

test("settings survive closing and reopening the home", () => {
  const folder = temporaryFolder();
  const first = servicesForTest(folder);
  first.settings.set({ memoryLimitBytes: 4e9 });
  first.close();
  expect(servicesForTest(folder).settings.get().memoryLimitBytes).toBe(4e9);
});

test.each([{ theme: "pink" }, { threads: 0 }, { threads: 1.5 }, { memoryLimitBytes: -1 }])(
  "%o is refused, and nothing of it is kept",
  (change) => {
    const { settings } = servicesForTest();
    const failure = failureFrom(() => settings.set({ ...change, language: "de" }));
    expect(failure).toMatchObject({
      code: "bad-choice",
      why: { code: "setting", name: Object.keys(change)[0] },
    });
    expect(settings.get()).toEqual(Settings.parse({}));
  },
);

test.each(['"pink"', "not JSON"])("a stored value that is %s gives way to the default", (value) => {
  const store = openDatabase(`${temporaryFolder()}/coppice.db`);
  store.run(
    query.insertInto("settings").values([
      { name: "theme", value },
      { name: "language", value: '"de"' },
      { name: "gone", value: "1" },
    ]),
  );
  expect(new SettingsService(store).get()).toEqual({ ...Settings.parse({}), language: "de" });
  store.close();
});
