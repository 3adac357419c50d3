/**
 * Cases 36 and 38 to 45: a chat model's folder that a stranger made, and the index of a sharded model. Nothing outside of the folder is
 * read: the file that each points at holds a secret that no answer and no message may show, and whose access time must stay.
 */
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatFolderOf } from "../../main/trimming/chat/chat-model.ts";
import { AppError } from "../../native-models/failure.ts";
import { checkOnnx } from "../../native-models/formats/onnx-check.ts";
import { encodeOnnx } from "../../native-models/formats/onnx.ts";
import type { OnnxModel } from "../../native-models/formats/onnx.ts";
import { Decoder } from "../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../native-models/inference/write-model.ts";
import { openModel } from "../../native-models/open-model.ts";
import { writeTinyModel } from "../main/cli/tiny-model.ts";
import { varint } from "../main/documents/parquet/thrift-bytes.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-onnx-"));
const secret = join(folder, "secret");
let model: string;
let good: string;

beforeAll(async () => {
  model = await writeTinyModel(join(folder, "model"));
  good = join(folder, "good");
  const opened = await openModel(model);
  await writeInferenceModel(opened, good);
  opened.close();
  writeFileSync(secret, readFileSync(join(good, "weights.bin")));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the good folder after `change`, which the description is then made to fit. */
function tampered(change: (at: string) => void): string {
  const copy = mkdtempSync(join(folder, "tampered-"));
  cpSync(good, copy, { recursive: true });
  change(copy);
  const path = join(copy, "coppice.json");
  const size = (name: string) => statSync(join(copy, name), { throwIfNoEntry: false })?.size ?? 0;
  const description = JSON.parse(readFileSync(path, "utf8")) as { sizeBytes: number };
  description.sizeBytes = size("graph.onnx") + size("weights.bin");
  writeFileSync(path, JSON.stringify(description));
  return copy;
}

/** Replaces every name of the weights' file in a graph; both have the same length, as the fields around them say. */
function pointAt(copy: string, location: string): void {
  const path = join(copy, "graph.onnx");
  const graph = readFileSync(path).toString("latin1");
  const name = "weights.bin";
  expect(location).toHaveLength(name.length);
  writeFileSync(path, Buffer.from(graph.replaceAll(name, location), "latin1"));
}

const replaceWeights = (by: (path: string) => void) => (copy: string) => {
  const path = join(copy, "weights.bin");
  rmSync(path);
  by(path);
};

const cases: readonly (readonly [string, (copy: string) => void, RegExp])[] = [
  ["38 a location above the folder", (copy) => pointAt(copy, "../secret.x"), /not in weights\.bin/],
  ["39 an absolute location", (copy) => pointAt(copy, "/etc/passwd"), /not in weights\.bin/],
  ["39 a location on another computer", (copy) => pointAt(copy, "\\\\a\\bc\\defg"), /not in weights\.bin/],
  ["39 another file in the folder", (copy) => pointAt(copy, "weights.bim"), /not in weights\.bin/],
  ["40 weights that are a symbolic link", replaceWeights((path) => symlinkSync(secret, path)), /link/],
  ["41 weights that are a hard link", replaceWeights((path) => linkSync(secret, path)), /link/],
  ["weights that are a folder", replaceWeights((path) => mkdirSync(path)), /no file/],
  [
    "40 a graph that is a symbolic link",
    (copy) => {
      rmSync(join(copy, "graph.onnx"));
      symlinkSync(join(good, "graph.onnx"), join(copy, "graph.onnx"));
    },
    /link/,
  ],
  [
    "43 weights that are shorter than the graph says",
    (copy) => writeFileSync(join(copy, "weights.bin"), readFileSync(join(good, "weights.bin")).subarray(64)),
    /needs bytes up to/,
  ],
];

test.each(cases)("%s reads no byte from outside, and says why", async (_title, change, reason) => {
  const copy = tampered(change);
  const long = new Date(2001, 1, 1);
  utimesSync(secret, long, long);
  const failure = await Decoder.open(copy, { threads: 1 }).then(
    () => expect.fail("It was opened"),
    (error: unknown) => (error as AppError).failure,
  );
  expect(failure).toMatchObject({ code: "corrupt-file", reason: expect.stringMatching(reason) });
  expect(statSync(secret).atimeMs).toBe(long.getTime());
});

test("a model that contains such a folder answers with a chat model made from its weights", async () => {
  const tricked = join(folder, "tricked");
  cpSync(model, tricked, { recursive: true });
  cpSync(
    tampered((copy) => pointAt(copy, "../secret.x")),
    join(tricked, "onnx"),
    { recursive: true },
  );
  const opened = await openModel(tricked);
  const cache = join(folder, "cache");
  const used = await chatFolderOf(opened, cache, undefined);
  opened.close();
  expect(used.startsWith(cache)).toBe(true);
  const decoder = await Decoder.open(used, { threads: 1 });
  await decoder.close();
});

describe("a graph is refused for its contents", () => {
  const plain: OnnxModel = {
    name: "model",
    nodes: [{ op: "Add", domain: "", inputs: ["x", "w"], outputs: ["y"], attributes: {} }],
    initializers: [
      {
        name: "w",
        type: "float32",
        shape: [2, 3],
        data: { file: "weights.bin", offset: 64, byteLength: 24 },
      },
    ],
    inputs: [{ name: "x", type: "float32", shape: ["rows", 3] }],
    outputs: [{ name: "y", type: "float32", shape: ["rows", 3] }],
    opset: 21,
  };
  const refusalOf = (bytes: Uint8Array): string | null => {
    try {
      checkOnnx(bytes, {
        file: "weights.bin",
        fileBytes: 128,
        refuse: (reason) => {
          throw new AppError({ code: "corrupt-file", path: "graph.onnx", section: "graph", reason });
        },
      });
      return null;
    } catch (error) {
      return error instanceof AppError
        ? (error.failure as { reason: string }).reason
        : `threw ${String(error)}`;
    }
  };
  const withWeight = (change: object) =>
    encodeOnnx({ ...plain, initializers: [{ ...plain.initializers[0]!, ...change }] });
  const at = (offset: number, byteLength = 24) =>
    withWeight({ data: { file: "weights.bin", offset, byteLength } });

  test("one of ours is accepted", () => expect(refusalOf(encodeOnnx(plain))).toBeNull());

  test.each([
    ["43 a negative offset", at(-64), /offset/],
    ["43 an offset past the end", at(112), /up to 136 of 128/],
    ["43 an offset without end", at(1e21), /offset/],
    ["43 a length that is not the shape's", at(0, 20), /20 bytes, but its shape needs 24/],
    ["44 huge dimensions", withWeight({ shape: [2 ** 40, 2 ** 40] }), /its shape/],
    ["44 a negative dimension", withWeight({ shape: [-2, -3] }), /negative/],
    [
      "44 dimensions of embedded data",
      withWeight({ shape: [2 ** 40], data: new Uint8Array(24) }),
      /its shape/,
    ],
    [
      "operators of somebody else's",
      encodeOnnx({ ...plain, nodes: [{ ...plain.nodes[0]!, domain: "evil.example" }] }),
      /operators "evil\.example"/,
    ],
  ])("%s", (_title, bytes, reason) => expect(refusalOf(bytes)).toMatch(reason));

  /** A field with bytes in it, as protobuf writes it. */
  const field = (number: number, content: Uint8Array) =>
    Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
  const empty = new Uint8Array(0);
  const deep = (depth: number) => {
    let graph: Uint8Array = empty;
    for (let i = 0; i < depth; i++) graph = field(1, field(5, field(6, graph)));
    return field(7, graph);
  };

  test.each([
    ["42 a sparse tensor of the graph", field(7, field(15, empty)), /graph has a field 15/],
    [
      "42 a sparse tensor of a node",
      field(7, field(1, field(5, field(22, empty)))),
      /attribute has a field 22/,
    ],
    ["a tensor of a node", field(7, field(1, field(5, field(5, empty)))), /attribute has a field 5/],
    ["45 a graph inside of a graph", deep(1), /attribute has a field 6/],
    ["45 graphs nested 5,000 deep", deep(5000), /attribute has a field 6/],
    ["a function", field(25, empty), /model has a field 25/],
    ["what is for training", field(20, empty), /model has a field 20/],
    ["a part that is longer than the whole", Uint8Array.from([0x3a, 0x7f]), /longer than the file/],
    ["a number without end", new Uint8Array(20).fill(0xff), /unterminated/],
    ["a number that is cut", Uint8Array.from([0x08, 0x80]), /in the middle/],
    ["a group", Uint8Array.from([0x0b]), /wire type|field/],
  ])("%s", (_title, bytes, reason) => expect(refusalOf(bytes)).toMatch(reason));

  test("cut or changed at any byte, a graph is refused or reads only its own file", () => {
    const whole = encodeOnnx(plain);
    for (let length = 0; length < whole.length; length++)
      expect(refusalOf(whole.subarray(0, length)) ?? "").not.toMatch(/^threw/);
    for (let place = 0; place < whole.length; place++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const changed = Uint8Array.from(whole);
        changed[place]! ^= bit;
        expect(refusalOf(changed) ?? "").not.toMatch(/^threw/);
      }
    }
  });
});

test.each(["../x.safetensors", "/etc/passwd", "a/../../x.safetensors", "\\\\server\\x.safetensors", "C:\\x"])(
  "36 a shard at %s is not looked for",
  async (shard) => {
    const at = mkdtempSync(join(folder, "sharded-"));
    cpSync(model, at, { recursive: true });
    rmSync(join(at, "model.safetensors"));
    const index = { weight_map: { "model.embed_tokens.weight": shard } };
    writeFileSync(join(at, "model.safetensors.index.json"), JSON.stringify(index));
    await expect(openModel(at)).rejects.toMatchObject({ failure: { code: "corrupt-file" } });
  },
);
