/** The training graphs of a unit: one forward and one backward model serve every block; weights and adapters are inputs. */
import { ROLES } from "../architectures/architecture.ts";
import type { BlockKind, BlockOps, Half, Norm, Role, WeightSpec } from "../architectures/architecture.ts";
import {
  attend,
  attentionTables,
  mergeHeads,
  padRows,
  rope,
  ropeOfQueries,
  rowLayout,
  splitHeads,
  unpadRows,
} from "../graph/attention.ts";
import { deltaInputs, gatedDeltaRule } from "../graph/delta-rule.ts";
import type { DeltaInputs } from "../graph/delta-rule.ts";
import { differentiate } from "../graph/differentiate.ts";
import { causalConvolution } from "../graph/convolution.ts";
import { activate, add, addBias, gatedUnit, multiply, plusOne, scale } from "../graph/elementwise.ts";
import { Graph } from "../graph/graph.ts";
import type { Dialect, Source, Tensor } from "../graph/graph.ts";
import { addLora, project, split, weightInput } from "../graph/linear.ts";
import type { GraphStorage } from "../graph/linear.ts";
import { headNorm, rmsNorm } from "../graph/norm.ts";
import { halvesOf, sectionWeights } from "../model.ts";
import type { Section } from "../model.ts";

/** What is trained of a block: nothing, adapters, or the weights themselves. */
export type Trainable =
  | { readonly kind: "none" }
  | {
      readonly kind: "lora";
      readonly rank: number;
      readonly alpha: number;
      /** Which projections have adapters. */
      readonly targets: readonly Role[];
    }
  | { readonly kind: "full" };

/**
 * What a plan's method trains at first: nothing if a scan has to choose it. Adapters are on all projections, and count twice
 * (alpha = 2 × rank).
 */
export function trainableOf(
  method: { readonly kind: "full" | "sparse" } | { readonly kind: "lora"; readonly rank: number },
): Trainable {
  if (method.kind === "lora") return { ...method, alpha: 2 * method.rank, targets: ROLES };
  return { kind: method.kind === "full" ? "full" : "none" };
}

/** How a half of a block is stored and trained. */
export interface HalfOptions {
  readonly trainable: Trainable;
  /** The storage of linear weights; norms and biases are always f32. */
  readonly storage: GraphStorage;
  /** Weights of the half that have another storage; frozen. */
  readonly apart?: StoredApart | undefined;
  /** Whether its trainable tensors are frozen, without gradients. */
  readonly frozen?: boolean;
}

/** Weights by their names relative to the block, and how they are stored. */
export interface StoredApart {
  readonly names: readonly string[];
  readonly storage: GraphStorage;
}

export interface UnitOptions {
  readonly halves: Readonly<Record<Half, HalfOptions>>;
  readonly dialect: Dialect;
}

/** Both halves alike. */
export const alike = (half: HalfOptions): UnitOptions["halves"] => ({ attention: half, mlp: half });

/** The trained tensors of a section, relative to its block: LoRA pairs with PEFT's names, or the weights themselves. */
export function sectionParameters(kind: BlockKind, section: Section, trainable: Trainable): WeightSpec[] {
  if (trainable.kind === "none") return [];
  const weights = sectionWeights(kind, section);
  if (trainable.kind === "full") return weights;
  return weights.flatMap((spec) => {
    if (!isAdapted(spec, trainable)) return [];
    const { name, shape } = spec;
    const [outputs, inputs] = shape as readonly [number, number];
    return [
      { name: adapterName(name, "A"), shape: [trainable.rank, inputs] },
      { name: adapterName(name, "B"), shape: [outputs, trainable.rank] },
    ];
  });
}

/** The tensors of a half that get gradients. */
export const gradientsOf = (kind: BlockKind, half: Half, { trainable, frozen }: HalfOptions): WeightSpec[] =>
  frozen ? [] : sectionParameters(kind, half, trainable);

/** "self_attn.q_proj.weight" → "self_attn.q_proj.lora_A.weight" */
export const adapterName = (weight: string, side: "A" | "B") =>
  weight.replace(/weight$/, `lora_${side}.weight`);

const isAdapted = ({ role }: WeightSpec, trainable: Trainable) =>
  trainable.kind === "lora" && role !== undefined && trainable.targets.includes(role);

/** Attention outputs have no outliers; the inputs of all other projections do. */
const EVEN: Role = "o";

/** The graphs of a section; x, y, dx and dy are [N, D]. */
export interface UnitGraphs<Form = Uint8Array> {
  /** x → y */
  readonly forward: Form;
  /** x → y, and each of `activations` under its name. */
  readonly keepingForward: Form;
  /**
   * Activations of the forward pass that the backward pass would otherwise recompute: results of projections. [N, width] each.
   */
  readonly activations: readonly Activation[];
  /** x, dy, `activations` → dx, and "d:<name>" for each parameter. */
  readonly backward: Form;
  /** x, dy → the same; it recomputes the activations. */
  readonly recomputingBackward: Form;
}

export interface Activation {
  readonly name: string;
  readonly width: number;
}

/** The graphs, encoded as ONNX models; `width` is D. */
export function unitGraphs(
  width: number,
  kind: BlockKind,
  section: Section,
  options: UnitOptions,
): UnitGraphs {
  const graphs = symbolicUnitGraphs(width, kind, section, options);
  return {
    forward: graphs.forward.encode(`${section} forward`),
    keepingForward: graphs.keepingForward.encode(`${section} forward, keeping`),
    activations: graphs.activations,
    backward: graphs.backward.encode(`${section} backward`),
    recomputingBackward: graphs.recomputingBackward.encode(`${section} backward, recomputing`),
  };
}

/** The same graphs, still under construction. */
export function symbolicUnitGraphs(
  width: number,
  kind: BlockKind,
  section: Section,
  options: UnitOptions,
): UnitGraphs<Graph> {
  const build = (graph: Graph, projected?: Projected): { x: Tensor; y: Tensor } => {
    const x = graph.input("x", "float32", ["N", width]);
    const y = halvesOf(section).reduce((stream, half) => {
      const ops = trainingOps(graph, kind, { ...options.halves[half], projected });
      return add(stream, kind.halves[half].branch(stream, ops));
    }, x);
    return { x, y };
  };
  const buildForward = (kept: readonly Activation[] = []): Graph => {
    const graph = new Graph(options.dialect);
    const results = new Map<string, Tensor>();
    const { y } = build(graph, (result, name) => {
      results.set(keptName(name), result);
      return result;
    });
    graph.output("y", y);
    for (const { name } of kept) graph.output(name, results.get(name)!);
    return graph;
  };
  const buildBackward = (projected?: Projected): Graph => {
    const graph = new Graph(options.dialect);
    const { x, y } = build(graph, projected);
    const parameters = halvesOf(section)
      .flatMap((half) => gradientsOf(kind, half, options.halves[half]))
      .map(({ name }) => graph.inputs.get(name)!);
    const seed = graph.input("dy", "float32", y.shape);
    for (const [tensor, gradient] of differentiate(graph, new Map([[y, seed]]), [x, ...parameters])) {
      graph.output(tensor === x ? "dx" : `d:${tensor.name}`, gradient);
    }
    return graph;
  };
  const backward = buildBackward((result, name) => result.graph.given(keptName(name), result));
  const activations = backward.neededInputs.flatMap(({ name, shape }) =>
    name.startsWith(KEPT) ? [{ name, width: shape[1] as number }] : [],
  );
  return {
    forward: buildForward(),
    keepingForward: buildForward(activations),
    activations,
    backward,
    recomputingBackward: buildBackward(),
  };
}

const KEPT = "kept:";
const keptName = (projection: string) => KEPT + projection;

/** Called with the result of each projection; its return value replaces the result. */
type Projected = (result: Tensor, name: string) => Tensor;

interface OpsOptions extends HalfOptions {
  readonly projected?: Projected | undefined;
  /** Provides the weights of the unit and its trained tensors, by their names there; by default the graph's inputs. */
  readonly source?: Source;
  /** Distinguishes the tables of this kind's attention from those of other kinds in the graph. */
  readonly ofKind?: string;
}

/** The operations of a unit's maths for training. */
export function trainingOps(
  graph: Graph,
  kind: BlockKind,
  { trainable, storage, apart, projected = (result) => result, source = graph, ofKind }: OpsOptions,
): BlockOps {
  const storageOf = (weight: string) => (apart?.names.includes(weight) ? apart.storage : storage);
  const layout = rowLayout(graph);
  const specs = new Map(sectionWeights(kind, "block").map((spec) => [spec.name, spec]));
  const vector = (name: string) => source.input(name, "float32", specs.get(name)!.shape);
  const matrixOf = (name: string) =>
    specs.get(`${name}.weight`) as WeightSpec & { shape: readonly [number, number] };

  const frozen = (x: Tensor, name: string): Tensor => {
    const { role, shape } = matrixOf(name);
    const weight = `${name}.weight`;
    return project(x, weightInput(source, weight, storageOf(weight), shape), {
      plus: specs.has(`${name}.bias`) ? vector(`${name}.bias`) : undefined,
      terms: role === EVEN ? 1 : 2,
    });
  };
  const projections = (x: Tensor, names: readonly string[]): Tensor[] => {
    const results = new Map(names.map((name) => [name, frozen(x, name)]));
    const adapted = names.filter((name) => isAdapted(matrixOf(name), trainable));
    if (trainable.kind === "lora" && adapted.length > 0) {
      const adapters = adapted.map((name) => {
        const [outputs, inputs] = matrixOf(name).shape;
        const side = (which: "A" | "B", shape: [number, number]) =>
          source.input(adapterName(`${name}.weight`, which), "float32", shape);
        return {
          base: results.get(name)!,
          a: side("A", [trainable.rank, inputs]),
          b: side("B", [outputs, trainable.rank]),
        };
      });
      addLora(x, adapters, trainable.alpha).forEach((y, index) => results.set(adapted[index]!, y));
    }
    return names.map((name) => projected(results.get(name)!, name));
  };
  return {
    linear: (x, ...names) => projections(x, names) as never,
    rmsNorm: (x, norm, heads = 1) => {
      const weight = normFactor(vector(`${norm.name}.weight`), norm);
      return heads === 1 ? rmsNorm(x, weight, norm.epsilon) : headNorm(x, weight, norm.epsilon, heads);
    },
    attention: (q, k, v, { heads, kvHeads, rope: rotation, ...scores }) => {
      const pairs = rotation?.frequencies.length ?? 0;
      const grows = rotation?.growth !== undefined;
      const { mask, angles } = attentionTables(graph, { pairs, grows }, ofKind);
      const [headsOfQueries, headsOfKeys] = [
        splitHeads(padRows(q, layout), heads),
        splitHeads(padRows(k, layout), kvHeads),
      ];
      const queries = angles ? ropeOfQueries(headsOfQueries, angles) : headsOfQueries; // [B, H, T, Dh]
      const keys = angles ? rope(headsOfKeys, angles) : headsOfKeys; // [B, K, T, Dh]
      const values = splitHeads(padRows(v, layout), kvHeads); // [B, K, T, Dh]
      return unpadRows(mergeHeads(attend(queries, keys, values, mask, scores)), layout); // [N, H·Dh]
    },
    causalConvolution: (x, name) => {
      const y = unpadRows(causalConvolution(padRows(x, layout), vector(`${name}.weight`)), layout); // [N, C]
      return specs.has(`${name}.bias`) ? addBias(y, vector(`${name}.bias`)) : y;
    },
    deltaRule: (projected, rule) => {
      const weights = { aLog: vector(`${rule.name}.A_log`), dtBias: vector(`${rule.name}.dt_bias`) };
      const inputs = deltaInputs(projected, weights, rule);
      const rows = (name: keyof DeltaInputs) => padRows(inputs[name], layout);
      const padded = {
        queries: rows("queries"),
        keys: rows("keys"),
        values: rows("values"),
        decay: rows("decay"),
        beta: rows("beta"),
      };
      return unpadRows(gatedDeltaRule(padded, rule.heads), layout);
    },
    activate,
    gatedUnit,
    multiply,
    scale,
    split,
  };
}

/** The factor of a norm, from its weight. */
export const normFactor = (weight: Tensor, norm: Pick<Norm, "plusOne">): Tensor =>
  norm.plusOne ? plusOne(weight) : weight;
