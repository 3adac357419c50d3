/** onnxruntime reports its use unless that is disabled: it starts by creating a folder for its reports in the person's cache. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../main/temporary-folder.ts";

const source = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const graph = pathToFileURL(source("test/main/engines/tiny-graph.ts")).href;
const session = pathToFileURL(source("native-models/runtime/session.ts")).href;
const runtime = createRequire(import.meta.url).resolve("onnxruntime-node");

/** The contents of a person's folders after `open` has opened a session on the bytes `model`, as on a computer that tests nothing. */
function leftBehind(open: string): string[] {
  const folder = temporaryFolder();
  const environment = { ...process.env };
  delete environment["CI"];
  delete environment["ORT_DISABLE_TELEMETRY"];
  const script = `const { doublePlusOne } = await import("${graph}"); const model = doublePlusOne(); ${open}`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...environment, HOME: folder, XDG_CACHE_HOME: join(folder, ".cache") },
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}

test.runIf(process.platform === "linux")(
  "a session of ours leaves nothing behind, where one that is opened without us does",
  () => {
    const theirs = `const { default: ort } = await import("${pathToFileURL(runtime).href}"); await ort.InferenceSession.create(model);`;
    const ours = `const { openSession } = await import("${session}"); await openSession(model, { threads: 1 });`;
    expect(leftBehind(theirs).some((path) => /onnxruntime/.test(path))).toBe(true);
    expect(leftBehind(ours)).toEqual([]);
  },
);
