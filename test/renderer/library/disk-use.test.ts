import { expect, test } from "vitest";
import { fail } from "../../../native-models/failure.ts";
import type { KeptFolder } from "../../../preload/contract/calls/settings.ts";
import { DiskUse } from "../../../renderer/library/disk-use.svelte.ts";
import { bridge } from "../bridge.ts";

const folder = (bytes: number) => ({ bytes }) as KeptFolder;

test("a measurement that ends after a newer one does not replace it", async () => {
  const ends: ((folders: KeptFolder[]) => void)[] = [];
  bridge({
    settings: { folders: () => new Promise((end) => ends.push(end)) },
    application: { state: () => ({ freeDiskBytes: 9 }) as never },
  });
  const disk = new DiskUse();
  const [older, newer] = [disk.read(), disk.read()];
  ends[1]!([folder(1), folder(2)]);
  await newer;
  ends[0]!([folder(50)]);
  await older;
  expect(disk.bytes).toEqual({ used: 3, free: 9 });
});

test("a disk that cannot be read is not shown", async () => {
  let works = true;
  bridge({
    settings: {
      folders: () => (works ? [folder(1)] : fail({ code: "unreadable", path: "/home", reason: "busy" })),
    },
    application: { state: () => ({ freeDiskBytes: null }) as never },
  });
  const disk = new DiskUse();
  await disk.read();
  expect(disk.bytes).toEqual({ used: 1, free: null });
  works = false;
  await disk.read();
  expect(disk.bytes).toBeUndefined();
});
