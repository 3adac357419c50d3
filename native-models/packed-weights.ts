/**
 * Weights whose codes GPTQ (arXiv 2210.17323) or AWQ (arXiv 2306.00978) packed into 32-bit integers: of each linear map `name` there
 * are `name`.qweight, qzeros and scales, transposed, and in GPTQ g_idx, the group of each input. A weight is
 * (code − zero) · scale. Source: AutoGPTQ's and AutoAWQ's pack functions; llama.cpp conversion/base.py.
 */
import type { JsonObject } from "./architectures/architecture.ts";
import { fail } from "./failure.ts";
import { StoredWeight } from "./formats/stored-weight.ts";
import type { Integers, TensorFile } from "./formats/tensor-file.ts";
import { tensorSection } from "./formats/tensor-file.ts";
import { shown } from "./shown.ts";
import type { Find } from "./stored-layout.ts";
import type { Weight } from "./weights.ts";

/** How a method packs codes of `bits` bits. */
interface Packing {
  readonly bits: number;
  /** Whether a word has the codes of several inputs; of several outputs otherwise. */
  readonly alongInputs: boolean;
  /** The place in a word, in codes, of each of the outputs that share one. */
  readonly places: readonly number[];
  /** What is added to stored zeros. */
  readonly zeroOffset: number;
  /** The inputs of a group, where no tensor has the group of each; null: all of them. */
  readonly groupSize: number | null;
}

/** AWQ's order, in which its kernels take codes out of a word. */
const AWQ_PLACES = [0, 4, 1, 5, 2, 6, 3, 7];

/** The packing that a quantization_config describes, or, if it is not supported, the method's name for a message. */
export function packingOf(method: "gptq" | "awq", config: JsonObject): Packing | string {
  const bits = Number(config.bits ?? config.w_bit ?? 4);
  const size = Number(config.group_size ?? config.q_group_size ?? 128);
  const groupSize = size === -1 ? null : size;
  if (groupSize !== null && !(Number.isInteger(groupSize) && groupSize > 0))
    return `${method.toUpperCase()} in groups of ${size}`;
  if (method === "awq") {
    const version = shown(config.version ?? "gemm").toLowerCase();
    if (version !== "gemm" || bits !== 4) return `AWQ (${version}, ${bits} bits)`;
    return { bits, alongInputs: false, places: AWQ_PLACES, zeroOffset: 0, groupSize };
  }
  const format = shown(config.checkpoint_format ?? "gptq");
  if (!["gptq", "gptq_v2"].includes(format) || ![2, 4, 8].includes(bits))
    return `GPTQ (${format}, ${bits} bits)`;
  const places = Array.from({ length: 32 / bits }, (_, place) => place);
  // the first version stored zeros less one
  return { bits, alongInputs: true, places, zeroOffset: format === "gptq" ? 1 : 0, groupSize };
}

/**
 * Finds the weights of a file whose linear maps are packed in this way; others are returned unchanged. Finding throws `corrupt-file` for
 * tensors that do not fit together.
 */
export function packedWeights(file: TensorFile, packing: Packing): Find {
  /** The codes of the weight that was read last: its rows are read in pieces, each of which needs all of its words. */
  let last: { readonly name: string; readonly codes: Codes } | null = null;
  return (name) => {
    const base = name.endsWith(".weight") ? name.slice(0, -".weight".length) : name;
    const words = file.integers.get(`${base}.qweight`);
    if (!words) return file.tensors.get(name);
    const packed = partsOf(file, base, words, packing);
    const { inputs, outputs } = packed;
    return new StoredWeight(name, "f32", [outputs, inputs], (first, count) => {
      if (last?.name !== name) last = { name, codes: codesOf(packed, packing, file.path) };
      const values = new Float32Array(count * inputs);
      const decode = packing.alongInputs ? decodeAlongInputs : decodeAlongOutputs;
      decode(last.codes, packed, packing, { first, count, values });
      return new Uint8Array(values.buffer);
    });
  };
}

/** The tensors of a packed weight, whose shapes fit together. */
interface Parts {
  readonly name: string;
  readonly words: Integers;
  readonly zeros: Integers;
  readonly scales: Weight;
  readonly groups: Integers | null;
  readonly inputs: number;
  readonly outputs: number;
}

function partsOf(file: TensorFile, name: string, words: Integers, packing: Packing): Parts {
  const { path } = file;
  const refuse = (reason: string): never =>
    fail({ code: "corrupt-file", path, section: tensorSection(`${name}.qweight`), reason });
  const zeros = file.integers.get(`${name}.qzeros`);
  const scales = file.tensors.get(`${name}.scales`);
  if (!zeros || !scales) return refuse("the file does not have its zeros and scales");
  const perWord = 32 / packing.bits;
  const [down = 0, across = 0] = words.shape;
  const [inputs, outputs] = packing.alongInputs ? [down * perWord, across] : [down, across * perWord];
  const groups = file.integers.get(`${name}.g_idx`) ?? null;
  const count = scales.shape[0] ?? 0;
  const fits =
    [words, scales, zeros].every(({ shape }) => shape.length === 2) &&
    scales.columns === outputs &&
    zeros.shape.join() === [count, outputs / perWord].join() &&
    (groups
      ? groups.shape.join() === String(inputs)
      : count === Math.ceil(inputs / (packing.groupSize ?? inputs)));
  if (!fits || inputs === 0 || outputs === 0) {
    const shapes = [words, zeros, scales, ...(groups ? [groups] : [])].map(
      ({ shape }) => `[${shape.join(", ")}]`,
    );
    return refuse(`its tensors ${shapes.join(", ")} do not fit together`);
  }
  return { name, words, zeros, scales, groups, inputs, outputs };
}

/** What a packed weight's values are made of. */
interface Codes {
  /** The packed codes, as in the file. */
  readonly words: Int32Array;
  /** [groups, outputs] each */
  readonly zeros: Int16Array;
  readonly scales: Float32Array;
  /** The group of each input. */
  readonly groups: Int32Array;
}

function codesOf(
  { name, words, zeros, scales, groups, inputs, outputs }: Parts,
  packing: Packing,
  path: string,
): Codes {
  const { bits, places, zeroOffset, groupSize } = packing;
  const [perWord, mask] = [32 / bits, 2 ** bits - 1];
  const stored = zeros.read();
  const unpacked = Int16Array.from({ length: scales.rows * outputs }, (_, index) => {
    const word = stored[Math.floor(index / perWord)]!; // a row is whole words
    return ((word >>> (bits * places[index % perWord]!)) & mask) + zeroOffset;
  });
  const size = groupSize ?? inputs;
  const groupOf =
    groups?.read() ?? Int32Array.from({ length: inputs }, (_, input) => Math.floor(input / size));
  const foreign = groupOf.find((group) => group < 0 || group >= scales.rows);
  if (foreign !== undefined) {
    const reason = `group ${foreign} is none of its ${scales.rows}`;
    fail({ code: "corrupt-file", path, section: tensorSection(`${name}.g_idx`), reason });
  }
  return { words: words.read(), zeros: unpacked, scales: scales.readFloat32(), groups: groupOf };
}

/** The outputs whose values are wanted, and where they go. */
interface Wanted {
  readonly first: number;
  readonly count: number;
  /** [count, inputs] */
  readonly values: Float32Array;
}

/** Decodes words that have the codes of several inputs of one output. */
function decodeAlongInputs(
  { words, zeros, scales, groups }: Codes,
  { inputs, outputs }: Parts,
  { bits }: Packing,
  { first, count, values }: Wanted,
): void {
  const [perWord, mask] = [32 / bits, 2 ** bits - 1];
  for (let input = 0, row = first; input < inputs; input += perWord, row += outputs) {
    for (let index = 0, at = input; index < count; index++, at += inputs) {
      let word = words[row + index]!;
      for (let place = 0; place < perWord; place++, word >>>= bits) {
        const group = groups[input + place]! * outputs + first + index;
        values[at + place] = scales[group]! * ((word & mask) - zeros[group]!);
      }
    }
  }
}

/** Decodes words that have the codes of several outputs for one input. */
function decodeAlongOutputs(
  { words, zeros, scales, groups }: Codes,
  { inputs, outputs }: Parts,
  { bits, places }: Packing,
  { first, count, values }: Wanted,
): void {
  const [perWord, mask] = [32 / bits, 2 ** bits - 1];
  const across = outputs / perWord;
  for (let output = first; output < first + count; output++) {
    const [column, shift] = [Math.floor(output / perWord), bits * places[output % perWord]!];
    const at = (output - first) * inputs;
    for (let input = 0, from = column; input < inputs; input++, from += across) {
      const group = groups[input]! * outputs + output;
      values[at + input] = scales[group]! * (((words[from]! >>> shift) & mask) - zeros[group]!);
    }
  }
}
