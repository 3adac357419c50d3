/** The processor time of constraining an answer to a JSON schema. */
import { existsSync } from "node:fs";
import { basename, delimiter } from "node:path";
import { Constraint, Follower } from "../../../native-models/constraints/constraint.ts";
import { isAllowed } from "../../../native-models/constraints/mask.ts";
import { Vocabulary } from "../../../native-models/constraints/vocabulary.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { Random } from "../../../native-models/random.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Row } from "./harness/benchmark.ts";
import { median } from "./harness/paired.ts";

const text = (maxLength: number) => ({ type: "string", maxLength });
const properties = {
  kind: { enum: ["fact", "definition", "yes or no", "comparison"] },
  question: { ...text(300), minLength: 10 },
  answer: text(400),
  quote: text(600),
  page: { type: "integer", minimum: 1, maximum: 999 },
  terms: { type: "array", items: text(40), maxItems: 5 },
};
const SCHEMA = { type: "object", properties, required: Object.keys(properties) };
const MOST_TOKENS = 400;

export const masks: Benchmark = {
  name: "masks",
  timed: false,
  measures:
    "A JSON schema of six properties, and an answer of random tokens that the masks allow, in processor time of one thread: building the tree of the vocabulary, once " +
    "per model; the schema's grammar; the masks of the first answer, and of the same answer again. Further vocabularies are those of the files in COPPICE_GGUF.",
  columns: [
    { key: "vocabulary", title: "vocabulary, ms", unit: "ms" },
    { key: "schema", title: "schema, ms", unit: "ms" },
    { key: "first", title: "mask of a token, first answer", unit: "ms" },
    { key: "most", title: "the slowest of them", unit: "ms" },
    { key: "again", title: "mask of a token, again", unit: "ms" },
  ],
  targets: [],

  async run({ rounds, wants }) {
    const given = (process.env.COPPICE_GGUF ?? "").split(delimiter).filter((path) => existsSync(path));
    const rows: Row[] = [];
    for (const path of [smolLm2(), ...given]) {
      const tokenizer = await tokenizerOf(path);
      const name = `${basename(path, ".gguf")}, ${tokenizer.vocabularySize} tokens`;
      if (!wants(name)) continue;
      const each = [costs(tokenizer)];
      while (each.length < rounds) each.push(costs(await tokenizerOf(path)));
      const medianOfAll = (figure: keyof Costs) => median(each.map((one) => one[figure]));
      rows.push({
        name,
        figures: {
          vocabulary: medianOfAll("vocabulary"),
          schema: medianOfAll("schema"),
          first: medianOfAll("first"),
          most: medianOfAll("most"),
          again: medianOfAll("again"),
        },
      });
    }
    return rows;
  },
};

/** A new one each time, since the tree of its vocabulary is kept with it. */
async function tokenizerOf(path: string): Promise<Tokenizer> {
  const model = await openModel(path);
  model.close();
  return model.tokenizer;
}

/** In milliseconds. */
type Costs = Record<"vocabulary" | "schema" | "first" | "most" | "again", number>;

function costs(tokenizer: Tokenizer): Costs {
  const { ms: vocabulary } = timed(() => Vocabulary.of(tokenizer, tokenizer.eosIds));
  const made = timed(
    () => new Constraint({ kind: "json-schema", schema: SCHEMA }, tokenizer, tokenizer.eosIds),
  );
  const [first, again] = [walk(made.value, tokenizer), walk(made.value, tokenizer)];
  return { vocabulary, schema: made.ms, first: mean(first), most: Math.max(...first), again: mean(again) };
}

/** The milliseconds of each mask of a random answer, which is the same answer for the same constraint. */
function walk(constraint: Constraint, { vocabularySize, eosIds }: Tokenizer): number[] {
  const follower = new Follower(constraint);
  const random = new Random(1, "masks");
  const each: number[] = [];
  while (!follower.isFinished && each.length < MOST_TOKENS) {
    const { ms, value: mask } = timed(() => follower.mask());
    each.push(ms);
    const ids = [...Array(vocabularySize).keys()].filter((id) => isAllowed(mask, id) && !eosIds.includes(id));
    follower.accept(ids[random.integer(ids.length)]!);
  }
  return each;
}

function timed<Value>(call: () => Value): { ms: number; value: Value } {
  const before = process.cpuUsage();
  const value = call();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, value };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
