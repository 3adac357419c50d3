import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startResident } from "./resident.ts";

const SERVE = fileURLToPath(new URL("./serve.ts", import.meta.url));
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "coppice-serve-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const ADAPTER = `
export async function open({ start }: { start: number }) {
  let total = start;
  return {
    async add(by: number) { await new Promise((resolve) => setTimeout(resolve, 50)); return (total += by); },
    async crash() { throw new Error("no such weight"); },
  };
}`;

function serve() {
  const path = join(folder, "adapter.ts");
  writeFileSync(path, ADAPTER);
  return startResident(process.execPath, [SERVE, path, JSON.stringify({ start: 40 })]);
}

test("an adapter is opened with its options, called by name and timed", async () => {
  const side = await serve();
  const answer = await side.ask<{ ms: number; value: number }>({ call: "add", argument: 2 });
  expect(answer.value).toBe(42);
  expect(answer.ms).toBeGreaterThanOrEqual(45);
  await side.close();
});

test("an adapter that throws ends the comparison with its message", async () => {
  const side = await serve();
  await expect(side.ask({ call: "crash" })).rejects.toThrow("no such weight");
});
