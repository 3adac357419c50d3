import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { LogEvent } from "../../../main/log/events.ts";
import { openLog } from "../../../main/log/log.ts";
import { lastEntries } from "../../../main/log/read.ts";
import { beginSession } from "../../../main/log/session.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const phase = (round: number): LogEvent => ({ event: "run-phase", run: "7f3k2", phase: "train", round });

test("an event is a line with its time, process and level, and can be read back", () => {
  const path = join(temporaryFolder(), "logs", "coppice.log");
  const log = openLog(path);
  log.write(phase(1));
  log.write({ event: "window-gone", reason: "crashed", exitCode: 5 });
  log.close();
  expect(lastEntries(path, 10)).toEqual([
    { time: expect.any(String), process: process.pid, level: "info", ...phase(1) },
    {
      time: expect.any(String),
      process: process.pid,
      level: "error",
      event: "window-gone",
      reason: "crashed",
      exitCode: 5,
    },
  ]);
  expect(lastEntries(path, 10, ({ level }) => level === "error")).toHaveLength(1);
});

test("fields that an event does not declare are not written, and unknown events are left out", () => {
  const path = join(temporaryFolder(), "coppice.log");
  const log = openLog(path);
  const more = { ...phase(1), prompt: "Zebrafink" };
  log.write(more);
  log.write({ event: "run-phase", run: "Zebrafink", phase: "train", round: 2 });
  log.write({ event: "said", text: "Zebrafink" } as unknown as LogEvent);
  log.close();
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain("Zebrafink");
  expect(text.trim().split("\n")).toHaveLength(1);
});

test("at most 120 events of a kind are written per minute, and the rest are counted", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const path = join(temporaryFolder(), "coppice.log");
  const log = openLog(path);
  for (let round = 0; round < 500; round++) log.write(phase(round));
  vi.advanceTimersByTime(61_000);
  log.write(phase(500));
  log.close();
  const entries = lastEntries(path, 1000);
  expect(entries).toHaveLength(122);
  expect(entries[120]).toMatchObject({ event: "left-out", kind: "run-phase", events: 380 });
});

test("lines that are not entries are skipped, in rotated files too", () => {
  const path = join(temporaryFolder(), "coppice.log");
  const log = openLog(path, { mostBytes: 400, mostFiles: 4 });
  for (let round = 0; round < 9; round++) log.write(phase(round));
  log.close();
  const rounds = lastEntries(path, 5).map((entry) => entry.event === "run-phase" && entry.round);
  expect(rounds).toEqual([4, 5, 6, 7, 8]);
});

test("the next program reports an abnormal end once", () => {
  const folder = temporaryFolder();
  const log = join(folder, "coppice.log");
  const first = beginSession(folder, log, "2026-11-24T10:00:00.000Z");
  expect(first.lost).toBeNull();
  const second = beginSession(folder, log);
  expect(second.lost).toMatchObject({ startedAt: "2026-11-24T10:00:00.000Z" });
  second.end();
  expect(beginSession(folder, log).lost).toBeNull();
});
