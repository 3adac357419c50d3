import { expect, test } from "vitest";
import { EngineOutput } from "../../../main/log/engine-output.ts";
import { LogEvent } from "../../../main/log/events.ts";

function told(...pieces: string[]): LogEvent[] {
  const events: LogEvent[] = [];
  const output = new EngineOutput("trainer", (event) => events.push(LogEvent.parse(event)));
  for (const piece of pieces) output.take(piece);
  output.end();
  return events;
}

test("a warning of onnxruntime is kept as its severity and its place in onnxruntime", () => {
  const line =
    "\u001b[0;93m2026-11-24 21:00:00.12 [W:onnxruntime:Zebrafink, graph.cc:4285 CleanUnused] Removing Zebrafink.\u001b[m\n";
  expect(told(line.slice(0, 40), line.slice(40))).toEqual([
    { event: "engine-runtime", engine: "trainer", severity: "warning", source: "graph.cc", line: 4285 },
  ]);
});

test("an error is kept as its class and stack locations, without its message", () => {
  const events = told(`/opt/coppice/out/main/engine/trainer.cjs:12
      throw new TypeError("Zebrafink");
      ^

TypeError: Zebrafink in /home/ada/Zebrafink.csv
    and its second line
    at Zebrafink talk (/home/ada/Zebrafink.csv:1:1)
    at readRow (/opt/coppice/resources/app.asar/out/main/engine/trainer.cjs:12:34)
    at async node:internal/process/task_queues:95:5
    at C:\\Users\\ada\\Coppice\\resources\\app.asar\\out\\main\\engine\\trainer.cjs:7:8

Node.js v24.21.0
`);
  const error = events.find(({ event }) => event === "engine-error");
  expect(error).toEqual({
    event: "engine-error",
    engine: "trainer",
    trouble: {
      name: "TypeError",
      frames: [
        { name: "readRow", file: "main/engine/trainer.cjs", line: 12, column: 34 },
        { name: "", file: "node:internal/process/task_queues", line: 95, column: 5 },
        { name: "", file: "main/engine/trainer.cjs", line: 7, column: 8 },
      ],
    },
  });
  expect(JSON.stringify(events)).not.toContain("Zebrafink");
});

test("an out-of-memory message is reported, and anything else is only counted", () => {
  const events = told(
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n",
    "2026-11-24 21:00:00.1 [E:onnxruntime:, bfc_arena.cc:358 Allocate] Failed to allocate memory for 9 bytes\n",
    "The Zebrafink said so\r\n\n",
    "without an end",
  );
  expect(events).toEqual([
    { event: "engine-out-of-memory", engine: "trainer" },
    { event: "engine-out-of-memory", engine: "trainer" },
    { event: "engine-other-output", engine: "trainer", lines: 2, bytes: 35 },
  ]);
});

test("a line that never ends takes at most 4,000 characters of memory", () => {
  const events = told(
    ..."x"
      .repeat(10)
      .split("")
      .map(() => "Zebrafink".repeat(10_000)),
  );
  expect(events).toEqual([{ event: "engine-other-output", engine: "trainer", lines: 1, bytes: 4000 }]);
});
