import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../native-models/failure.ts";
import { openSafetensors } from "../../../native-models/formats/safetensors/read.ts";
import {
  writeSafetensors,
  writeSafetensorsFolder,
} from "../../../native-models/formats/safetensors/write.ts";
import { encoded, fromFloat32, renamed } from "../../../native-models/formats/views.ts";
import type { Weight } from "../../../native-models/weights.ts";
import { failureIn, goldenPath, temporaryFolder, written } from "./fixtures.ts";
import { observedDisk } from "./observed-disk.ts";
import { safetensors } from "./safetensors-bytes.ts";

const folder = temporaryFolder();
let folders = 0;
const newFolder = () => {
  const path = join(folder, String(folders++));
  mkdirSync(path);
  return path;
};

const matrix = (name: string, rows: number, columns: number, start = 0) =>
  fromFloat32(
    name,
    [rows, columns],
    Float32Array.from({ length: rows * columns }, (_, i) => start + i / 8),
  );

const weights: Weight[] = [
  encoded(fromFloat32("half", [3], Float32Array.of(1.5, -2.25, 65504)), "f16"),
  matrix("matrix", 4, 6),
  encoded(matrix("brain", 2, 5), "bf16"),
  fromFloat32("scalar", [], Float32Array.of(7)),
  fromFloat32("empty", [0, 4], new Float32Array(0)),
  fromFloat32("cube", [2, 2, 2], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
];

function expectSame(path: string, expected: Weight[]): void {
  const file = openSafetensors(path);
  expect([...file.tensors.keys()].sort()).toEqual(expected.map(({ name }) => name).sort());
  for (const weight of expected) {
    const back = file.tensors.get(weight.name)!;
    expect([back.storage, back.shape]).toEqual([weight.storage, weight.shape]);
    expect(back.readFloat32()).toEqual(weight.readFloat32());
  }
  file.close();
}

const failureOfWriting = (writing: Promise<unknown>) =>
  writing.then(
    () => undefined,
    (error: unknown) => failureOf(error),
  );

describe("a file of the reference writer", () => {
  test("gives metadata, shapes and values", () => {
    const file = openSafetensors(goldenPath("reference.safetensors"));
    expect([...file.metadata]).toEqual(
      expect.arrayContaining([
        ["format", "pt"],
        ["made by", "the reference"],
      ]),
    );
    expect(file.tensors.get("matrix")!.shape).toEqual([2, 3]);
    expect([...file.tensors.get("matrix")!.readFloat32()]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25]);
    expect([...file.tensors.get("half")!.readFloat32()]).toEqual([1.5, -2.25, 65504]);
    expect([...file.tensors.get("scalar")!.readFloat32()]).toEqual([7]);
    expect(file.tensors.get("empty")!).toMatchObject({ shape: [0, 4], rows: 0, columns: 4 });
    expect(file.tensors.get("empty")!.readFloat32()).toHaveLength(0);
    file.close();
  });

  test("opens even if one tensor has integers, and says so when that one is read", () => {
    const path = goldenPath("reference.safetensors");
    const file = openSafetensors(path);
    expect([...file.unsupported]).toEqual([["position_ids", "I64"]]);
    expect(failureIn(() => file.tensors.get("position_ids")!.readFloat32())).toEqual({
      code: "unsupported-tensor-type",
      path,
      tensor: "position_ids",
      type: "I64",
      supported: ["F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F8_E8M0"],
    });
    file.close();
  });
});

describe("what the format allows", () => {
  test("spaces after the header, unknown fields, escapes, and names like JavaScript's own properties", () => {
    const header =
      '{ "__proto__" : {"dtype":"F32","shape":[1],"data_offsets":[0,4],"note":{"a":[1.5e3,null,true,"x"]}},' +
      '"constr\\u0075ctor":{"data_offsets":[4,8],"dtype":"F32","shape":[]}}   ';
    const file = openSafetensors(written(join(folder, "allowed"), safetensors(header, 8)));
    expect([...file.tensors.keys()]).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    file.close();
  });

  test("no tensors, and an unknown dtype", () => {
    openSafetensors(written(join(folder, "none"), safetensors({}, 0))).close();
    const entry = { dtype: "F2", shape: [8], data_offsets: [0, 2] };
    const file = openSafetensors(written(join(folder, "newer"), safetensors({ w: entry }, 2)));
    expect([...file.unsupported]).toEqual([["w", "F2"]]);
    file.close();
  });
});

describe("writeSafetensors", () => {
  test("reads back as it was written", async () => {
    const path = join(newFolder(), "model.safetensors");
    await writeSafetensors(path, weights);
    expectSame(path, weights);
    const file = openSafetensors(path);
    expect([...file.metadata]).toEqual([["format", "pt"]]);
    file.close();
  });

  test("aligns every tensor to its elements, whatever their order", async () => {
    const path = join(newFolder(), "model.safetensors");
    await writeSafetensors(path, weights);
    const bytes = readFileSync(path);
    const headerBytes = Number(bytes.readBigUInt64LE());
    expect(headerBytes % 8).toBe(0);
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerBytes)) as Record<
      string,
      { data_offsets: number[] }
    >;
    for (const { name, storage } of weights) {
      expect(header[name]!.data_offsets[0]! % (storage === "f32" ? 4 : 2), name).toBe(0);
    }
    expect(header["__metadata__"]).toEqual({ format: "pt" });
  });

  test("keeps names that JavaScript objects treat specially", async () => {
    const path = join(newFolder(), "model.safetensors");
    const odd = ["__proto__", "10", "9", 'quo"te', "é"].map((name) => renamed(matrix("m", 1, 2), name));
    await writeSafetensors(path, odd);
    expectSame(path, odd);
  });

  test("reads a weight in pieces, never all of it", async () => {
    const path = join(newFolder(), "model.safetensors");
    const [rows, columns] = [40, 2 ** 20]; // 4 MiB a row
    const largest = { rows: 0 };
    const large: Weight = {
      name: "large",
      storage: "f32",
      shape: [rows, columns],
      rows,
      columns,
      read: (first, count) => {
        largest.rows = Math.max(largest.rows, count);
        return new Uint8Array(4 * columns * count).fill(first);
      },
      readFloat32: () => new Float32Array(0),
    };
    await writeSafetensors(path, [large]);
    expect(largest.rows).toBe(4);
    const file = openSafetensors(path);
    expect(file.tensors.get("large")!.read(37, 1)[0]).toBe(36);
    file.close();
  });

  test("keeps the old file when a weight cannot be read or the disk is full", async () => {
    const path = join(newFolder(), "model.safetensors");
    await writeSafetensors(path, weights);
    const broken = encoded(fromFloat32("nan", [1, 32], new Float32Array(32).fill(NaN)), "q8_0");
    const unreadable = encoded(broken, "f32");
    expect(await failureOfWriting(writeSafetensors(path, [unreadable]))).toMatchObject({
      code: "not-finite",
    });
    const disk = observedDisk((call, index) => {
      if (call === "write" && index === 3) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    });
    expect(await failureOfWriting(writeSafetensors(path, weights, { disk }))).toEqual({
      code: "disk-full",
      path,
      neededBytes: expect.any(Number),
    });
    expectSame(path, weights);
    expect(readdirSync(join(path, ".."))).toEqual(["model.safetensors"]);
  });

  test("refuses block types, which the format lacks, and duplicate names", async () => {
    const path = join(newFolder(), "model.safetensors");
    const blocks = encoded(matrix("q", 1, 32), "q4_0");
    expect(await failureOfWriting(writeSafetensors(path, [blocks]))).toMatchObject({
      code: "unsupported-tensor-type",
      tensor: "q",
      type: "q4_0",
    });
    await expect(writeSafetensors(path, [matrix("m", 1, 1), matrix("m", 1, 1)])).rejects.toThrow(
      "two tensors",
    );
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });
});

describe("a folder of shards", () => {
  test("reads back as it was written, each shard within its size limit", async () => {
    const path = newFolder();
    const names = await writeSafetensorsFolder(path, weights, { shardBytes: 100 });
    expect(names).toEqual([
      "model-00001-of-00003.safetensors",
      "model-00002-of-00003.safetensors",
      "model-00003-of-00003.safetensors",
      "model.safetensors.index.json",
    ]);
    expect(readdirSync(path).sort()).toEqual(names);
    expectSame(path, weights);
    const index = JSON.parse(readFileSync(join(path, names[3]!), "utf8")) as {
      metadata: unknown;
      weight_map: object;
    };
    expect(index.metadata).toEqual({ total_size: 6 + 96 + 20 + 4 + 0 + 32 });
    expect(Object.keys(index.weight_map)).toEqual(weights.map(({ name }) => name));
  });

  test("is one file if everything fits", async () => {
    const path = newFolder();
    expect(await writeSafetensorsFolder(path, weights)).toEqual(["model.safetensors"]);
    expectSame(path, weights);
  });

  test("replaces the previous model, whatever its files were", async () => {
    const path = newFolder();
    const other = [matrix("matrix", 4, 6, 100), matrix("more", 4, 6, 200)];
    for (const [next, shardBytes] of [
      [weights, 60],
      [other, 100],
      [weights, 1e9],
      [other, 100],
    ] as const) {
      const names = await writeSafetensorsFolder(path, next, { shardBytes });
      expect(readdirSync(path).sort()).toEqual([...names].sort());
      expectSame(path, next);
    }
  });

  test("interrupted at any call, is the old model, no model or the new one, never a mixture", async () => {
    const other = [matrix("matrix", 4, 6, 100), matrix("more", 4, 6, 200)];
    const seen = { old: 0, none: 0, new: 0 };
    for (let stopAt = 0; ; stopAt++) {
      const path = newFolder();
      await writeSafetensorsFolder(path, [matrix("matrix", 4, 6), matrix("more", 4, 6)], { shardBytes: 100 });
      let stopped = false;
      const disk = observedDisk((_call, index) => {
        stopped ||= index === stopAt;
        if (stopped) throw Object.assign(new Error("stopped"), { code: "EIO" });
      });
      const failure = await failureOfWriting(writeSafetensorsFolder(path, other, { shardBytes: 100, disk }));
      const missing = failureIn(() => openSafetensors(path).close());
      if (missing) {
        expect(missing.code).toBe("not-found");
        seen.none++;
      } else {
        const file = openSafetensors(path);
        const first = ["matrix", "more"].map((name) => file.tensors.get(name)!.readFloat32()[0]);
        expect([
          [0, 0],
          [100, 200],
        ]).toContainEqual(first);
        seen[first[0] === 0 ? "old" : "new"]++;
        file.close();
      }
      if (!failure) break;
    }
    expect(seen.old).toBeGreaterThan(10);
    expect(seen.none).toBeGreaterThan(0);
    expect(seen.new).toBeGreaterThan(0);
  });

  const index = (path: string, weightMap: Record<string, string>) =>
    writeFileSync(join(path, "model.safetensors.index.json"), JSON.stringify({ weight_map: weightMap }));

  test("says which shard is missing, and which tensor is not in its shard", async () => {
    const path = newFolder();
    index(path, { w: "model-00001-of-00001.safetensors" });
    const shard = join(path, "model-00001-of-00001.safetensors");
    expect(failureIn(() => openSafetensors(path))).toMatchObject({ code: "not-found", path: shard });
    await writeSafetensors(shard, [matrix("v", 1, 1)]);
    expect(failureIn(() => openSafetensors(path))).toMatchObject({
      code: "corrupt-file",
      section: "weight_map",
      reason: expect.stringContaining('tensor "w"') as string,
    });
  });

  test.each([
    "../x.safetensors",
    "/x.safetensors",
    "sub/x.safetensors",
    "..\\x.safetensors",
    "C:x.safetensors",
    "x\0.safetensors",
    "..safetensors",
    "x.bin",
    "",
  ])("36 does not follow its index to %j", (shard) => {
    const path = newFolder();
    index(path, { w: shard });
    expect(failureIn(() => openSafetensors(path))).toMatchObject({
      code: "corrupt-file",
      section: "weight_map",
    });
  });

  test("36 refuses an invalid index", () => {
    const path = newFolder();
    for (const [text, section] of [
      ["{}", "weight_map"],
      ["[]", "index"],
      ['{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}', "index"],
      ['{"weight_map":{"a":1}}', "index"],
      ['{"metadata":' + "[".repeat(100_000), "index"],
      ["", "index"],
    ] as const) {
      writeFileSync(join(path, "model.safetensors.index.json"), text);
      expect(
        failureIn(() => openSafetensors(path)),
        text.slice(0, 40),
      ).toMatchObject({ code: "corrupt-file", section });
    }
    expect(failureIn(() => openSafetensors(newFolder()))).toMatchObject({ code: "not-found" });
  });
});

/** A Python with the safetensors package, where the comparison is wanted. */
const python = process.env.COPPICE_PYTHON ?? "";

test.skipIf(!existsSync(python))(
  "the safetensors package reads what we write (needs COPPICE_PYTHON)",
  async () => {
    const path = join(newFolder(), "model.safetensors");
    const numeric = weights.filter(({ storage }) => storage !== "bf16");
    await writeSafetensors(path, numeric);
    const script = `
import json, sys
from safetensors.numpy import load_file
print(json.dumps({name: [list(value.shape), value.astype("float64").ravel().tolist()] for name, value in load_file(sys.argv[1]).items()}))`;
    const read = JSON.parse(execFileSync(python, ["-c", script, path], { encoding: "utf8" })) as Record<
      string,
      unknown
    >;
    expect(read).toEqual(
      Object.fromEntries(numeric.map((weight) => [weight.name, [weight.shape, [...weight.readFloat32()]]])),
    );
  },
);
