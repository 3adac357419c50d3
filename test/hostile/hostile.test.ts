/**
 * Files that a person could be sent, through the doors by which they come: one reader process looks at all of them, one after another, and
 * must live to the end. Each takes under 5 s of the processor and 500 MB, and its failure names the cause.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sentence } from "../../preload/contract/words/sentence.ts";
import { writeTinyModel } from "../main/cli/tiny-model.ts";
import { numberOf } from "./case.ts";
import { HELD_ELSEWHERE, tables } from "./cases.ts";
import { startReader } from "./reader.ts";

/** 5 s of the processor, on a computer that gives it a quarter. */
const LONGEST_MS = 20_000;

const folder = mkdtempSync(join(tmpdir(), "coppice-hostile-"));
const reader = startReader();
const firstProcess = reader.engine.processId;
const most = { milliseconds: 0, memoryBytes: 0 };

afterAll(async () => {
  await reader.engine.stop();
  rmSync(folder, { recursive: true, force: true });
  console.log(`The most that one took: ${most.milliseconds} ms, ${Math.round(most.memoryBytes / 1e6)} MB`);
});

describe.each(tables)("$title", ({ door: usual, name: usualName, cases }) => {
  test.each(cases)("$title", async ({ door = usual, name = usualName, write, expected, check, ...more }) => {
    const own = mkdtempSync(join(folder, "case-"));
    const path = join(own, name);
    if (door === "inspect-with-model") mkdirSync(path);
    await write(path);
    const { failure, seen, milliseconds, memoryBytes } = await reader.outcome(door, path, more);
    rmSync(own, { recursive: true, force: true });

    if (expected === null) expect(failure).toBeNull();
    else if (expected !== "either") expect(failure).toMatchObject(expected);
    expect(["internal", "engine-stopped"]).not.toContain(failure?.code);
    if (failure) expect(sentence(failure)).not.toMatch(/unexpected/);
    check?.(path, seen);
    expect(reader.engine.processId).toBe(firstProcess);
    expect(milliseconds).toBeLessThan(LONGEST_MS);
    expect(memoryBytes).toBeLessThan(500e6);
    most.milliseconds = Math.max(most.milliseconds, milliseconds);
    most.memoryBytes = Math.max(most.memoryBytes, memoryBytes);
  });
});

test("the same reader then opens a valid model", async () => {
  const path = await writeTinyModel(join(folder, "good"));
  expect((await reader.outcome("inspect-model", path)).failure).toBeNull();
});

test("all 62 cases are covered, here or by the tests that are named", () => {
  const held = tables.flatMap(({ cases }) => cases.map(numberOf)).filter((number) => number !== null);
  const elsewhere = Object.entries(HELD_ELSEWHERE).flatMap(([file, numbers]) => {
    const source = readFileSync(join(import.meta.dirname, file), "utf8");
    return numbers.filter((number) => source.includes(`"${number} `)); // as the titles of cases begin
  });
  const all = [...new Set([...held, ...elsewhere])].sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 62 }, (_, i) => i + 1));
});
