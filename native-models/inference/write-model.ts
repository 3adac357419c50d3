/** A chat model as a folder: graph.onnx, weights.bin (memory-mapped by onnxruntime), coppice.json (needed to open them). */
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fail } from "../failure.ts";
import type { Config } from "../architectures/architecture.ts";
import { makeFolder, remove, writeFileAtomic } from "../formats/atomic.ts";
import { checkOnnx } from "../formats/onnx-check.ts";
import type { Model } from "../model.ts";
import { parsedJson } from "../formats/parsed-json.ts";
import { isLargeHead } from "./head.ts";
import { defaultPrecision, PRECISIONS } from "./precision.ts";
import { WEIGHTS_FILE } from "./weights-file.ts";
import { wholeModelGraph } from "./whole-model-graph.ts";
import type { Layout, WholeModel } from "./whole-model-graph.ts";

export const GRAPH_FILE = "graph.onnx";
export const DESCRIPTION_FILE = "coppice.json";

/** A graph has its weights in a separate file; the largest so far has a few hundred kilobytes. */
const LARGEST_GRAPH_BYTES = 64e6;
const LARGEST_DESCRIPTION_BYTES = 1e6;

const window = z.number().int().positive().nullable();
const size = z.number().int().positive();
/** Maximum elements of a recurrent tensor, which is in memory from the start. */
const LARGEST_TENSOR = 2 ** 26;
const fixedShape = z
  .array(size)
  .max(4)
  .refine((shape) => shape.reduce((product, axis) => product * axis, 1) <= LARGEST_TENSOR);

/** More products than any model has. */
const MOST_PRODUCTS = 10_000;

/** The data that a decoder needs about a graph. */
export const Description = z
  .object({
    /** In version 4, some products have more bits than the others: programs that know only version 3 would read weights at wrong offsets. */
    version: z.union([z.literal(3), z.literal(4)]),
    precision: z.enum(PRECISIONS),
    /** As in `Layout`. */
    headInPlanes: z.boolean(),
    layers: z.number().int(),
    vocabularySize: z.number().int(),
    contextLength: z.number().int(),
    sizeBytes: z.number(),
    /** As in `Layout`. */
    raised: z.array(z.string().min(1)).min(1).max(MOST_PRODUCTS).optional(),
    /** As in `WholeModel`. */
    rotations: z.array(
      z.object({
        frequencies: z.array(z.number()),
        magnitude: z.number(),
        beyond: z.object({ tokens: size, frequencies: z.array(z.number()) }).optional(),
        growth: z.object({ by: z.number(), every: size }).optional(),
      }),
    ),
    windows: z.array(window),
    /** A stored prompt, with which every text begins (stored-prompt.ts). */
    prompt: z.object({ tokens: size }).optional(),
    states: z.array(
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("attention"), block: z.number().int(), kvHeads: size, headDim: size }),
        z.object({
          kind: z.literal("recurrent"),
          block: z.number().int(),
          name: z.string(),
          shape: fixedShape,
        }),
      ]),
    ),
  })
  .refine(
    ({ version, precision, raised }) =>
      (version === 4) === (raised !== undefined) &&
      (raised === undefined || (precision === "int4" && new Set(raised).size === raised.length)),
  );
export type Description = z.infer<typeof Description>;

/** The default storage layout of chat weights. */
export function layoutFor(config: Config, precision = defaultPrecision(config)): Layout {
  return { precision, headInPlanes: precision !== "fp32" && isLargeHead(config) };
}

/**
 * Writes a model's chat model, replacing an existing one. The description is removed first and written last: a folder with one is
 * complete. Throws the errors of writing and reading.
 */
export async function writeInferenceModel(
  model: Model,
  folder: string,
  { raised = [], ...wanted }: Partial<Layout> = {},
): Promise<Description> {
  const { precision, headInPlanes } = { ...layoutFor(model.config, wanted.precision), ...wanted };
  makeFolder(folder);
  await remove(join(folder, DESCRIPTION_FILE));
  const layout = { precision, headInPlanes, raised };
  const whole = wholeModelGraph(model, layout);
  await writeFileAtomic(join(folder, WEIGHTS_FILE), whole.weights.content());
  const encoded = whole.graph.encode("model");
  await writeFileAtomic(join(folder, GRAPH_FILE), encoded);
  const described = descriptionOf(model, layout, whole);
  const description = { ...described, sizeBytes: described.sizeBytes + encoded.length };
  await writeFileAtomic(join(folder, DESCRIPTION_FILE), JSON.stringify(description));
  return description;
}

/** The description of a chat model in a layout; its size is that of the weights. */
export function descriptionOf(
  { config, sections }: Model,
  { precision, headInPlanes, raised = [] }: Layout,
  { weights, states, rotations, windows }: WholeModel,
): Description {
  return {
    version: raised.length > 0 ? 4 : 3,
    precision,
    headInPlanes,
    ...(raised.length > 0 && { raised: [...raised] }),
    layers: sections.length,
    vocabularySize: config.vocabularySize,
    contextLength: config.maxPositions,
    rotations: rotations.map(({ frequencies, magnitude, beyond, growth }) => ({
      frequencies: [...frequencies],
      magnitude,
      ...(beyond && { beyond: { ...beyond, frequencies: [...beyond.frequencies] } }),
      ...(growth && { growth }),
    })),
    windows: [...windows],
    states: states.map((state) =>
      state.kind === "attention" ? state : { ...state, shape: [...state.shape] },
    ),
    sizeBytes: weights.sizeBytes,
  };
}

/**
 * A folder's description of its graph, as it was written; it is checked, and so are its weights' regions. Throws `not-found`,
 * `corrupt-file`.
 */
export async function readDescription(folder: string): Promise<Description> {
  const path = join(folder, DESCRIPTION_FILE);
  const sizeBytes = await sizeOfOwn(path);
  if (sizeBytes > LARGEST_DESCRIPTION_BYTES)
    fail({ code: "corrupt-file", path, section: "description", reason: `it has ${sizeBytes} bytes` });
  const text = await readFile(path, "utf8");
  const { success, data } = Description.safeParse(parsedJson(text));
  if (!success) {
    const reason = "it does not describe a chat model";
    return fail({ code: "corrupt-file", path, section: "description", reason });
  }
  await checkFiles(folder, data.sizeBytes);
  return data;
}

/**
 * The folder may be untrusted. onnxruntime maps the weights without checking the file's length (a truncated file would crash the
 * process), and follows whatever a graph or a link points to.
 */
async function checkFiles(folder: string, expectedBytes: number): Promise<void> {
  const weightBytes = await sizeOfOwn(join(folder, WEIGHTS_FILE));
  const path = join(folder, GRAPH_FILE);
  const graphBytes = await sizeOfOwn(path);
  const refuse = (reason: string) => fail({ code: "corrupt-file", path, section: "graph", reason });
  if (weightBytes + graphBytes !== expectedBytes) {
    const reason = `its files have ${weightBytes + graphBytes} bytes, but ${expectedBytes} were written`;
    fail({ code: "corrupt-file", path: folder, section: "weights", reason });
  }
  if (graphBytes > LARGEST_GRAPH_BYTES) refuse(`it has ${graphBytes} bytes`);
  checkOnnx(await readFile(path), { file: WEIGHTS_FILE, fileBytes: weightBytes, refuse });
}

/** Size of a file that is itself in the folder: through a link, its content would be another file's. */
export async function sizeOfOwn(path: string): Promise<number> {
  const file = await lstat(path).catch(() => fail({ code: "not-found", path, what: "chat model" }));
  if (file.isFile() && file.nlink === 1) return file.size;
  const reason = file.isFile() || file.isSymbolicLink() ? "it is a link to another file" : "it is no file";
  return fail({ code: "corrupt-file", path, section: "files", reason });
}
