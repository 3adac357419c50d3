/**
 * How good written questions are, and whether their doubt ranks them, from a list that a person has validated:
 * node build/run.js test/lab/study/written-questions.ts test/lab/results/written-questions.jsonl
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { QuestionKind } from "../../../preload/contract/questions/written-questions.ts";

/** A line of `coppice questions export`, with the reader's judgement. */
const ReadQuestion = z.object({
  kind: QuestionKind,
  doubt: z.number(),
  right: z.boolean(),
  model: z.string(),
});
type ReadQuestion = z.infer<typeof ReadQuestion>;

const [path = "test/lab/results/written-questions.jsonl"] = process.argv.slice(2);
const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
const all = lines.map((line) => ReadQuestion.parse(JSON.parse(line)));

for (const model of new Set(all.map((one) => one.model))) {
  const own = all.filter((one) => one.model === model);
  console.log(`\n## ${model}\n\n| questions | read | right |\n| --- | ---: | ---: |`);
  row("all", own);
  for (const kind of QuestionKind.options)
    row(
      kind,
      own.filter((one) => one.kind === kind),
    );
  const sorted = [...own].sort((a, b) => a.doubt - b.doubt);
  for (const [i, name] of ["least", "middle", "most"].entries())
    row(`${name} doubtful third`, sorted.slice((i * own.length) / 3, ((i + 1) * own.length) / 3));
  console.log(
    `\nA wrong question has more doubt than a right one with probability ${ranking(own).toFixed(2)}.`,
  );
}

function row(name: string, some: readonly ReadQuestion[]): void {
  if (some.length === 0) return;
  const right = some.filter((one) => one.right).length;
  console.log(`| ${name} | ${some.length} | ${right} (${Math.round((100 * right) / some.length)}%) |`);
}

/** The area under the ROC curve, over all pairs of a wrong and a right question; ties count half. */
function ranking(some: readonly ReadQuestion[]): number {
  const [right, wrong] = [some.filter((one) => one.right), some.filter((one) => !one.right)];
  const scores = wrong.flatMap((w) =>
    right.map((r) => (w.doubt > r.doubt ? 1 : w.doubt === r.doubt ? 0.5 : 0)),
  );
  return scores.reduce<number>((sum, score) => sum + score, 0) / scores.length;
}
