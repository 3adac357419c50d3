import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeIn } from "../../../../main/home/home.ts";
import { chatCacheFolder } from "../../../../main/services/chat/chat-engine.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const home = homeIn("/home/coppice");

test("a model's folder may contain a link to nothing, as caches do whose other files were deleted", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "config.json"), "{}");
  const before = chatCacheFolder(home, folder, "int8");
  symlinkSync(join(folder, "gone"), join(folder, "pytorch_model.bin"));
  expect(chatCacheFolder(home, folder, "int8")).toBe(before);
  writeFileSync(join(folder, "config.json"), "{ }");
  expect(chatCacheFolder(home, folder, "int8")).not.toBe(before);
});

test("a model in several parts gets new chat weights when any of them has changed", () => {
  const folder = temporaryFolder();
  const [first, second] = [1, 2].map((part) => join(folder, `model-0000${part}-of-00002.gguf`)) as [
    string,
    string,
  ];
  for (const part of [first, second]) writeFileSync(part, "GGUF");
  const before = chatCacheFolder(home, first, "int8");
  writeFileSync(second, "GGUF, changed");
  expect(chatCacheFolder(home, first, "int8")).not.toBe(before);
});
