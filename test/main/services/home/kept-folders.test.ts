import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeIn, makeHome } from "../../../../main/home/home.ts";
import { keptFolders } from "../../../../main/services/home/kept-folders.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

test("the parts of a home have the sizes of their files, in all folders, links not followed", async () => {
  const home = homeIn(temporaryFolder());
  makeHome(home);
  mkdirSync(join(home.runs, "a", "checkpoints"), { recursive: true });
  writeFileSync(join(home.runs, "a", "checkpoints", "object"), "");
  truncateSync(join(home.runs, "a", "checkpoints", "object"), 5000);
  writeFileSync(join(home.runs, "journal"), "123");
  symlinkSync(home.runs, join(home.models, "elsewhere"));
  writeFileSync(home.database, "12345");
  writeFileSync(`${home.database}-wal`, "1234567");
  const sizes = Object.fromEntries((await keptFolders(home)).map(({ what, bytes }) => [what, bytes]));
  expect(sizes).toEqual({ database: 12, runs: 5003, models: 0, datasets: 0, cache: 0, logs: 0 });
});

test("backups are counted where there are any", async () => {
  const home = homeIn(temporaryFolder());
  expect((await keptFolders(home)).map(({ what }) => what)).not.toContain("backups");
  const path = join(home.folder, "backups");
  mkdirSync(path);
  writeFileSync(join(path, "file"), "123");
  expect(await keptFolders(home)).toContainEqual({ what: "backups", path, bytes: 3 });
});

test("a home whose folders are missing takes no space", async () => {
  const parts = await keptFolders(homeIn(join(temporaryFolder(), "missing")));
  expect(parts.map(({ bytes }) => bytes)).toEqual([0, 0, 0, 0, 0, 0]);
});
