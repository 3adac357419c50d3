import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { homeIn } from "../../../../main/home/home.ts";
import { readMoved, writeMoved } from "../../../../main/home/moved-home.ts";
import { takeWriterLock } from "../../../../main/home/writer-lock.ts";
import { removeOldHome } from "../../../../main/services/home/old-home.ts";
import { openServices } from "../../../../main/services/open.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A home that was moved out of its standard place, and is still there; with a file of the person's own. */
async function movedHome() {
  const place = join(temporaryFolder(), "coppice");
  const services = openServices(place);
  services.conversations.create({ title: "Pipes", model: "sample", sampling: {} });
  for (const file of [
    "hub-token",
    "models/mine/model.gguf",
    "cache/downloads/half/file.part",
    "logs/log.txt",
  ])
    write(join(place, file), file);
  write(join(place, "cache", "int8-0123", "weights.bin"), "can be made again");
  write(join(place, "letter.txt"), "the person's own");
  const copy = await services.copyTo(temporaryFolder(), "Coppice");
  expect(services.moveTo(copy, place)).toBe(true);
  services.close();
  return { place, folder: copy.folder };
}

test("an old home goes once the new one has opened, and only what Coppice created", async () => {
  const { place, folder } = await movedHome();
  writeFileSync(join(place, "logs", "log.txt"), "the last words are not copied");
  expect(await removeOldHome(place, place)).toBe(null);
  expect(existsSync(join(place, "coppice.db"))).toBe(true);
  expect(await removeOldHome(place, folder)).toMatchObject({ kept: 0, failed: 0 });
  expect(readdirSync(place).sort()).toEqual(["letter.txt", "moved.json"]);
  expect(readMoved(place)).toEqual({ folder });
  expect(await removeOldHome(place, folder)).toBe(null);
});

test("an old home in a chosen folder goes with the folder", async () => {
  const from = join(temporaryFolder(), "Coppice");
  const place = temporaryFolder();
  const services = openServices(from);
  const copy = await services.copyTo(temporaryFolder(), "Coppice");
  expect(services.moveTo(copy, place)).toBe(true);
  services.close();
  await removeOldHome(place, copy.folder);
  expect(existsSync(from)).toBe(false);
});

test("what was written into an old home after it was copied stays", async () => {
  const { place, folder } = await movedHome();
  write(join(place, "models", "owner", "late.gguf"), "a download of another program");
  write(join(place, "models", "mine", "model.gguf"), "another model");
  write(join(place, "cache", "downloads", "half", "file.part"), "more of it");
  expect(await removeOldHome(place, folder)).toMatchObject({ kept: 3, failed: 0 });
  const left = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(left.map(({ name }) => name).sort()).toEqual([
    ...["file.part", "late.gguf", "letter.txt", "model.gguf", "moved.json"],
  ]);
});

test("an old home whose database was written again stays whole", async () => {
  const { place, folder } = await movedHome();
  const services = openServices(place);
  services.conversations.create({ title: "Of a command", model: "sample", sampling: {} });
  services.close();
  await removeOldHome(place, folder);
  expect(readMoved(place)).toEqual({ folder });
  const again = openServices(place);
  onTestFinished(() => again.close());
  expect(again.conversations.list()).toHaveLength(2);
  expect(readFileSync(join(place, "models", "mine", "model.gguf"), "utf8")).toBe("models/mine/model.gguf");
});

test("an old home of a note without a list of its files stays whole", async () => {
  const { place, folder } = await movedHome();
  writeMoved(place, { folder, from: place });
  await removeOldHome(place, folder);
  expect(existsSync(homeIn(place).database)).toBe(true);
  expect(existsSync(join(place, "hub-token"))).toBe(true);
});

test("a link in an old home goes, and what it leads to stays", async () => {
  const place = join(temporaryFolder(), "coppice");
  const services = openServices(place);
  const disk = temporaryFolder();
  write(join(disk, "model.gguf"), "weights");
  renameSync(services.home.models, join(services.home.cache, "models"));
  symlinkSync(disk, services.home.models);
  const copy = await services.copyTo(temporaryFolder(), "Coppice");
  expect(services.moveTo(copy, place)).toBe(true);
  services.close();
  await removeOldHome(place, copy.folder);
  expect(readdirSync(place)).toEqual(["moved.json"]);
  expect(readdirSync(disk)).toEqual(["model.gguf"]);
});

test("an old home that another program uses is removed at a later start", async () => {
  const { place, folder } = await movedHome();
  const lock = takeWriterLock(place, 0);
  expect(await removeOldHome(place, folder)).toMatchObject({ removed: 0 });
  expect(readMoved(place)).toMatchObject({ from: place });
  expect(existsSync(homeIn(place).database)).toBe(true);
  lock.release();
  await removeOldHome(place, folder);
  expect(readdirSync(place).sort()).toEqual(["letter.txt", "moved.json"]);
});

test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "a file that cannot be removed is tried again at a later start",
  async () => {
    const { place, folder } = await movedHome();
    const locked = join(place, "models", "mine");
    chmodSync(locked, 0o500);
    expect(await removeOldHome(place, folder)).toMatchObject({ failed: 1 });
    expect(readMoved(place)).toMatchObject({ from: place });
    chmodSync(locked, 0o700);
    await removeOldHome(place, folder);
    expect(readdirSync(place).sort()).toEqual(["letter.txt", "moved.json"]);
  },
);
