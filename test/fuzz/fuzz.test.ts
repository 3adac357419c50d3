import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "./campaign.ts";
import { judge } from "./judge.ts";
import { kept } from "./kept.ts";
import { parserOf, parsers } from "./parsers.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("every generated and mutated file gives a value or a failure", () => {
  test.each(parsers)("$name, $shortCount of them", { timeout: 600_000 }, async ({ name, shortCount }) => {
    expect(await run({ parser: name, seed: 7, from: 0, count: shortCount })).toEqual([]);
  });
});

describe("inputs that fuzzing once found are still refused", () => {
  test.each(kept)("$parser: $title", async ({ parser, files, reason }) => {
    const { error, refused } = await judge(parserOf(parser), files(), folder);
    expect(error).toBeNull();
    expect(refused).toMatch(reason);
  });
});
