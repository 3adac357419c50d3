/** The native decoder rounds weights of every stored type to the bits that JavaScript writes into a chat model's file. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StoredWeight } from "../../../native-models/formats/stored-weight.ts";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import { KERNELS, NativeDecoder } from "../../../native-models/inference/native.ts";
import { nativeFile } from "../../../native-models/runtime/native-file.ts";
import type { KernelName } from "../../../native-models/inference/native.ts";
import type { MatrixRegions, StepProgram } from "../../../native-models/inference/steps.ts";
import { WEIGHTS_FILE, WeightsFile } from "../../../native-models/inference/weights-file.ts";
import { Random } from "../../../native-models/random.ts";
import { STORAGE, storedBytes } from "../../../native-models/weights.ts";
import type { StorageType, Weight } from "../../../native-models/weights.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

/** Where the half-precision numbers of a block are. */
const HALVES: Partial<Record<StorageType, readonly number[]>> = {
  ...{ f16: [0], q8_0: [0], q4_0: [0], q4_1: [0, 2], q5_0: [0], q5_1: [0, 2], iq4_nl: [0], iq4_xs: [0] },
  ...{ q2_k: [80, 82], q3_k: [108], q4_k: [0, 2], q5_k: [0, 2], q6_k: [208] },
};

/** Arbitrary bytes, as far as they give finite numbers of either sign: of all sizes, the smallest denormals too. */
function arbitrary(storage: StorageType, rows: number, columns: number): Weight {
  const random = new Random(1, storage);
  const { block, bytes: blockBytes } = STORAGE[storage];
  const bytes = Uint8Array.from({ length: storedBytes(storage, rows, columns) }, () => random.integer(256));
  for (let at = 0; at < bytes.length; at += blockBytes)
    for (const half of HALVES[storage] ?? (block === 1 ? [blockBytes - 2] : []))
      bytes[at + half + 1]! &= 0xbf;
  const rowBytes = storedBytes(storage, 1, columns);
  return new StoredWeight(`${storage} ${rows}`, storage, [rows, columns], (first, count) =>
    bytes.subarray(first * rowBytes, (first + count) * rowBytes),
  );
}

/** Numbers whose roundings are special: no other but 0, of either sign; halves; ties of size; denormals. In a last block that is not whole. */
function special(): Weight {
  const [columns, denormal] = [40, 2 ** -149];
  const rows = [
    Array.from({ length: columns }, (_, i) => (i % 2 ? -0 : 0)),
    Array.from({ length: columns }, (_, i) => (i - 20) / 2),
    Array.from({ length: columns }, (_, i) => (i % 3 ? -8 : 8)),
    Array.from({ length: columns }, (_, i) => (i - 11) * denormal),
    Array.from({ length: columns }, (_, i) => (i % 2 ? -127 : 126.9)),
  ];
  return fromFloat32("special", [rows.length, columns], Float32Array.from(rows.flat()));
}

/** A program that gives a token's row of a matrix as its logits. */
function programOf(
  weights: readonly Weight[],
  kind: 8 | 4 | "planes",
): { program: StepProgram; file: WeightsFile } {
  const file = new WeightsFile(new Graph("cpu"));
  const columns = weights[0]!.columns;
  const rows = weights.reduce((sum, weight) => sum + weight.rows, 0);
  const name = weights.map((weight) => weight.name).join("+");
  if (kind === "planes") file.planes(weights);
  else file.quantised(weights, kind);
  const region = (part: string) => file.regionNamed(`${name}.${part}`);
  const sizes = { rows, columns, bits: kind === "planes" ? 4 : kind } as const;
  const matrices: MatrixRegions[] =
    kind === "planes"
      ? [
          { ...sizes, codes: region("high"), scales: region("scales") },
          { ...sizes, codes: region("low"), scales: 0 },
        ]
      : [{ ...sizes, codes: region("codes"), scales: region("scales") }];
  const none = { out: 0, x: 0, y: 0, z: 0, w: 0, n: 0, m: 0, k: 0, l: 0, f: 0 };
  const steps = [
    { ...none, operation: 1, z: matrices.length - 2 },
    { ...none, operation: 4, out: 2 ** 31, n: columns, f: 1 },
  ];
  const sized = {
    rowSize: columns,
    hiddenSize: columns,
    logitsSize: columns,
    weightsBytes: file.sizeBytes,
  };
  return { program: { steps, attentions: [], deltas: [], matrices, vectors: [], ...sized }, file };
}

/** The bits of all rows. */
function rowsOf(decoder: NativeDecoder | null, { matrices, logitsSize }: StepProgram): Uint32Array[] {
  return Array.from({ length: matrices[0]!.rows }, (_, row) => {
    const logits = new Float32Array(logitsSize);
    const text = { tokens: [row], position: 0, caches: [], rows: 0, angles: [], states: [] };
    decoder!.run([text], [0], logits);
    return new Uint32Array(logits.buffer);
  });
}

const kernelsHere = (program: StepProgram): KernelName[] =>
  KERNELS.filter((kernels) => {
    try {
      NativeDecoder.openModel("", program, { threads: 1, kernels })!.close();
      return true;
    } catch {
      return false;
    }
  });

describe.runIf(nativeFile() !== null)("weights in memory are those of the file:", () => {
  const types = Object.keys(STORAGE) as StorageType[];
  const known = types.filter((type) => type !== "f8_e5m2" && type !== "f8_e8m0"); // the first has infinities, the other beside bytes
  const given: [string, readonly Weight[]][] = [
    ...known.map((type): [string, Weight[]] => [type, [arbitrary(type, 21, 512), arbitrary(type, 12, 512)]]),
    ["special numbers", [special()]],
  ];
  test.each(given)("%s", async (_, weights) => {
    const folder = temporaryFolder();
    for (const kind of [8, 4, "planes"] as const) {
      const { program, file } = programOf(weights, kind);
      const path = join(folder, WEIGHTS_FILE);
      await writeFile(path, Buffer.concat([...file.content()]));
      const written = NativeDecoder.open(path, program, { threads: 1 });
      const expected = rowsOf(written, program);
      written!.close();
      for (const kernels of kernelsHere(program)) {
        const made = NativeDecoder.openModel("", program, { threads: 3, kernels });
        expect(rowsOf(made, program), `${kind} ${kernels}`).toEqual(expected);
        made!.close();
      }
    }
  });

  test("numbers that are not finite are refused", () => {
    const weight = fromFloat32("broken", [2, 32], new Float32Array(64).fill(1, 0, 63).fill(NaN, 63));
    const { program } = programOf([weight], 8);
    expect(() => NativeDecoder.openModel("model.gguf", program, { threads: 1 })).toThrow(
      expect.objectContaining({ failure: { code: "not-finite", path: "model.gguf", tensor: "broken" } }),
    );
  });
});
