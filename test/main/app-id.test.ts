import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configuration } from "../../build/package/configuration.ts";
import { windows } from "../../build/package/windows.ts";
import { root } from "../../build/root.ts";
import { appIdOf } from "../../main/app-id.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("a package knows the id that its installer gives the shortcuts; the repository has none", () => {
  const folder = temporaryFolder();
  const electron = { isFallback: false, version: "45.0.0", binary: "" };
  const { appId, extraMetadata } = configuration(electron as never, windows, folder, () => Promise.resolve());
  writeFileSync(join(folder, "package.json"), JSON.stringify(extraMetadata));
  expect(appIdOf(folder)).toBe(appId);
  expect(appIdOf(root)).toBe(null);
});
