/**
 * An ONNX graph under construction, and the record of its maths that `differentiate` reads. Two levels: `node` adds an ONNX
 * operator; `record` states that a tensor is a differentiable function of others and how a gradient flows back through it. The
 * other files in this folder (linear.ts, norm.ts, attention.ts …) define the maths: each op adds its nodes, records itself once,
 * and its vector-Jacobian product adds the nodes of the backward pass. Shape letters: B batch, T tokens of the longest row, N
 * tokens of all rows, D hidden width, H heads, K key/value heads, Dh head width, F feed-forward width, V vocabulary, R LoRA rank.
 */
import { encodeOnnx } from "../formats/onnx.ts";
import type {
  Attribute,
  Dimension,
  ElementType,
  OnnxBranch,
  OnnxData,
  OnnxInitializer,
  OnnxNode,
  OnnxValue,
} from "../formats/onnx.ts";

export type Shape = readonly Dimension[];

/** A value in a graph: symbolic, with a known type and a shape whose symbols are checked by name. */
export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** A source of tensors by name: a graph whose inputs they are, or anything else that provides tensors of a graph. */
export interface Source {
  input(name: string, type: ElementType, shape: Shape): Tensor;
}

/**
 * The operators that a graph may use. `cpu`: also onnxruntime's own fused ones; `portable`: standard ONNX only, as a GPU provider
 * needs (on WebGPU `FusedMatMul` falls back to the CPU and `SimplifiedLayerNormalization` gives wrong statistics); `gpu`: in
 * addition onnxruntime's own products with quantised codes, for which providers have kernels.
 */
export type Dialect = "cpu" | "portable" | "gpu";

/** A gradient, or a function that adds it to the sum so far (a Gemm adds for free). */
export type Gradient = Tensor | ((sum: Tensor | undefined) => Tensor);

/** Vector-Jacobian product: from the output's gradient to each input's; `wanted[i]` says which are needed. */
export type Vjp = (gradient: Tensor, wanted: readonly boolean[]) => readonly (Gradient | undefined)[];

export interface Operation {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly vjp: Vjp;
}

/** The arguments of a `Scan`. */
export interface ScanOptions {
  /** The initial states. */
  readonly states: readonly Tensor[];
  readonly inputs: readonly Tensor[];
  readonly axis: number;
  readonly isReversed?: boolean;
  step(
    states: readonly Tensor[],
    slices: readonly Tensor[],
  ): { readonly states: readonly Tensor[]; readonly outputs: readonly Tensor[] };
}

interface Result {
  readonly type?: ElementType;
  readonly shape: Shape;
}

export class Graph {
  readonly dialect: Dialect;
  /** The differentiable operations, in the order of the forward pass. */
  readonly operations: Operation[] = [];
  #nodes: OnnxNode[] = [];
  #inputs = new Map<string, Tensor>();
  #outputs = new Map<string, Tensor>();
  #initializers = new Map<string, OnnxInitializer>();
  #constants = new Map<string, Tensor>();
  /** The results of operators. */
  #results = new Map<string, Tensor>();
  #names = 0;

  constructor(dialect: Dialect = "cpu") {
    this.dialect = dialect;
  }

  get inputs(): ReadonlyMap<string, Tensor> {
    return this.#inputs;
  }

  /** Declares an input; the same name returns the same tensor. */
  input(name: string, type: ElementType, shape: Shape): Tensor {
    const known = this.#inputs.get(name);
    if (known) {
      if (known.type !== type || !sameShape(known.shape, shape)) {
        throw new Error(`input ${name} is ${known.type}${show(known.shape)}, not ${type}${show(shape)}`);
      }
      return known;
    }
    const tensor: Tensor = { graph: this, name, type, shape };
    this.#inputs.set(name, tensor);
    return tensor;
  }

  /** A named initialiser: bytes in the model, or external data, a region of another file. */
  initializer(name: string, type: ElementType, shape: readonly number[], data: OnnxData): Tensor {
    if (this.#initializers.has(name)) throw new Error(`initialiser ${name} exists`);
    this.#initializers.set(name, { name, type, shape, data });
    return { graph: this, name, type, shape };
  }

  /** A float32 scalar. */
  scalar(value: number): Tensor {
    return this.#constant(`f${value}`, "float32", [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /** A float32 tensor of these values. */
  constant(values: Float32Array, shape: readonly number[]): Tensor {
    return this.#constant(
      `m${shape.join()} ${values.join()}`,
      "float32",
      shape,
      new Uint8Array(values.buffer),
    );
  }

  /** A list of integers, such as axes and shapes for ONNX operators. [n], int64. */
  integers(...values: number[]): Tensor {
    const data = BigInt64Array.from(values.map(BigInt));
    return this.#constant(`i${values.join()}`, "int64", [values.length], new Uint8Array(data.buffer));
  }

  /** An integer from 0 to 255. [], uint8. */
  byte(value: number): Tensor {
    return this.#constant(`b${value}`, "uint8", [], Uint8Array.of(value));
  }

  #constant(key: string, type: ElementType, shape: readonly number[], data: Uint8Array): Tensor {
    const known = this.#constants.get(key);
    if (known) return known;
    const tensor = this.initializer(this.#unique("constant"), type, shape, data);
    this.#constants.set(key, tensor);
    return tensor;
  }

  #unique(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }

  /** Adds an operator with one output. By default it has the first input's type. */
  node(
    op: string,
    inputs: readonly (Tensor | undefined)[],
    result: Result,
    attributes: Record<string, Attribute> = {},
  ): Tensor {
    return this.nodes(op, inputs, [result], attributes)[0]!;
  }

  /** Adds an operator with several outputs; "com.microsoft:Name" is one of onnxruntime's own. */
  nodes(
    op: string,
    inputs: readonly (Tensor | undefined)[],
    results: readonly Result[],
    attributes: Record<string, Attribute> = {},
  ): Tensor[] {
    const [domain, name] = op.includes(":") ? (op.split(":") as [string, string]) : ["", op];
    if (domain && this.dialect === "portable")
      throw new Error(`${op} is not a standard operator: this graph must be portable`);
    const foreign = inputs.find((tensor) => tensor && tensor.graph !== this);
    if (foreign) throw new Error(`${foreign.name} belongs to another graph`);
    const outputs = results.map(({ type, shape }): Tensor => {
      return { graph: this, name: this.#unique(name), type: type ?? inputs[0]!.type, shape };
    });
    for (const output of outputs) this.#results.set(output.name, output);
    this.#nodes.push({
      op: name,
      domain,
      inputs: inputs.map((tensor) => tensor?.name ?? ""),
      outputs: outputs.map((tensor) => tensor.name),
      attributes,
    });
    return outputs;
  }

  /**
   * Adds an `If`, which returns the results of `build` (f32) if `condition` [] (bool) holds, and empty tensors otherwise. Everything
   * added inside is local to the branch except its results.
   */
  when(condition: Tensor, build: () => readonly Tensor[]): Tensor[] {
    const outside = this.#nodes;
    const then = (this.#nodes = [] as OnnxNode[]);
    const given = build().map((tensor) => this.node("Identity", [tensor], tensor));
    const otherwise = (this.#nodes = [] as OnnxNode[]);
    const nothing = given.map(() =>
      this.node("ConstantOfShape", [this.integers(0)], { type: "float32", shape: [0] }),
    );
    this.#nodes = outside;
    return this.nodes(
      "If",
      [condition],
      given.map(({ shape }) => ({ type: "float32", shape })),
      {
        then_branch: { nodes: then, outputs: given.map(ofAnyShape) },
        else_branch: { nodes: otherwise, outputs: nothing.map(ofAnyShape) },
      },
    );
  }

  /**
   * Adds a `Scan`: `step` computes the next states and the outputs from the states and each input's slice along `axis`, from the first
   * slice to the last, or reversed. Returns the outputs (f32), stacked along the same axis. Whatever `step` adds is local except its results.
   */
  scan({ states, inputs, axis, isReversed = false, step }: ScanOptions): Tensor[] {
    const local = ({ shape }: { shape: Shape }): Tensor => ({
      graph: this,
      name: this.#unique("slice"),
      type: "float32",
      shape,
    });
    const slices = inputs.map(({ shape }) => local({ shape: shape.filter((_, index) => index !== axis) }));
    const before = states.map(local);
    const outside = this.#nodes;
    const nodes = (this.#nodes = [] as OnnxNode[]);
    const after = step(before, slices);
    const results = [...after.states, ...after.outputs].map((tensor) =>
      this.node("Identity", [tensor], tensor),
    );
    this.#nodes = outside;
    const length = inputs[0]!.shape[axis]!;
    const stacked = after.outputs.map(({ shape }) => ({
      shape: [...shape.slice(0, axis), length, ...shape.slice(axis)],
    }));
    const axes = (count: number) => Array.from({ length: count }, () => axis);
    const directions = (count: number) => Array.from({ length: count }, () => (isReversed ? 1 : 0));
    return this.nodes("Scan", [...states, ...inputs], [...states, ...stacked], {
      body: { nodes, inputs: [...before, ...slices], outputs: results },
      num_scan_inputs: inputs.length,
      scan_input_axes: axes(inputs.length),
      scan_output_axes: axes(stacked.length),
      scan_input_directions: directions(inputs.length),
      scan_output_directions: directions(stacked.length),
    }).slice(states.length);
  }

  /** Records that `output` is a differentiable function of `inputs`. */
  record(inputs: readonly Tensor[], output: Tensor, vjp: Vjp): Tensor {
    this.operations.push({ inputs, output, vjp });
    return output;
  }

  /**
   * Replaces the result of a recorded operation with a graph input of this name, and returns that input: the result is then recomputed
   * only where a gradient needs it. Throws if no recorded operation has that result.
   */
  given(name: string, result: Tensor): Tensor {
    const index = this.operations.findLastIndex(({ output }) => output === result);
    const operation = this.operations[index];
    if (!operation) throw new Error(`${result.name} is the result of nothing recorded`);
    const output = this.input(name, result.type, result.shape);
    this.operations[index] = { ...operation, output };
    return output;
  }

  /** Names a tensor as an output of the graph. */
  output(name: string, tensor: Tensor): void {
    if (this.#outputs.has(name)) throw new Error(`output ${name} exists`);
    this.#outputs.set(name, tensor);
  }

  /** The inputs that the outputs depend on. */
  get neededInputs(): Tensor[] {
    const { names } = this.#needed();
    return [...this.#inputs.values()].filter(({ name }) => names.has(name));
  }

  /** The operators that the outputs depend on, in order, and the intermediate tensors of the graph by name. */
  get inside(): { nodes: readonly OnnxNode[]; tensors: ReadonlyMap<string, Tensor> } {
    return { nodes: this.#needed().nodes, tensors: this.#results };
  }

  /** The model as bytes, with only what its outputs need. Unused inputs are also left out. */
  encode(name = "graph"): Uint8Array {
    const { nodes, names } = this.#needed();
    return encodeOnnx({
      name,
      opset: 21,
      nodes,
      initializers: [...this.#initializers.values()].filter((tensor) => names.has(tensor.name)),
      inputs: this.neededInputs,
      outputs: [...this.#outputs].map(([output, { type, shape }]) => ({ name: output, type, shape })),
    });
  }

  /** The operators that the outputs depend on, in order, and the names of all tensors that they use. */
  #needed(): { nodes: OnnxNode[]; names: ReadonlySet<string> } {
    const { nodes, outputs } = this.#named();
    const names = new Set(outputs);
    return { nodes: neededNodes(nodes, names), names };
  }

  /** All operators, with the graph's outputs under their names: a tensor is copied only if it already has a name. */
  #named(): { nodes: OnnxNode[]; outputs: string[] } {
    const names = new Map<string, string>();
    const copies: OnnxNode[] = [];
    const given = new Set([...this.#inputs.keys(), ...this.#initializers.keys()]);
    for (const [output, { name }] of this.#outputs) {
      if (!given.has(name) && !names.has(name)) names.set(name, output);
      else copies.push({ op: "Identity", domain: "", inputs: [name], outputs: [output], attributes: {} });
    }
    const rename = (name: string) => names.get(name) ?? name;
    return {
      nodes: [...this.#nodes, ...copies].map((node) => renamedNode(node, rename)),
      outputs: [...this.#outputs.keys()],
    };
  }
}

/** An operator with renamed tensors, including those in its branches. */
function renamedNode(node: OnnxNode, rename: (name: string) => string): OnnxNode {
  return {
    ...withBranches(node, (branch) => renamedBranch(branch, rename)),
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  };
}

/** A branch whose outputs have unique names. */
const renamedBranch = (branch: OnnxBranch, rename: (name: string) => string): OnnxBranch => ({
  ...branch,
  nodes: branch.nodes.map((node) => renamedNode(node, rename)),
});

function withBranches(node: OnnxNode, change: (branch: OnnxBranch) => OnnxBranch): OnnxNode {
  const attributes = Object.entries(node.attributes).map(([name, branch]): [string, Attribute] => [
    name,
    isBranch(branch) ? change(branch) : branch,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}

/** The operators that produce any of these names, in order; adds the names of their inputs. */
function neededNodes(nodes: readonly OnnxNode[], names: Set<string>): OnnxNode[] {
  const needed: OnnxNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((output) => names.has(output))) continue;
    for (const input of node.inputs) names.add(input);
    if (node.op === "Scan") addInputs(node, names);
    needed.push(node.op === "If" ? neededBranches(node, names) : node);
  }
  return needed.reverse();
}

const isBranch = (attribute: Attribute): attribute is OnnxBranch =>
  typeof attribute === "object" && "nodes" in attribute;

/** Adds the names of all tensors that an operator and its branches read. */
function addInputs({ inputs, attributes }: OnnxNode, names: Set<string>): void {
  for (const input of inputs) names.add(input);
  for (const branch of Object.values(attributes).filter(isBranch))
    for (const node of branch.nodes) addInputs(node, names);
}

/** An `If` with only the outputs that are needed, and only the operators for them. */
function neededBranches(node: OnnxNode, names: Set<string>): OnnxNode {
  const isNeeded = node.outputs.map((output) => names.has(output));
  const only = <T>(list: readonly T[]) => list.filter((_, index) => isNeeded[index]);
  const pruned = ({ nodes, outputs }: OnnxBranch): OnnxBranch => {
    for (const { name } of only(outputs)) names.add(name);
    return { nodes: neededNodes(nodes, names), outputs: only(outputs) };
  };
  return { ...withBranches(node, pruned), outputs: only(node.outputs) };
}

const ofAnyShape = ({ name, type }: Tensor): OnnxValue => ({ name, type, shape: null });

function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Throws unless the tensor has this shape; null matches any dimension. */
export function expectShape(op: string, tensor: Tensor, shape: readonly (Dimension | null)[]): void {
  const fits =
    tensor.shape.length === shape.length &&
    shape.every((size, axis) => size === null || size === tensor.shape[axis]);
  if (!fits)
    throw new Error(
      `${op}: ${tensor.name} is ${show(tensor.shape)}, expected [${shape.map((size) => size ?? "?").join(", ")}]`,
    );
}

/** The size of a dimension that must be a number. */
export function known(tensor: Tensor, axis: number): number {
  const size = tensor.shape.at(axis);
  if (typeof size !== "number")
    throw new Error(`${tensor.name} ${show(tensor.shape)}: axis ${axis} must be known`);
  return size;
}
