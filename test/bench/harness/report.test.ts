import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../../../build/root.ts";
import { BENCHMARKS } from "../all.ts";
import type { Benchmark, Row } from "./benchmark.ts";
import { land } from "./landed.ts";
import type { Result } from "./landed.ts";
import { describeMachine } from "./machine.ts";
import { renderPage, replaceSection, table, targetLine, writePage } from "./report.ts";

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
/** The page, without the padding of its tables. */
const page = () => readFileSync(join(docs, "benchmarks.md"), "utf8").replace(/ +/g, " ");
const landAndTell = async (rows: Row[], part = false) => {
  await land(docs, result(rows), part);
  await writePage(docs, [benchmark]);
};

test("a first result creates the page, with command, machine and verdict", async () => {
  await landAndTell([row("other", 120, 1.5)]);
  expect(page()).toContain("| other | 120 | 1.50 × |");
  expect(page()).toContain("- other, ratio: target ≥ 1.30 ×; 1.50 ×, reached");
  expect(page()).toContain("`npm run bench -- speed`");
  expect(page()).toContain(`Node ${process.versions.node}`);
});

test("what rows say about their other side stands under the table, once", async () => {
  const note = "llama.cpp 1, flash attention";
  await landAndTell([
    { ...row("one", 120, 1.5), note },
    { ...row("two", 120, 1.5), note },
    row("three", 1, 1),
  ]);
  expect(page()).toContain("\n- one; two: llama.cpp 1, flash attention\n");
  expect(page()).not.toContain("- three:");
});

test("a second result replaces only its section, and shows what changed", async () => {
  writeFileSync(
    join(docs, "benchmarks.md"),
    "# Ours\n\n<!-- bench:speed -->\nold\n<!-- /bench:speed -->\n\n## By hand\n",
  );
  await landAndTell([row("other", 100, 1.5)]);
  await landAndTell([row("other", 150, 1.51)]);
  expect(page()).toContain("| other | 150 (was 100) | 1.51 × |");
  expect(page()).toMatch(/^# Ours\n/);
  expect(page()).toContain("\n## By hand\n");
  expect(page()).not.toContain("old");
  expect(page().match(/<!-- bench:speed -->/g)).toHaveLength(1);
});

test("rows that were not requested keep their figures and previous figures", async () => {
  await landAndTell([row("one", 100, 1), row("two", 200, 2)]);
  await landAndTell([row("one", 150, 1), row("two", 200, 2)]);
  await landAndTell([row("two", 300, 3)], true);
  expect(page()).toContain("| one | 150 (was 100) | 1.00 × |");
  expect(page()).toContain("| two | 300 (was 200) | 3.00 × (was 2.00 ×) |");
});

test("each processor has a table and a verdict of its own, and is compared with itself", async () => {
  const there = { ...describeMachine(), processor: "another" };
  const landThere = (rows: Row[]) => land(docs, { ...result(rows), machine: there }, false);
  await landThere([row("other", 100, 1), row("gone", 1, 1)]);
  await landAndTell([row("other", 150, 2)]);
  expect(page()).not.toContain("(was");
  expect(page()).toContain("| other | 150 | 2.00 × |");
  expect(page()).toMatch(/On another processor:\s+\|.*\|\s+\|.*\|\s+\| other \| 100 \| 1\.00 × \|/);
  expect(page()).toContain("| ≥ 1.30 × | 2.00 × | reached | 1.00 × (**missed**) |");
  await landThere([row("other", 200, 1)]);
  await writePage(docs, [benchmark]);
  expect(page()).toContain("| other | 200 (was 100) | 1.00 × |");
  expect(page()).toContain("| ≥ 1.30 × | 1.00 × | **missed** | 2.00 × (reached) |");
  expect(page().match(/On another processor:/g)).toHaveLength(1);
});

test("a row that the benchmark no longer has is removed", async () => {
  await landAndTell([row("one", 100, 1), row("two", 200, 2)]);
  await landAndTell([row("two", 300, 3)]);
  expect(page()).not.toContain("| one |");
});

test("writing the page twice gives the same page", async () => {
  await landAndTell([row("other", 120, 1.5)]);
  const once = page();
  await writePage(docs, [benchmark]);
  expect(page()).toBe(once);
});

test("sections are in the order of the benchmarks, whichever was measured first", async () => {
  const [first, second] = ["first", "second"].map((name) => ({ ...benchmark, name }));
  for (const { name } of [second!, first!]) {
    await land(docs, { ...result([row("other", 120, 1.5)]), name }, false);
    await writePage(docs, [first!, second!]);
  }
  expect(page()).toMatch(/^# Benchmarks.*bench:targets.*## first.*## second/s);
  expect(page().match(/^## /gm)).toHaveLength(3);
});

test("the targets are at the top, with one line per goal that rows share", async () => {
  const wanted = (name: string, atLeast: number) => ({ row: name, column: "ratio", atLeast });
  const targets = [
    ...["one", "two", "three", "four"].map((name) => wanted(name, 1)),
    { ...wanted("one", 2), atMost: 3 },
    { row: "absent", column: "speed", atLeast: 1 },
  ];
  const rows = [row("one", 1, 2.5), row("two", 1, 0.5), row("three", 1, null), row("four", 1, 1)];
  await land(docs, result(rows), false);
  await writePage(docs, [
    { ...benchmark, targets },
    { ...benchmark, name: "never measured" },
  ]);
  const [before, after] = page().split("<!-- /bench:targets -->");
  expect(before).toContain(
    "| [speed](#speed): 4 rows: ratio | ≥ 1.00 × | 0.50 × to 2.50 × | **missed** by 1 of 4, not measured by 1 of 4 | |",
  );
  expect(before).toContain("| [speed](#speed): one: ratio | ≥ 2.00 × and ≤ 3.00 × | 2.50 × | reached | |");
  expect(before).toContain("| [speed](#speed): absent: speed | ≥ 1.0 | – | not measured | |");
  expect(before).toContain("| never measured: other: ratio | ≥ 1.30 × | – | not measured | |");
  expect(after).toContain("## speed");
  expect(after).not.toContain("never measured");
});

test("a row's own unit applies to columns without one", () => {
  const columns = [
    { key: "ours", title: "ours" },
    { key: "ratio", title: "ratio", unit: "ratio" as const },
  ];
  const rows: Row[] = [
    { name: "time", unit: "seconds", figures: { ours: 250, ratio: 1.5 } },
    { name: "accuracy", unit: "share", figures: { ours: 0.931, ratio: null } },
  ];
  const targets = [{ row: "accuracy", column: "ours", atLeast: 0.85 }];
  const mixed: Benchmark = { ...benchmark, columns, targets };
  expect(table(mixed, rows, [])).toContain("| time | 250 s | 1.50 × |\n| accuracy | 93.1% | – |");
  expect(targetLine(mixed, targets[0]!, rows)).toBe("- accuracy, ours: target ≥ 85.0%; 93.1%, reached");
});

test("half a pair of markers is refused, so that no text is lost", () => {
  expect(() => replaceSection("text <!-- bench:speed --> text", "speed", "new")).toThrow("only one");
});

test("a missed target and an unmeasured one are reported as such", () => {
  expect(targetLine(benchmark, benchmark.targets[0]!, [row("other", 1, 1.2)])).toContain("**missed**");
  expect(targetLine(benchmark, benchmark.targets[0]!, [row("other", 1, null)])).toContain("not measured");
  expect(table(benchmark, [row("other", 1, null)], [])).toContain("| other | 1.0 | – |");
});

test("the repository's page matches its landed results (npm run bench -- --rewrite writes it)", async () => {
  const { path, text, pictures } = await renderPage(join(root, "docs"), BENCHMARKS);
  expect(readFileSync(path, "utf8")).toBe(text);
  for (const { file, svg } of pictures) expect(readFileSync(file, "utf8")).toBe(svg);
});
