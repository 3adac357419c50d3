import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { commandOf, modelFileOf } from "../../main/started-for.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test.each([
  ["no argument", ["coppice"], null],
  ["a model file", ["coppice", "model.gguf"], null],
  ["Chromium's switches", ["coppice", "--ozone-platform=wayland", "--no-sandbox"], null],
  ["a word without the mark", ["coppice", "trim"], null],
  ["a command", ["coppice", "--no-sandbox", "--", "trim", "--model", "x"], ["trim", "--model", "x"]],
  ["a command with a mark of its own", ["coppice", "--", "generate", "--", "-x"], ["generate", "--", "-x"]],
  ["nothing after the mark", ["coppice", "--"], []],
  ["the repository, in development", ["electron", ".", "--", "--help"], ["--help"]],
])("it is started with %s", (_, argv, command) => {
  expect(commandOf(argv)).toEqual(command);
});

test("it is started with a model file, named as in the folder of the process that names it", () => {
  const folder = temporaryFolder();
  const model = join(folder, "my models", "Bärlauch 1.GGUF");
  mkdirSync(join(folder, "my models"));
  writeFileSync(model, "GGUF");
  const opened = (argument: string, from = folder) => modelFileOf(["coppice", "--x", argument], from);
  expect(opened("my models/Bärlauch 1.GGUF")).toBe(model);
  expect(opened("Bärlauch 1.GGUF", join(folder, "my models"))).toBe(model);
  expect(opened("Bärlauch 1.GGUF")).toBe(null);
  expect(opened(model, "/")).toBe(model);
  expect(opened(pathToFileURL(model).href, "/")).toBe(model);
  expect(opened("file:///%.gguf")).toBe(null);
  expect(opened("letter.txt")).toBe(null);
});
