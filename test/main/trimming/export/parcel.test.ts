import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fingerprintOf } from "../../../../main/home/parcel-seal.ts";
import { readParcel } from "../../../../main/trimming/export/parcel.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { Passport } from "../../../../preload/contract/results/passport.ts";
import { modelFolder, parcelBytes, passportIn } from "../../parcel.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

let folder: string;
let passport: Passport;
let whole: Buffer;
beforeAll(async () => {
  folder = modelFolder(mkdtempSync(join(tmpdir(), "coppice-")));
  passport = passportIn(folder);
  whole = await parcelBytes(folder, passport);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (bytes: Uint8Array) => {
  const path = join(temporaryFolder(), "Clauses.coppice");
  writeFileSync(path, bytes);
  return path;
};

/** What is wrong with these bytes; null if nothing is. */
async function problemOf(bytes: Uint8Array): Promise<string | null> {
  try {
    await readParcel(fileOf(bytes), null, () => {});
    return null;
  } catch (error) {
    const failure = failureOf(error);
    return failure.code === "bad-parcel" ? failure.problem : failure.code;
  }
}

test("a parcel gives its files and its passport back, and is smaller", async () => {
  const out = temporaryFolder();
  const read = await readParcel(fileOf(whole), out, () => {});
  expect(read.passport).toEqual(passport);
  expect(read.fingerprint).toMatch(/^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
  expect(readdirSync(out).sort()).toEqual(
    [...passport.files.map(({ name }) => name), "passport.json"].sort(),
  );
  for (const { name } of passport.files)
    expect(readFileSync(join(out, name)).equals(readFileSync(join(folder, name))), name).toBe(true);
  expect(whole.length).toBeLessThan(0.9 * passport.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
});

test("a fingerprint is always that of its key", () => {
  expect(fingerprintOf(new Uint8Array(32))).toBe(fingerprintOf(new Uint8Array(32)));
  expect(fingerprintOf(new Uint8Array(32))).not.toBe(fingerprintOf(new Uint8Array(32).fill(1)));
});

test("a changed byte is noticed wherever it is", async () => {
  const places = [
    0,
    9,
    40,
    whole.length - 1,
    ...Array.from({ length: 40 }, (_, i) => Math.floor((whole.length * i) / 40)),
  ];
  for (const place of places) {
    const changed = Buffer.from(whole);
    changed[place]! ^= 0x10;
    expect(await problemOf(changed), String(place)).toMatch(
      /^(other-file|truncated|damaged|signature|contents)$/,
    );
  }
});

test("a parcel without its end is incomplete, and bytes after it are refused", async () => {
  for (const share of [0.0001, 0.01, 0.5, 0.999]) {
    const problem = await problemOf(whole.subarray(0, Math.floor(whole.length * share)));
    expect(problem).toMatch(/^(other-file|truncated)$/);
  }
  expect(await problemOf(whole.subarray(0, -1))).toBe("truncated");
  expect(await problemOf(Buffer.concat([whole, Buffer.from("x")]))).toBe("contents");
});

test.each(["", "PK\x03\x04", "GGUF", "coppice2 and more"])("%j is another file", async (text) => {
  expect(await problemOf(Buffer.from(text))).toBe("other-file");
});

test("a passport that was changed after it was signed is refused", async () => {
  const at = whole.indexOf('"count":78');
  const better = Buffer.from(whole);
  better.write('"count":99', at);
  expect(await problemOf(better)).toBe("signature");
});

test("a passport of another form may be from a newer Coppice", async () => {
  expect(await problemOf(await parcelBytes(folder, { from: "the future" }, { ...passport, files: [] }))).toBe(
    "newer",
  );
});

describe("a signed passport is refused with", () => {
  const config = () => passport.files.find(({ name }) => name === "config.json")!;
  const without = (name: string) => passport.files.filter((file) => file.name !== name);

  test.each([
    "../config.json",
    "/etc/passwd",
    "C:\\config.json",
    "onnx/graph.onnx",
    "run.js",
    "config.json\0",
    "passport.json",
  ])("a file named %j", async (name) => {
    const files = [...passport.files, { ...config(), name }];
    expect(await problemOf(await parcelBytes(folder, { ...passport, files }, passport))).toBe("contents");
  });

  test("a file twice", async () => {
    const twice = { ...passport, files: [...passport.files, config()] };
    expect(await problemOf(await parcelBytes(folder, twice))).toBe("contents");
  });

  test.each(["config.json", "model.safetensors", "tokenizer.json", "README.md"])("no %s", async (name) => {
    expect(await problemOf(await parcelBytes(folder, { ...passport, files: without(name) }))).toBe(
      "contents",
    );
  });

  test("a file that unpacks to far more than it has", async () => {
    const bomb = modelFolder();
    writeFileSync(join(bomb, "README.md"), Buffer.alloc(2 ** 22));
    expect(await problemOf(await parcelBytes(bomb, passportIn(bomb)))).toBe("damaged");
    const large = { ...config(), sizeBytes: 2 ** 40 };
    const files = [large, ...without("config.json")];
    expect(await problemOf(await parcelBytes(folder, { ...passport, files }, passport))).toBe("damaged");
  });

  test("another hash or size than the file has", async () => {
    const other = { ...passport, files: passport.files.map((file) => ({ ...file, sha256: "0".repeat(64) })) };
    expect(await problemOf(await parcelBytes(folder, other))).toBe("damaged");
    const shorter = { ...passport, files: [{ ...config(), sizeBytes: 10 }, ...without("config.json")] };
    expect(await problemOf(await parcelBytes(folder, shorter, passport))).toBe("damaged");
  });
});
