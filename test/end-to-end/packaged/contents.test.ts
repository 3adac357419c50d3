/** What the packaged application brings with it. Runs with `--binary` alone. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { nativeName } from "../../../native-models/runtime/native-file.ts";

const resources = join(dirname(process.env["COPPICE_TEST_BINARY"]!), "resources");
const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** The native decoder, which a machine without a compiler leaves out. */
const decoder = nativeName(process.platform, process.arch);

test("its native code is only for this system", () => {
  const native = readdirSync(resources, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(node|dll|dylib|so(\.\d+)*)$/.test(name))
    .sort();
  const runtime = `app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}`;
  expect(native.filter((name) => !name.startsWith(runtime))).toEqual([
    "app.asar.unpacked/out/main/better_sqlite3.node",
    ...(existsSync(join(repository, ".cache/native", decoder)) ? [`native/${decoder}`] : []),
  ]);
  expect(native).toContain(`${runtime}/onnxruntime_binding.node`);
});

test.each([
  ["LICENSE", "LICENSE"],
  ["sample/model/model.safetensors", "native-models/sample/model/model.safetensors"],
  ["sample/data/train.jsonl", "native-models/sample/data/train.jsonl"],
])("its %s is the repository's", (packaged, source) => {
  expect(readFileSync(join(resources, packaged)).equals(readFileSync(join(repository, source)))).toBe(true);
});

test("no other archive comes before the application's own", () => {
  expect(existsSync(join(resources, "app.asar"))).toBe(true);
  expect(existsSync(join(resources, "app"))).toBe(false);
});
