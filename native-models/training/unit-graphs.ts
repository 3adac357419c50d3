/** The training graphs of a unit: one forward and one backward model serve every block, weights and adapters are inputs. */
import { blockWeight, endWeights } from "../architectures/architecture.ts";
import type { Architecture, BlockOps, Config, Half, WeightSpec } from "../architectures/architecture.ts";
import { attend, mergeHeads, padRows, rope, rowLayout, splitHeads, unpadRows } from "../graph/attention.ts";
import { differentiate } from "../graph/differentiate.ts";
import { add, swiglu } from "../graph/elementwise.ts";
import { Graph } from "../graph/graph.ts";
import type { Dialect, Source, Tensor } from "../graph/graph.ts";
import { addLora, project, weightInput } from "../graph/linear.ts";
import type { GraphStorage } from "../graph/linear.ts";
import { rmsNorm } from "../graph/norm.ts";
import type { Section } from "../model.ts";

/** What is trained: nothing, adapters beside the weights, or the weights. */
export type Trainable =
  | { readonly kind: "none" }
  | {
      readonly kind: "lora";
      readonly rank: number;
      readonly alpha: number;
      readonly targets: readonly string[];
    }
  | { readonly kind: "full" };

export interface UnitOptions {
  readonly trainable: Trainable;
  /** How linear weights come in; norms and biases are always f32. */
  readonly storage: GraphStorage;
  readonly dialect: Dialect;
}

/** The halves that a section has, in order. */
export const halvesOf = (section: Section): readonly Half[] =>
  section === "block" ? ["attention", "mlp"] : [section];

/** The weights of a section, relative to its block. */
export function sectionWeights(architecture: Architecture, config: Config, section: Section): WeightSpec[] {
  const weights = architecture.weights(config);
  return halvesOf(section).flatMap((half) => weights[half]);
}

/** All weights of a model whose blocks have these sections, by their upstream names. */
export function modelWeights(
  architecture: Architecture,
  config: Config,
  sections: readonly Section[],
): WeightSpec[] {
  const inBlocks = sections.flatMap((section, block) =>
    sectionWeights(architecture, config, section).map(({ name, shape }) => ({
      name: blockWeight(block, name),
      shape,
    })),
  );
  return [...endWeights(config), ...inBlocks];
}

/** What is trained in a section, relative to its block: LoRA pairs in PEFT's names, or the weights themselves. */
export function sectionParameters(
  architecture: Architecture,
  config: Config,
  section: Section,
  trainable: Trainable,
): WeightSpec[] {
  if (trainable.kind === "none") return [];
  const weights = sectionWeights(architecture, config, section);
  if (trainable.kind === "full") return weights;
  return weights.flatMap(({ name, shape }) => {
    const [outputs, inputs] = shape;
    if (inputs === undefined || !targeted(name, trainable.targets)) return [];
    return [
      { name: adapterName(name, "A"), shape: [trainable.rank, inputs] },
      { name: adapterName(name, "B"), shape: [outputs, trainable.rank] },
    ];
  });
}

/** "self_attn.q_proj.weight" → "self_attn.q_proj.lora_A.weight" */
export const adapterName = (weight: string, side: "A" | "B") =>
  weight.replace(/weight$/, `lora_${side}.weight`);

const targeted = (weight: string, targets: readonly string[]) =>
  targets.some((target) => weight.includes(`${target}.weight`));

const isAdapted = (name: string, trainable: Trainable) =>
  trainable.kind === "lora" && targeted(`${name}.weight`, trainable.targets);

/** What attention mixed has no numbers that are far larger than the others, as all other inputs of projections do. */
const EVEN = "o_proj";

/** The graphs of a section; x, y, dx and dy are [N, D]. */
export interface UnitGraphs<Form = Uint8Array> {
  /** x → y */
  readonly forward: Form;
  /** x → y, and each of `activations` under its name. */
  readonly keepingForward: Form;
  /** What the way back needs of the way forth and would have to compute again: results of projections. [N, width] each. */
  readonly activations: readonly Activation[];
  /** x, dy, `activations` → dx, and "d:<name>" for each parameter. */
  readonly backward: Form;
  /** x, dy → the same; it computes the activations again. */
  readonly recomputingBackward: Form;
}

export interface Activation {
  readonly name: string;
  readonly width: number;
}

/** As models. */
export function unitGraphs(
  architecture: Architecture,
  config: Config,
  section: Section,
  options: UnitOptions,
): UnitGraphs {
  const graphs = symbolicUnitGraphs(architecture, config, section, options);
  return {
    forward: graphs.forward.encode(`${section} forward`),
    keepingForward: graphs.keepingForward.encode(`${section} forward, keeping`),
    activations: graphs.activations,
    backward: graphs.backward.encode(`${section} backward`),
    recomputingBackward: graphs.recomputingBackward.encode(`${section} backward, recomputing`),
  };
}

/** As they are under construction. */
export function symbolicUnitGraphs(
  architecture: Architecture,
  config: Config,
  section: Section,
  options: UnitOptions,
): UnitGraphs<Graph> {
  const build = (graph: Graph, projected?: Projected): { x: Tensor; y: Tensor } => {
    const ops = trainingOps(graph, architecture, config, { ...options, projected });
    const x = graph.input("x", "float32", ["N", config.hiddenSize]);
    const y = halvesOf(section).reduce((hidden, half) => architecture[half](hidden, ops), x);
    return { x, y };
  };
  const forth = (kept: readonly Activation[] = []): Graph => {
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
  const back = (projected?: Projected): Graph => {
    const graph = new Graph(options.dialect);
    const { x, y } = build(graph, projected);
    const parameters = sectionParameters(architecture, config, section, options.trainable).map(({ name }) =>
      graph.inputs.get(name)!,
    );
    const seed = graph.input("dy", "float32", y.shape);
    for (const [tensor, gradient] of differentiate(graph, new Map([[y, seed]]), [x, ...parameters])) {
      graph.output(tensor === x ? "dx" : `d:${tensor.name}`, gradient);
    }
    return graph;
  };
  const backward = back((result, name) => result.graph.given(keptName(name), result));
  const activations = backward.neededInputs.flatMap(({ name, shape }) =>
    name.startsWith(KEPT) ? [{ name, width: shape[1] as number }] : [],
  );
  return {
    forward: forth(),
    keepingForward: forth(activations),
    activations,
    backward,
    recomputingBackward: back(),
  };
}

const KEPT = "kept:";
const keptName = (projection: string) => KEPT + projection;

/** Told of the result of each projection; what it returns takes its place. */
type Projected = (result: Tensor, name: string) => Tensor;

interface OpsOptions extends Pick<UnitOptions, "trainable" | "storage"> {
  readonly projected?: Projected | undefined;
  /** Gives the weights of the unit and what is trained in it, by their names there; the graph's inputs unless told. */
  readonly source?: Source;
}

/** What the maths of a unit is written in, where it is trained. */
export function trainingOps(
  graph: Graph,
  architecture: Architecture,
  config: Config,
  { trainable, storage, projected = (result) => result, source = graph }: OpsOptions,
): BlockOps {
  const { headDim, heads, kvHeads } = config;
  const layout = rowLayout(graph, headDim);
  const specs = new Map(sectionWeights(architecture, config, "block").map((spec) => [spec.name, spec.shape]));
  const vector = (name: string) => source.input(name, "float32", specs.get(name)!);

  const shapeOf = (name: string) => specs.get(`${name}.weight`) as readonly [number, number];
  const frozen = (x: Tensor, name: string): Tensor => {
    const shape = shapeOf(name);
    return project(x, weightInput(source, `${name}.weight`, storage, shape), {
      plus: specs.has(`${name}.bias`) ? vector(`${name}.bias`) : undefined,
      terms: name.endsWith(EVEN) ? 1 : 2,
    });
  };
  const projections = (x: Tensor, names: readonly string[]): Tensor[] => {
    const results = new Map(names.map((name) => [name, frozen(x, name)]));
    const adapted = names.filter((name) => isAdapted(name, trainable));
    if (trainable.kind === "lora" && adapted.length > 0) {
      const adapters = adapted.map((name) => {
        const [outputs, inputs] = shapeOf(name);
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
    rmsNorm: (x, name) => rmsNorm(x, vector(`${name}.weight`), config.normEpsilon),
    attention: (q, k, v) => {
      const queries = rope(splitHeads(padRows(q, layout), heads), layout); // [B, H, T, Dh]
      const keys = rope(splitHeads(padRows(k, layout), kvHeads), layout); // [B, K, T, Dh]
      const values = splitHeads(padRows(v, layout), kvHeads); // [B, K, T, Dh]
      return unpadRows(mergeHeads(attend(queries, keys, values, layout.mask, headDim ** -0.5)), layout); // [N, H·Dh]
    },
    swiglu,
    add,
  };
}
