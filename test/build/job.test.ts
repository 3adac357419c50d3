import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { root } from "../../build/root.ts";

function job(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["build/job.ts", ...words], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stderr, lines: stdout.split("\n").flatMap((line) => (line ? [JSON.parse(line)] : [])) };
}

describe("build/job.ts runs one job of an engine alone", () => {
  test("and prints its output", () => {
    const { status, lines } = job("reader", "inspect-model", '{"path":"native-models/sample/model"}');
    expect([status, lines]).toEqual([0, [{ output: expect.objectContaining({ modelType: "llama" }) }]]);
  });

  test("and prints its events first", () => {
    const data = ["native-models/sample/data/valid.jsonl"];
    const input = { data, valid: [], test: [], offDomain: [], model: null };
    const { status, lines } = job("reader", "inspect-data", JSON.stringify(input));
    expect(status).toBe(0);
    expect(lines.map((line: object) => Object.keys(line)[0])).toEqual(["event", "output"]);
  });

  test("prints a failure as data, and ends with exit code 1", () => {
    const { status, lines } = job("reader", "inspect-model", '{"path":"nowhere"}');
    expect([status, lines]).toEqual([1, [{ failure: expect.objectContaining({ code: "not-found" }) }]]);
  });

  test("lists all jobs if it knows none of that name", () => {
    const { status, stderr } = job("reader", "dance");
    expect([status, stderr]).toEqual([2, expect.stringContaining("\nreader inspect-model\n")]);
  });
});
