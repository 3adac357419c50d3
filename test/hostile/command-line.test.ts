/** The same files given to the command line: exit code 1, the cause on standard error, nothing on standard output. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { coppice } from "../main/cli/command.ts";
import { writeTinyModel } from "../main/cli/tiny-model.ts";
import { documentCases } from "./cases/documents.ts";
import { fileCases } from "./cases/files.ts";
import { ggufCases } from "./cases/gguf.ts";
import { parquetCases } from "./cases/parquet.ts";
import type { HostileCase } from "./case.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const named = (cases: readonly HostileCase[], title: RegExp) => cases.find((one) => title.test(one.title))!;

async function refused(args: readonly string[]): Promise<string> {
  const { code, output, errors } = await coppice(join(folder, "home"), args);
  expect({ code, output }).toEqual({ code: 1, output: "" });
  expect(errors).not.toMatch(/unexpected|^\s+at /m);
  return errors;
}

describe("coppice inspect refuses", () => {
  test.each([
    [named(ggufCases, /^5 /), "model.gguf", /18446744073709551615/],
    [named(fileCases, /a pipe as a model/), "model.gguf", /named pipe/],
  ])("$title", async ({ write }, name, cause) => {
    const path = join(mkdtempSync(join(folder, "case-")), name);
    await write(path);
    expect(await refused(["inspect", path])).toMatch(cause);
  });
});

describe("coppice trim refuses data:", () => {
  test.each([
    [named(documentCases, /unpacks to 300 MB/), "a.docx", /64 MiB/],
    [named(parquetCases, /200 MiB in 200 kB/), "a.parquet", /groups of rows are too large/],
  ])("$title", async ({ write }, name, cause) => {
    const own = mkdtempSync(join(folder, "case-"));
    await write(join(own, name));
    const model = await writeTinyModel(join(own, "model"));
    const args = [
      "trim",
      "--model",
      model,
      "--data",
      join(own, name),
      "--keep",
      "0.5",
      "--out",
      join(own, "out"),
    ];
    expect(await refused(args)).toMatch(cause);
  });
});
