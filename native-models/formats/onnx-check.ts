/**
 * Checks an ONNX model before onnxruntime opens it: it may contain only what formats/onnx.ts writes for a graph without branches, and
 * take external data only from one file in its folder, within that file's bounds. So no other location, sparse tensor or nested graph
 * reaches onnxruntime. Field numbers: onnx/onnx.proto.
 */
import { readVarint } from "./varint.ts";

/** The fields that we write, message by message; a field that contains a message names it. */
const MESSAGES = {
  model: { 1: null, 7: "graph", 8: "opset" },
  opset: { 1: null, 2: null },
  graph: { 1: "node", 2: null, 5: "tensor", 11: null, 12: null },
  node: { 1: null, 2: null, 3: null, 4: null, 5: "attribute", 7: null },
  attribute: { 1: null, 2: null, 3: null, 4: null, 8: null, 20: null },
  tensor: { 1: null, 2: null, 8: null, 9: null, 13: "entry", 14: null },
  entry: { 1: null, 2: null },
} as const satisfies Record<string, Record<number, string | null>>;
type MessageName = keyof typeof MESSAGES;

/** Bits of an element, by TensorProto.DataType. */
const BITS: Record<number, number> = { 1: 32, 2: 8, 3: 8, 6: 32, 7: 64, 9: 8, 10: 16, 21: 4, 22: 4 };

const OPERATOR_SETS = ["", "com.microsoft"];

export interface CheckOptions {
  /** The one file that may contain the data, and its length. */
  readonly file: string;
  readonly fileBytes: number;
  /** Called with the reason when the model is refused; throws. */
  readonly refuse: (reason: string) => never;
}

/** Refuses a model that violates the above. */
export function checkOnnx(model: Uint8Array, options: CheckOptions): void {
  new Checker(model, options).message("model", 0, model.length);
}

interface Tensor {
  name: string;
  type: number;
  dims: bigint[];
  rawBytes: number;
  isOutside: boolean;
  entries: Map<string, string>;
}

class Checker {
  readonly #bytes: Uint8Array;
  readonly #options: CheckOptions;
  #at = 0;
  #tensor: Tensor | null = null;
  #strings: string[] = [];

  constructor(bytes: Uint8Array, options: CheckOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  /** Messages are nested at most five deep, because none can contain itself. */
  message(name: MessageName, start: number, end: number): void {
    const fields = MESSAGES[name] as Record<number, MessageName | null>;
    if (name === "tensor")
      this.#tensor = { name: "", type: 0, dims: [], rawBytes: 0, isOutside: false, entries: new Map() };
    if (name === "entry" || name === "opset") this.#strings = [];
    this.#at = start;
    while (this.#at < end) {
      const key = Number(this.#varint(end));
      const [field, wire] = [Math.floor(key / 8), key % 8];
      if (!(field in fields)) this.#refuse(`a ${name} has a field ${field}, which Coppice never writes`);
      if (wire === 0) this.#number(name, field, this.#varint(end));
      else if (wire === 5) this.#skip(4, end);
      else if (wire === 2) {
        const length = Number(this.#varint(end));
        const from = this.#at;
        this.#skip(length, end);
        const inside = fields[field];
        if (inside) this.message(inside, from, from + length);
        else this.#content(name, field, from, length);
        this.#at = from + length;
      } else this.#refuse(`a ${name} has a field of wire type ${wire}`);
    }
    if (name === "tensor") this.#checkTensor(this.#tensor!);
    if (name === "entry") this.#tensor!.entries.set(this.#strings[0] ?? "", this.#strings[1] ?? "");
    if (name === "opset" && !OPERATOR_SETS.includes(this.#strings[0] ?? ""))
      this.#refuse(`it requires the operators "${this.#strings[0]}"`);
  }

  #number(name: MessageName, field: number, value: bigint): void {
    if (name !== "tensor") return;
    if (field === 1) this.#tensor!.dims.push(BigInt.asIntN(64, value));
    if (field === 2) this.#tensor!.type = Number(value);
    if (field === 14) this.#tensor!.isOutside = value === 1n;
  }

  #content(name: MessageName, field: number, from: number, length: number): void {
    const text = () => Buffer.from(this.#bytes.subarray(from, from + length)).toString("utf8");
    if (name === "entry" || (name === "opset" && field === 1)) this.#strings[field - 1] = text();
    if (name === "node" && field === 7 && !OPERATOR_SETS.includes(text()))
      this.#refuse(`a node uses the operators "${text()}"`);
    if (name !== "tensor") return;
    if (field === 8) this.#tensor!.name = text();
    else if (field === 9) this.#tensor!.rawBytes = length;
    else this.#refuse(`a tensor packs its field ${field}`);
  }

  #checkTensor({ name, type, dims, rawBytes, isOutside, entries }: Tensor): void {
    const wrong = (reason: string) => this.#refuse(`the tensor "${name}" ${reason}`);
    const bits = BITS[type] ?? wrong(`has elements of type ${type}`);
    if (dims.some((size) => size < 0n)) wrong("has a negative dimension");
    const bytes = (dims.reduce((product, size) => product * size, BigInt(bits)) + 7n) / 8n;
    if (!isOutside) {
      if (entries.size > 0) wrong("has its data twice");
      if (bytes !== BigInt(rawBytes)) wrong(`has ${rawBytes} bytes, but its shape needs ${bytes}`);
      return;
    }
    if (rawBytes > 0) wrong("has its data twice");
    const { file, fileBytes } = this.#options;
    for (const key of entries.keys())
      if (!["location", "offset", "length"].includes(key)) wrong(`has an entry "${key}"`);
    const location = entries.get("location");
    if (location !== file) wrong(`has its data in "${location ?? ""}", not in ${file}`);
    const [offset, length] = [whole(entries.get("offset")), whole(entries.get("length"))];
    if (offset === null || length === null) return wrong("lacks the offset or length of its data");
    if (length !== bytes) wrong(`has ${length} bytes, but its shape needs ${bytes}`);
    if (offset + length > BigInt(fileBytes)) wrong(`needs bytes up to ${offset + length} of ${fileBytes}`);
  }

  #varint(end: number): bigint {
    const value = readVarint(() => {
      if (this.#at >= end) this.#refuse("it ends in the middle of a number");
      return this.#bytes[this.#at++]!;
    });
    return value ?? this.#refuse("it has an unterminated number");
  }

  #skip(length: number, end: number): void {
    if (length > end - this.#at) this.#refuse("one of its parts is longer than the file");
    this.#at += length;
  }

  #refuse(reason: string): never {
    return this.#options.refuse(reason);
  }
}

function whole(text: string | undefined): bigint | null {
  return text !== undefined && /^\d{1,18}$/.test(text) ? BigInt(text) : null;
}
