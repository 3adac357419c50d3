/**
 * What answers in the tuned model's own words are worth: docs/methods.md. The task is to say one of the sample's
 * clauses in other words, with several right answers each; the test rows have values that no training row has. Every arm is a run of the whole
 * job, whose model then answers the test rows; an answer is right if it is one of the other wordings with the clause's values.
 *
 *     node build/run.js test/lab/study/rewriting.ts --folder FOLDER [--seeds 1,2,3] [--keeps 0.5,0.25] [--arms own,rewritten]
 *
 * Runs and figures stay in FOLDER: the same call continues with what is missing.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { drawSlots } from "../sample/domain/rows.ts";
import { topics } from "../sample/domain/topics.ts";
import { pick } from "../sample/draw.ts";
import { fill } from "../sample/english.ts";
import { openChat, CHAT_FOLDER } from "../../../main/trimming/chat/chat-model.ts";
import { GREEDY } from "../../../main/trimming/evaluation/generated-answers.ts";
import { Reading } from "../../../main/services/data/reading.ts";
import { sample } from "../../../main/services/models/sample.ts";
import { openServices } from "../../../main/services/open.ts";
import type { Services } from "../../../main/services/open.ts";
import { startTrim } from "../../../main/services/runs/running-trim.ts";
import { prepareTrim } from "../../../main/services/runs/trimming.ts";
import { isExactMatch } from "../../../native-models/evaluation/exact-match.ts";
import { answerTogether } from "../../../native-models/inference/together.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { Random } from "../../../native-models/random.ts";
import { patched } from "../../../preload/contract/plans/plan.ts";
import type { PlanPatch } from "../../../preload/contract/plans/plan.ts";
import type { TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { rewriting } from "../../../preload/methods/rewriting.ts";
import { readArguments } from "../../command-line.ts";

const USAGE =
  "node build/run.js test/lab/study/rewriting.ts --folder FOLDER [--seeds 1,2,3] [--keeps 0.5,0.25] [--arms own,rewritten]";

/** The settings of each arm that differ from the defaults. */
const ARMS: Readonly<Record<string, PlanPatch>> = {
  own: {},
  rewritten: { methods: { rewriting: {} } },
};

const ROWS = { train: 720, valid: 80, test: 160 } as const;

const { values } = readArguments(USAGE, {
  options: {
    folder: { type: "string" },
    seeds: { type: "string", default: "1,2,3" },
    keeps: { type: "string", default: "0.5,0.25" },
    arms: { type: "string", default: Object.keys(ARMS).join() },
  },
});

interface Row {
  readonly prompt: string;
  readonly completion: string;
  /** All completions that are right. */
  readonly right: readonly string[];
}

interface Figures {
  readonly arm: string;
  readonly seed: number;
  readonly keep: number;
  /** The share of test rows answered correctly. */
  readonly right: number;
  readonly metrics: TrimOutcome["metrics"];
  readonly seconds: number;
}

const folder = resolve(values.folder!);
mkdirSync(folder, { recursive: true });
const random = new Random(1, "clauses in other words");
const splits = {
  train: rowsOf("train"),
  valid: rowsOf("valid"),
  test: rowsOf("test"),
};
const services = openServices(join(folder, "home"));
const reading = new Reading();
try {
  for (const seed of values.seeds.split(",").map(Number))
    for (const keep of values.keeps.split(",").map(Number))
      for (const arm of values.arms.split(",")) show(await measured(services, arm, seed, keep));
} finally {
  await reading.stop();
  services.close();
}

/** A clause in one wording of the training data, and all other wordings that say the same with the same values. */
function row(split: keyof typeof ROWS): Row {
  for (;;) {
    const topic = pick(random, topics);
    const wordings = (random.integer(2) ? topic.yes : topic.no).train;
    const given = pick(random, wordings);
    const others = wordings.filter((wording) => wording !== given && slotsOf(wording) === slotsOf(given));
    if (others.length < 2) continue;
    const slots = drawSlots(random, split);
    const right = others.map((wording) => ` ${fill(wording, slots)}`);
    const prompt = `Say it in other words.\nClause: ${fill(given, slots)}\nAnswer:`;
    return { prompt, completion: pick(random, right), right };
  }
}

function rowsOf(split: keyof typeof ROWS): Row[] {
  const rows = new Map<string, Row>();
  while (rows.size < ROWS[split]) {
    const one = row(split);
    rows.set(one.prompt, one);
  }
  return [...rows.values()];
}

function slotsOf(wording: string): string {
  return [...new Set(wording.match(/\{\w+\}/g))].sort().join();
}

/** An arm's figures, measured unless they are in the file already. */
async function measured(all: Services, arm: string, seed: number, keep: number): Promise<Figures> {
  const path = join(folder, "figures.jsonl");
  const known = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  const found = known
    .map((line) => JSON.parse(line) as Figures)
    .find((one) => one.arm === arm && one.seed === seed && one.keep === keep);
  if (found) return found;
  const write = (name: keyof typeof splits) => {
    const file = join(folder, `${name}.jsonl`);
    const lines = splits[name].map(({ prompt, completion }) => JSON.stringify({ prompt, completion }));
    writeFileSync(file, `${lines.join("\n")}\n`);
    return [file];
  };
  const { run } = await prepareTrim(all, reading, {
    model: { path: sample.model, name: "sample" },
    sources: { data: write("train"), valid: write("valid"), test: write("test") },
    patch: patched(ARMS[arm]!, { seed, trim: { keep: { fraction: keep } } }),
    name: `${arm} ${seed} ${keep}`,
  });
  const { metrics, seconds, output } = await startTrim(all, run.id).done;
  const right = await rightIn(output);
  const figures = { arm, seed, keep, right, metrics, seconds };
  writeFileSync(path, `${JSON.stringify(figures)}\n`, { flag: "a" });
  return figures;
}

/** The share of the test rows that a model answers correctly in chat. */
async function rightIn(path: string): Promise<number> {
  const model = await openModel(path);
  const decoder = await openChat(model, join(path, CHAT_FOLDER), 2);
  const { tokenizer } = model;
  let right = 0;
  const questions = splits.test.map(({ prompt }) => ({
    prompt: tokenizer.encode(prompt, { addBos: tokenizer.addsBos }),
    options: { ...GREEDY, maxTokens: 64, endIds: tokenizer.eosIds },
  }));
  await answerTogether(decoder, tokenizer, questions, {
    rows: 16,
    cancelled: () => false,
    onAnswer: (index, { text }) => {
      if (splits.test[index]!.right.some((allowed) => isExactMatch(text, allowed))) right++;
    },
  });
  await decoder.close();
  model.close();
  return right / questions.length;
}

function show({ arm, seed, keep, right, metrics: { tuned, trimmed, methods }, seconds }: Figures): void {
  const counts = rewriting.result.safeParse(methods["rewriting"]?.result).data;
  const generated = (of: typeof tuned) => of.generated?.rougeL.value.toFixed(3) ?? "–";
  console.log(
    [
      `${arm.padEnd(10)} seed ${seed}, keep ${keep}`,
      `right ${(100 * right).toFixed(1)}%`,
      `ROUGE-L ${generated(tuned)} → ${generated(trimmed)}`,
      `perplexity ${tuned.perplexity?.toFixed(3)} → ${trimmed.perplexity?.toFixed(3)}`,
      counts
        ? `kept ${counts.kept}, same ${counts.same}, different ${counts.different}, unfinished ${counts.unfinished} of ${counts.asked}`
        : "",
      `${seconds.toFixed(0)} s`,
    ].join("  "),
  );
}
