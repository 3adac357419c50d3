/** A trim of a model to half of its blocks on a few questions of the built-in sample: seconds, whichever model it is. */
import { join } from "node:path";
import { readDataset } from "../../../../main/documents/dataset.ts";
import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import { withModel } from "../../../../native-models/open-model.ts";
import { cutSample } from "../../cut-sample.ts";
import { collecting, runTrim } from "./tiny-run.ts";

export interface ShortTrim {
  /** The dropped blocks, by round, in the order in which they went. */
  readonly drops: readonly (readonly number[])[];
  /** The loss of the healed half on each test question. */
  readonly nlls: readonly number[] | undefined;
}

/** Uses one thread and the default recipe, apart from its lengths. `folder`: an empty one. */
export async function shortTrim(path: string, folder: string, seed: number): Promise<ShortTrim> {
  const data = cutSample(folder, { "train.jsonl": 24, "valid.jsonl": 24, "test.jsonl": 8 });
  const rows = join(folder, "rows");
  await readDataset({
    data: [join(data, "train.jsonl")],
    valid: [join(data, "valid.jsonl")],
    test: [join(data, "test.jsonl")],
    out: rows,
    seed: 1,
  });
  return withModel(path, async (model) => {
    const { blocks, maxPositions, hiddenSize } = model.config;
    const plan = planTrim(
      { model: { path, layers: blocks.length, maxPositions, hiddenSize }, sha256: "", dataFolder: rows },
      {
        threads: 1,
        seed,
        maxTokens: 256,
        tune: { maxEpochs: 1 },
        trim: { rowsPerRound: 8, calibrationRows: 12 },
        heal: { epochs: 1 },
      },
    );
    const context = collecting();
    const input = { runFolder: join(folder, "run"), plan, model, encoder: model.tokenizer };
    const { depths } = await runTrim(input, context);
    return {
      drops: context.events.flatMap((event) => (event.event === "dropped" ? [event.units] : [])),
      nlls: depths.at(-1)!.measured.test.nlls,
    };
  });
}
