import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compile } from "../../build/compile.ts";
import { thisSystem } from "../../build/native.ts";
import { temporaryFolder } from "../main/temporary-folder.ts";

const native = fileURLToPath(new URL("../../native-models/kernels", import.meta.url));
const source = fileURLToPath(new URL("failing-part.cpp", import.meta.url));

test("an allocation that fails in a part of a task reaches the caller once all parts have ended, and the pool goes on", async () => {
  const program = join(temporaryFolder(), "failing-part.exe");
  const sources = [source, join(native, "pool.cpp")];
  const args = ["-std=c++17", "-I", native, ...sources, "-lpthread", "-o", program];
  await compile(thisSystem, "cpp", args, "The pool's test is compiled");
  const { status, stdout } = spawnSync(program, { encoding: "utf8" });
  expect(stdout.split(/\r?\n/)).toEqual(["bad_alloc 2", "bad_alloc 2", "nothing 3", "bad_alloc 2", ""]);
  expect(status).toBe(0);
});
