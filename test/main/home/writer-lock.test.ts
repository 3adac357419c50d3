import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { takeWriterLock } from "../../../main/home/writer-lock.ts";
import { openServices, openServicesToRead } from "../../../main/services/open.ts";
import { failureFrom } from "../failure-from.ts";
import { planWithSeed } from "../services/plan.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { startWriter } from "./writer-child.ts";

describe("one writer per home", () => {
  test("a second process learns who holds the lock, and a killed one releases it", async () => {
    const folder = temporaryFolder();
    const first = startWriter("hold", folder);
    expect(await first.next()).toEqual({ holding: first.processId });
    const inUse = { code: "home-in-use", path: folder, processId: first.processId };
    expect(failureFrom(() => openServices(folder))).toEqual(inUse);
    expect(await startWriter("hold", folder).next()).toEqual({ failure: inUse });
    await first.kill();
    takeWriterLock(folder, 0).release();
  });

  test("a process that exits normally leaves only an empty lock", async () => {
    const folder = temporaryFolder();
    const first = startWriter("hold", folder);
    await first.next();
    await first.end();
    expect(readdirSync(folder).sort()).toEqual([
      "cache",
      "coppice.db",
      "datasets",
      "logs",
      "models",
      "runs",
      "writer.lock",
    ]);
    openServices(folder, 0).close();
  });

  test("the lock also holds within one process", () => {
    const folder = temporaryFolder();
    const lock = takeWriterLock(folder, 0);
    expect(failureFrom(() => takeWriterLock(folder, 0))).toEqual({
      code: "home-in-use",
      path: folder,
      processId: process.pid,
    });
    lock.release();
    takeWriterLock(folder, 0).release();
  });

  test("of 20 processes that start at once, exactly one gets the lock", async () => {
    const folder = temporaryFolder();
    const starts = Array.from({ length: 20 }, () => startWriter("hold", folder));
    const told = await Promise.all(starts.map((start) => start.next()));
    const holders = told.flatMap((line) => line?.holding ?? []);
    const refusals = told.flatMap((line) => line?.failure ?? []);
    expect(holders).toHaveLength(1);
    expect(refusals).toHaveLength(19);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(["home-in-use"]));
  });

  test("others can read meanwhile", async () => {
    const folder = temporaryFolder();
    const writer = startWriter("write", folder);
    await writer.next();
    const { run, conversation } = (await writer.next())!;
    const { step } = (await writer.next())!;
    const reader = openServicesToRead(folder);
    expect(reader.runs.list()).toMatchObject([{ id: run, state: "running" }]);
    expect(reader.runs.metrics(run!).length).toBeGreaterThanOrEqual(step!);
    expect(reader.conversations.messages(conversation!).length).toBeGreaterThanOrEqual(step!);
    const refused = failureFrom(() => reader.runs.create(planWithSeed(2), { name: "no" }));
    expect(refused).toMatchObject({ code: "unwritable" });
    reader.close();
  });
});

describe("reading a home", () => {
  test("that does not exist yet gives nothing", () => {
    const reader = openServicesToRead(join(temporaryFolder(), "new"));
    expect(reader.runs.list()).toEqual([]);
    reader.close();
  });

  test("whose writer was killed shows its run as interrupted", async () => {
    const folder = temporaryFolder();
    const writer = startWriter("write", folder);
    await writer.next();
    await writer.next();
    await writer.kill();
    const reader = openServicesToRead(folder);
    expect(reader.runs.list()).toMatchObject([
      { state: "paused", pauseReason: "interrupted", secondsLeft: null },
    ]);
    reader.close();
  });

  test("does not block the next writer", () => {
    const folder = temporaryFolder();
    const reader = openServicesToRead(folder);
    openServices(folder, 0).close();
    reader.close();
  });
});

describe("a home that this account may not write to", () => {
  const nobody = { uid: 65534, gid: 65534 };

  test.skipIf(process.getuid?.() !== 0)(
    "is unwritable (needs an account that may start others)",
    async () => {
      const folder = temporaryFolder(); // 0700, ours
      const told = await startWriter("hold", join(folder, "home"), nobody).next();
      expect(told?.failure).toEqual({
        code: "unwritable",
        path: join(folder, "home"),
        reason: "no-writing",
      });
    },
  );
});
