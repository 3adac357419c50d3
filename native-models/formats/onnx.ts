/**
 * Writes ONNX models: the few protobuf messages that a graph needs. Source: onnx/onnx.proto (IR version 10); each message below
 * lists its field numbers.
 */
import { varint } from "./varint.ts";

export type ElementType =
  "float32" | "float64" | "float16" | "uint8" | "int8" | "int32" | "int64" | "bool" | "uint4" | "int4";

/** TensorProto.DataType. */
const DATA_TYPE: Record<ElementType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint4: 21,
  int4: 22,
};

/** A known dimension, or a symbolic one, which equals only itself. */
export type Dimension = number | string;

/** An attribute: an integer, `{ float }`, a string, a list of integers, or a branch of an `If` or the body of a `Scan`. */
export type Attribute = number | string | { float: number } | readonly number[] | OnnxBranch;

/** Operators that run conditionally, or on each slice of inputs, with access to the surrounding tensors. */
export interface OnnxBranch {
  readonly nodes: readonly OnnxNode[];
  /** None in a branch of an `If`. */
  readonly inputs?: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly op: string;
  /** "" is the standard domain. */
  readonly domain: string;
  /** Names; "" leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** The location of an initialiser's bytes: in the model, or in another file in its folder. */
export type OnnxData = Uint8Array | { file: string; offset: number; byteLength: number };

export interface OnnxInitializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: OnnxData;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** null: any shape. */
  readonly shape: readonly Dimension[] | null;
}

export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Operator set of the standard domain. */
  readonly opset: number;
}

const text = new TextEncoder();

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

const integer = (field: number, value: number | bigint) => concat([varint(field << 3), varint(value)]);

function message(field: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? text.encode(content) : content;
  return concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([varint((field << 3) | 5), bytes]);
}

/** AttributeProto: name 1, f 2, i 3, s 4, g 6, ints 8, type 20. */
function attributeProto(name: string, value: Attribute): Uint8Array {
  if (typeof value === "string") return concat([message(1, name), message(4, value), integer(20, 3)]);
  if (typeof value === "number") return concat([message(1, name), integer(3, value), integer(20, 2)]);
  if ("float" in value) return concat([message(1, name), float(2, value.float), integer(20, 1)]);
  if ("nodes" in value) {
    const graph = graphProto({ name, initializers: [], inputs: [], ...value });
    return concat([message(1, name), message(6, graph), integer(20, 5)]);
  }
  return concat([message(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)]);
}

/** NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7. */
function nodeProto(node: OnnxNode): Uint8Array {
  return concat([
    ...node.inputs.map((name) => message(1, name)),
    ...node.outputs.map((name) => message(2, name)),
    message(3, `${node.op}:${node.outputs.find((name) => name)}`),
    message(4, node.op),
    ...Object.entries(node.attributes).map(([name, value]) => message(5, attributeProto(name, value))),
    ...(node.domain ? [message(7, node.domain)] : []),
  ]);
}

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9, external_data 13, data_location 14. */
function tensorProto({ name, type, shape, data }: OnnxInitializer): Uint8Array {
  const head = [...shape.map((size) => integer(1, size)), integer(2, DATA_TYPE[type]), message(8, name)];
  if (data instanceof Uint8Array) return concat([...head, message(9, data)]);
  const entry = (key: string, value: string) => message(13, concat([message(1, key), message(2, value)]));
  return concat([
    ...head,
    entry("location", data.file),
    entry("offset", String(data.offset)),
    entry("length", String(data.byteLength)),
    integer(14, 1),
  ]);
}

/** ValueInfoProto: name 1, type 2 → tensor_type 1 → elem_type 1, shape 2 → dim 1 → dim_value 1 or dim_param 2. */
function valueProto({ name, type, shape }: OnnxValue): Uint8Array {
  const dimensions = shape?.map((size) =>
    message(1, typeof size === "number" ? integer(1, size) : message(2, size)),
  );
  const tensor = concat([
    integer(1, DATA_TYPE[type]),
    ...(dimensions ? [message(2, concat(dimensions))] : []),
  ]);
  return concat([message(1, name), message(2, message(1, tensor))]);
}

/** GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
function graphProto({ name, nodes, initializers, inputs, outputs }: Omit<OnnxModel, "opset">): Uint8Array {
  return concat([
    ...nodes.map((node) => message(1, nodeProto(node))),
    message(2, name),
    ...initializers.map((tensor) => message(5, tensorProto(tensor))),
    ...inputs.map((value) => message(11, valueProto(value))),
    ...outputs.map((value) => message(12, valueProto(value))),
  ]);
}

/** ModelProto: ir_version 1, graph 7, opset_import 8. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const opset = (domain: string, version: number) =>
    message(8, concat([message(1, domain), integer(2, version)]));
  return concat([
    integer(1, 10),
    message(7, graphProto(model)),
    opset("", model.opset),
    opset("com.microsoft", 1),
  ]);
}
