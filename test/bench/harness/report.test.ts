import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Benchmark, Row } from "./benchmark.ts";
import { describeMachine } from "./machine.ts";
import { land, replaceSection, table, targetLine } from "./report.ts";
import type { Result } from "./report.ts";

const benchmark: Benchmark = {
  name: "speed",
  timed: false,
  measures: "How fast it is.",
  columns: [
    { key: "speed", title: "speed", unit: "tokens/s" },
    { key: "ratio", title: "ratio", unit: "ratio" },
  ],
  targets: [{ row: "other", column: "ratio", atLeast: 1.3 }],
  run: () => Promise.resolve([]),
};

function row(name: string, speed: number, ratio: number | null): Row {
  return { name, figures: { speed, ratio } };
}

function result(rows: Row[]): Result {
  const machine = describeMachine();
  const base = {
    name: "speed",
    command: "npm run bench -- speed",
    date: "2025-01-02",
    rounds: 5,
    threads: 2,
  };
  return { ...base, machine, against: { PyTorch: "2" }, rows };
}

let docs: string;
beforeEach(() => void (docs = mkdtempSync(join(tmpdir(), "coppice-report-"))));
afterEach(() => rmSync(docs, { recursive: true }));
/** The page, without the spaces that line a table up. */
const page = () => readFileSync(join(docs, "benchmarks.md"), "utf8").replace(/ +/g, " ");

test("a first result makes the page, with command, machine and verdict", async () => {
  await land(docs, benchmark, result([row("other", 120, 1.5)]));
  expect(page()).toContain("| other | 120 | 1.50 × |");
  expect(page()).toContain("- other, ratio: wanted ≥ 1.30 ×; 1.50 ×, reached");
  expect(page()).toContain("`npm run bench -- speed`");
  expect(page()).toContain(`Node ${process.versions.node}`);
});

test("a second result replaces its section only, and tells what moved", async () => {
  writeFileSync(
    join(docs, "benchmarks.md"),
    "# Ours\n\n<!-- bench:speed -->\nold\n<!-- /bench:speed -->\n\n## By hand\n",
  );
  await land(docs, benchmark, result([row("other", 100, 1.5)]));
  await land(docs, benchmark, result([row("other", 150, 1.51)]));
  expect(page()).toContain("| other | 150 (was 100) | 1.51 × |");
  expect(page()).toMatch(/^# Ours\n/);
  expect(page()).toMatch(/## By hand\n$/);
  expect(page()).not.toContain("old");
  expect(page().match(/<!-- bench:speed -->/g)).toHaveLength(1);
});

test("rows that a run left out keep their landed figures", async () => {
  await land(docs, benchmark, result([row("one", 100, 1), row("two", 200, 2)]));
  await land(docs, benchmark, result([row("two", 300, 3)]));
  const stored = JSON.parse(readFileSync(join(docs, "benchmarks", "speed.json"), "utf8")) as Result;
  expect(stored.rows).toEqual([row("one", 100, 1), row("two", 300, 3)]);
});

test("half a pair of markers is refused, so that nothing of the page is lost", () => {
  expect(() => replaceSection("text <!-- bench:speed --> text", "speed", "new")).toThrow("only one");
});

test("a missed target and an unmeasured one say so", () => {
  expect(targetLine(benchmark, benchmark.targets[0]!, [row("other", 1, 1.2)])).toContain("**missed**");
  expect(targetLine(benchmark, benchmark.targets[0]!, [row("other", 1, null)])).toContain("not measured");
  expect(table(benchmark, [row("other", 1, null)], [])).toContain("| other | 1.0 | – |");
});
