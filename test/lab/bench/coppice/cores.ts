/** The product's native decoder by itself, with any number of threads. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ropeTables } from "../../../../native-models/architectures/rope.ts";
import { toHalves } from "../../../../native-models/formats/half.ts";
import { NativeDecoder } from "../../../../native-models/inference/native.ts";
import { stepsOf } from "../../../../native-models/inference/steps.ts";
import { WEIGHTS_FILE } from "../../../../native-models/inference/weights-file.ts";
import { wholeModelGraph } from "../../../../native-models/inference/whole-model-graph.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { chatFolderFor } from "./decode.ts";
import type { OpenCores, Work } from "../cores.ts";

export const open: OpenCores = async ({ modelPath, precision, context }) => {
  const model = await openModel(modelPath);
  const { folder, description } = await chatFolderFor(model, modelPath, precision);
  const program = stepsOf(model, description)!;
  const { rotations } = wholeModelGraph(model, description);
  const { vocabularySize } = model.config;
  model.close();
  const decoder = NativeDecoder.open(join(folder, WEIGHTS_FILE), program, { threads: 1 })!;
  const caches = program.attentions.flatMap(({ kvHeads, headDim }) =>
    [0, 1].map(() =>
      toHalves(
        Float32Array.from({ length: kvHeads * context * headDim }, (_, index) => Math.sin(index * 0.7)),
      ),
    ),
  );
  const logits = new Float32Array(vocabularySize);
  const token = (position: number) => {
    const angles = rotations.map((rotation) => ({
      ...ropeTables(rotation, 1, position),
      growth: Float32Array.of(1),
    }));
    const tokens = [(position * 31) % vocabularySize];
    decoder.run([{ tokens, position, caches, rows: context, angles, states: [] }], [0], logits);
  };
  return {
    answer: ({ threads, tokens, busy }) =>
      beside(busy, () => {
        decoder.useThreads(threads);
        const first = context - tokens;
        for (let warm = 0; warm < 3; warm++) token(first);
        decoder.measure(1);
        const started = performance.now();
        for (let position = first; position < context; position++) token(position);
        const seconds = (performance.now() - started) / 1000;
        const { tasks, tasksNs } = decoder.measure(1);
        return { seconds: seconds / tokens, tasks: tasks / tokens, inTasks: tasksNs / 1e9 / tokens };
      }),
    costs: (threads) => {
      decoder.useThreads(threads);
      decoder.measure();
      const { emptyNs, weightBytes, readingNs } = decoder.measure();
      return Promise.resolve({ emptyNs, weightBytes, bytesPerSecond: (weightBytes / readingNs) * 1e9 });
    },
  };
};

/** Runs `work` while `busy` other programs use a core each without a pause. */
async function beside(busy: number, work: () => Work): Promise<Work> {
  const programs = Array.from({ length: busy }, () => spawn(process.execPath, ["-e", "for (;;);"]));
  try {
    if (busy > 0) await new Promise((resolve) => setTimeout(resolve, 300));
    return work();
  } finally {
    for (const program of programs) program.kill("SIGKILL");
  }
}
