import { expect, test } from "vitest";
import { commandOf } from "../../main/started-for.ts";

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
