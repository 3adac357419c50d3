/** A session with only a head: x → logits, ids → rows. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { writeFileAtomic } from "../../../../native-models/formats/atomic.ts";
import { Graph } from "../../../../native-models/graph/graph.ts";
import type { Dialect } from "../../../../native-models/graph/graph.ts";
import { GraphWeights } from "../../../../native-models/inference/graph-weights.ts";
import type { Head } from "../../../../native-models/inference/head.ts";
import { WEIGHTS_FILE } from "../../../../native-models/inference/weights-file.ts";
import type { Model } from "../../../../native-models/model.ts";
import { openSession } from "../../../../native-models/runtime/session.ts";

/** x [n, D], ids [N] → logits [n, V], rows [N, D]. The folder holds its weights; the caller removes it. */
export async function openHead(
  model: Model,
  make: (weights: GraphWeights) => Head,
  { dialect = "cpu", threads }: { dialect?: Exclude<Dialect, "portable">; threads: number },
): Promise<{ session: InferenceSession; folder: string }> {
  const graph = new Graph(dialect);
  const weights = new GraphWeights(graph, model, "int8");
  const head = make(weights);
  graph.output("rows", head.rows(graph.input("ids", "int32", ["N"])));
  graph.output("logits", head.logits(graph.input("x", "float32", ["n", model.config.hiddenSize])));
  const folder = await mkdtemp(join(tmpdir(), "coppice-head-"));
  await writeFileAtomic(join(folder, WEIGHTS_FILE), weights.file.content());
  return { session: await openSession(graph.encode("head"), { threads, dataFolder: folder }), folder };
}
