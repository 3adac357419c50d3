/** The log of one program: COPPICE_HOME/logs, one line of JSON per event. */
import { join } from "node:path";
import { z } from "zod";
import { LogEvent, levelOf } from "./events.ts";
import { RotatingFile } from "./rotating-file.ts";
import type { Rotation } from "./rotating-file.ts";

/** Four files of a megabyte: some months of normal use, and never more. */
export const logRotation: Rotation = { mostBytes: 1_000_000, mostFiles: 4 };

/** The file of the application, and that of the command line. */
export const logFile = (folder: string, program: "application" | "command") =>
  join(folder, program === "application" ? "coppice.log" : "command.log");

/** A line of a log: the time, the process, the severity, and the event with its figures. */
export const LogEntry = z.intersection(
  z.object({
    time: z.iso.datetime(),
    process: z.number().int(),
    level: z.enum(["info", "warning", "error"]),
  }),
  LogEvent,
);
export type LogEntry = z.infer<typeof LogEntry>;

export interface Log {
  write(event: LogEvent): void;
  close(): void;
}

/** A log that discards everything. */
export const noLog: Log = { write: () => {}, close: () => {} };

/** The most events of one kind that are logged per minute; further ones are only counted. */
const MOST_A_MINUTE = 120;
const MINUTE_MS = 60_000;

/** Opens a log file for writing. Writing never throws: an event that does not fit the schema is a bug of ours, and is left out. */
export function openLog(path: string, rotation: Rotation = logRotation): Log {
  const file = new RotatingFile(path, rotation);
  const counts = new Map<LogEvent["event"], { since: number; written: number; leftOut: number }>();

  function put(event: LogEvent): void {
    // Only the schema's fields are kept: any others are dropped.
    const known = LogEvent.safeParse(event);
    if (!known.success) return;
    const entry = {
      time: new Date().toISOString(),
      process: process.pid,
      level: levelOf(event),
      ...known.data,
    };
    file.append(JSON.stringify(entry));
  }

  return {
    write(event) {
      const now = Date.now();
      let count = counts.get(event.event);
      if (!count || now - count.since > MINUTE_MS) {
        if (count && count.leftOut > 0) put({ event: "left-out", kind: event.event, events: count.leftOut });
        count = { since: now, written: 0, leftOut: 0 };
        counts.set(event.event, count);
      }
      if (count.written >= MOST_A_MINUTE) count.leftOut++;
      else {
        count.written++;
        put(event);
      }
    },
    close() {
      for (const [kind, { leftOut }] of counts)
        if (leftOut > 0) put({ event: "left-out", kind, events: leftOut });
      file.close();
    },
  };
}
