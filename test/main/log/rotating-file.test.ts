import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RotatingFile, rotatedNames } from "../../../main/log/rotating-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const rotation = { mostBytes: 1000, mostFiles: 3 };

function fileIn(folder: string): RotatingFile {
  const file = new RotatingFile(join(folder, "coppice.log"), rotation);
  onTestFinished(() => file.close());
  return file;
}

test("ten thousand lines leave at most three files of a thousand bytes, with the newest lines", () => {
  const folder = temporaryFolder();
  const file = fileIn(folder);
  for (let line = 1; line <= 10_000; line++) file.append(`line ${line}`);
  const names = readdirSync(folder).sort();
  expect(names).toEqual(["coppice.1.log", "coppice.2.log", "coppice.log"]);
  for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000);
  const lines = rotatedNames(join(folder, "coppice.log"), 3)
    .reverse()
    .flatMap((path) => readFileSync(path, "utf8").trim().split("\n"));
  expect(lines.at(-1)).toBe("line 10000");
  expect(lines).toEqual(lines.map((_, index) => `line ${10_000 - lines.length + 1 + index}`));
});

test("an existing file is appended to, and its size counts", () => {
  const folder = temporaryFolder();
  const first = fileIn(folder);
  first.append("a".repeat(900));
  first.close();
  const second = fileIn(folder);
  second.append("b".repeat(200));
  expect(readFileSync(join(folder, "coppice.log"), "utf8")).toBe(`${"b".repeat(200)}\n`);
  expect(readFileSync(join(folder, "coppice.1.log"), "utf8")).toBe(`${"a".repeat(900)}\n`);
});

test("if nothing can be written, lines are lost and nothing is thrown", () => {
  const file = new RotatingFile(join("/dev/null", "logs", "coppice.log"), rotation);
  expect(() => file.append("lost")).not.toThrow();
});
