/** One operation on updates at a time, and none that ends badly keeps the next from starting. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { failureOf } from "../../../../native-models/failure.ts";
import { newKeyPair } from "../../../../main/services/updates/signature.ts";
import { Updates } from "../../../../main/services/updates/updates.ts";
import type { Updater } from "../../../../main/services/updates/updates.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const offer = { version: "1.2.3", sizeBytes: 10 };

/** An updater that finds the offer, and counts its downloads. */
function updater(): Updater & { downloads: number; looks: number } {
  return {
    requests: 0,
    downloads: 0,
    looks: 0,
    look() {
      this.looks++;
      return Promise.resolve(offer);
    },
    download() {
      this.downloads++;
      return Promise.resolve();
    },
    prepare: () => Promise.resolve(),
    replace: () => {},
  };
}

const updatesWith = (load: () => Promise<Updater>, isOn = () => false) =>
  new Updates({
    place: { address: "https://updates.example/", publicKey: newKeyPair().publicKey },
    replacesItself: true,
    cache: join(temporaryFolder(), "updates"),
    load,
    isOn,
    onChange: () => {},
  });

test("An updater that cannot be loaded is loaded again by the next check", async () => {
  let loads = 0;
  const updates = updatesWith(() => {
    if (++loads < 3) return Promise.reject(new Error("a file is missing"));
    return Promise.resolve(updater());
  });
  await expect(updates.look()).rejects.toThrow("a file is missing");
  await expect(updates.look()).rejects.toThrow("a file is missing");
  expect(await updates.look()).toMatchObject({ offer });
});

test("A download that is cancelled while it waits for a check does not start", async () => {
  const found = updater();
  const updates = updatesWith(() => Promise.resolve(found));
  await updates.look();
  let answer!: () => void;
  found.look = () => new Promise((resolve) => (answer = () => resolve(offer)));
  const check = updates.look();
  const stopping = new AbortController();
  const download = updates.download(() => {}, stopping.signal).catch(failureOf);
  stopping.abort();
  await expect.poll(() => answer).toBeDefined();
  answer();
  await check;
  expect(await download).toEqual({ code: "cancelled" });
  expect(found.downloads).toBe(0);
});

test("A daily check that waits for a download asks nothing once checks were turned off", async () => {
  const found = updater();
  let isOn = false;
  const updates = updatesWith(
    () => Promise.resolve(found),
    () => isOn,
  );
  await updates.look();
  let end!: () => void;
  found.download = () => new Promise((resolve) => (end = resolve));
  const download = updates.download(() => {}, new AbortController().signal);
  await expect.poll(() => end).toBeDefined();
  isOn = true;
  updates.follow();
  isOn = false;
  updates.follow();
  end();
  await download;
  await new Promise((resolve) => setTimeout(resolve));
  expect(found.looks).toBe(1);
});
