import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan } from "../run/tiny-run.ts";

/** The answers that a run gives to its few questions, by where it is. */
async function watched(folder: string, plan = tinyPlan(folder)) {
  const context = collecting();
  await runTrim({ runFolder: folder, plan, model: tinyModel(), encoder: characters }, context);
  return context.events.flatMap((event) => (event.event === "answers" ? [event] : []));
}

test("the same three questions are answered before training and after each round; a resumed run repeats the answers", async () => {
  const folder = temporaryFolder();
  const answers = await watched(folder);
  expect(answers.map(({ name, units }) => [name, units])).toEqual([
    ["base", 2],
    ["tuned", 2],
    ["round 1", 1],
    ["healed", 1],
  ]);
  for (const { answers: three } of answers) {
    expect(three.map(({ question }) => question)).toEqual(
      answers[0]!.answers.map(({ question }) => question),
    );
    for (const { answer, expected, right } of three) expect(right).toBe(answer === expected);
  }
  expect(answers[0]!.answers).toHaveLength(3);
  expect(await watched(folder)).toEqual(answers);
});

test("without questions, rows with a prompt are answered in the model's own words", async () => {
  const folder = temporaryFolder();
  const plan = tinyPlan(folder);
  const file = join(folder, "data", "test.json");
  const { examples } = JSON.parse(readFileSync(file, "utf8")) as { examples: unknown[] };
  writeFileSync(file, JSON.stringify({ examples, questions: [] }));
  const [first] = await watched(folder, plan);
  expect(first!.answers).toHaveLength(3);
  for (const { answer, right } of first!.answers) {
    expect(right).toBeNull();
    expect(typeof answer).toBe("string");
  }
});
