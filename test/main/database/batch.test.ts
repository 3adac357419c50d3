import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { Batch } from "../../../main/database/batch.ts";
import { failureFrom } from "../failure-from.ts";

const diskFull = { code: "disk-full", path: "/home" } as const;

/** A batch of numbers onto a disk that can be full. */
function batchOnDisk() {
  const disk = { full: false, written: [] as number[][] };
  const batch = new Batch<number>(20, (items) => {
    if (disk.full) throw new AppError(diskFull);
    if (items.includes(13)) throw new Error("a bug");
    disk.written.push([...items]);
  });
  return { batch, disk };
}

test("items are written together after the interval, in order", async () => {
  const { batch, disk } = batchOnDisk();
  for (const item of [1, 2, 3]) batch.add(item);
  expect(disk.written).toEqual([]);
  await wait(60);
  expect(disk.written).toEqual([[1, 2, 3]]);
  batch.add(4);
  batch.flush();
  batch.flush();
  await wait(60);
  expect(disk.written).toEqual([[1, 2, 3], [4]]);
});

test("items that do not fit on a full disk wait until there is space, and the next call fails", async () => {
  const { batch, disk } = batchOnDisk();
  disk.full = true;
  batch.add(1);
  await wait(60);
  expect(failureFrom(() => batch.add(2))).toEqual(diskFull);
  expect(failureFrom(() => batch.flush())).toEqual(diskFull);
  disk.full = false;
  batch.add(3);
  expect(disk.written).toEqual([[1, 2, 3]]);
});

test("an item that fails for another reason does not block those after it", () => {
  const { batch, disk } = batchOnDisk();
  batch.add(13);
  expect(() => batch.flush()).toThrow("a bug");
  batch.add(1);
  batch.flush();
  expect(disk.written).toEqual([[1]]);
});
