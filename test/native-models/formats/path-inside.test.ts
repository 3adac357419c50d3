import { posix, win32 } from "node:path";
import { expect, test } from "vitest";
import { pathInside } from "../../../native-models/formats/path-inside.ts";

test.each([
  ["/home/ada/model", "/home/ada/model", ""],
  ["/home/ada/model", "/home/ada/model/onnx/a.bin", "onnx/a.bin"],
  ["/home/ada/model", "/home/ada/model/..a", "..a"],
  ["/home/ada/model", "/home/ada/model-2", null],
  ["/home/ada/model", "/home/ada", null],
  ["/", "/home", "home"],
])("on Linux, from %s to %s", (folder, place, way) => {
  expect(pathInside(folder, place, posix)).toBe(way);
});

test.each([
  ["C:\\models\\a", "C:\\models\\a\\config.json", "config.json"],
  ["C:\\models\\a", "c:\\Models\\A", ""],
  ["C:\\Models\\A", "c:\\models\\a\\config.json", "config.json"],
  ["C:\\models\\a", "D:\\letters\\config.json", null],
  ["C:\\models\\a", "C:\\models\\b", null],
  ["D:\\", "D:\\models", "models"],
  ["\\\\server\\share\\a", "\\\\server\\share\\a\\b", "b"],
  ["\\\\server\\share\\a", "\\\\server\\other\\a", null],
])("on Windows, from %s to %s", (folder, place, way) => {
  expect(pathInside(folder, place, win32)).toBe(way);
});
