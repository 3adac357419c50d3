import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices } from "../../../main/services/open.ts";
import { dataSetForTest } from "../services/questions/data-set.ts";
import { agreed, storedPassages } from "../services/questions/passages.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { start } from "./command.ts";
import { coppice } from "./in-process.ts";

/** A home with the data set "hire"; with questions, one from each of its first passages, the last the most doubtful. */
function homeWithQuestions(questions: number): string {
  const home = join(temporaryFolder(), "home");
  const services = openServices(home);
  const { writings } = services;
  const dataSet = dataSetForTest(services);
  if (questions > 0) {
    const entry = { dataSet, name: "hire", model: "sample", modelName: "sample" };
    const id = writings.create({
      ...entry,
      kinds: ["fact"],
      passages: storedPassages(Math.max(8, questions)),
    });
    const passages = writings.next(id, questions);
    const kept = passages.map(({ id: passageId }, i) => ({
      kind: "fact" as const,
      question: `How long ${i}?`,
      answer: `${i} days`,
      evidence: "…",
      passageId,
      doubt: i / 10,
      checks: agreed,
    }));
    writings.record(id, passages, { kept, thrown: {} }, 1);
  }
  services.close();
  return home;
}

test("coppice questions write writes from a data set for some minutes", async () => {
  const home = homeWithQuestions(0);
  const write = ["write", "hire", "--model", "sample", "--minutes", "0.01", "--kinds", "yes-no"];
  const written = await coppice(home, ["questions", ...write]);
  expect(written.output).toMatch(/of 40 passages/);
  expect(written.output).toContain("too few to write usable questions");
  const listed = await coppice(home, ["questions", "list", "--json"]);
  const [writing] = (
    listed.events.at(-1) as unknown as { writings: { passages: { done: number }; kinds: string[] }[] }
  ).writings;
  expect(writing!.passages.done).toBeGreaterThan(0);
  expect(writing!.kinds).toEqual(["yes-no"]);
});

test("stopped by Ctrl-C, coppice questions write says how to continue, and keeps what it has", async () => {
  const home = homeWithQuestions(0);
  const running = start(home, ["questions", "write", "hire", "--model", "sample", "--json"]);
  await running.event(({ event }) => event === "progress");
  running.process.kill("SIGINT");
  const { code, errors } = await running.ended;
  expect(code).toBe(130);
  expect(errors).toMatch(/Stopped\. Run "coppice questions resume (\d+)" to continue\.\n$/);
  const listed = await coppice(home, ["questions", "list", "--json"]);
  expect(listed.events.at(-1)).toMatchObject({ writings: [{ state: "stopped", failure: null }] });
});

test("without a model, coppice questions write takes one of this computer, and says if none fits", async () => {
  const home = homeWithQuestions(0);
  const environment = { COPPICE_MEMORY_LIMIT_BYTES: "1000" };
  const { code, errors } = await coppice(home, ["questions", "write", "hire"], { environment });
  expect(errors).toContain("no chat model that fits the free memory was found");
  expect(code).not.toBe(0);
});

test("coppice questions show, check and export what was written", async () => {
  const home = homeWithQuestions(3);
  const shown = await coppice(home, ["questions", "show", "1", "--first", "1", "--order", "doubt"]);
  expect(shown.output).toContain("3 of 8 passages, 3 questions");
  expect(shown.output).toContain("How long 2?");
  expect(shown.output).not.toContain("How long 1?");
  const checked = await coppice(home, [
    "questions",
    "check",
    "--keep",
    "1",
    "2",
    "--drop",
    "3",
    "--edit",
    "1",
    "--answer",
    "none",
  ]);
  expect(checked.output).toBe("1: kept\n2: kept\n3: dropped\n1: edited\n");
  const file = join(temporaryFolder(), "questions.jsonl");
  await coppice(home, ["questions", "export", "1", file, "--only-checked"]);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { question: "How long 0?", answer: "none", state: "edited", document: "hire 0.txt" },
    { question: "How long 1?", answer: "1 days", state: "kept" },
  ]);
});

test("coppice questions show shows as many as it is asked for", async () => {
  const home = homeWithQuestions(103);
  const { output } = await coppice(home, ["questions", "show", "1", "--first", "102"]);
  expect(output.match(/How long \d+\?/g)).toHaveLength(102);
  expect(output).toContain("1 more:");
});

test("coppice questions check takes no text without a question to edit, nor an edit without text", async () => {
  const home = homeWithQuestions(1);
  const check = (...options: string[]) => coppice(home, ["questions", "check", ...options]);
  for (const options of [
    ["--answer", "none"],
    ["--edit", "1"],
  ]) {
    const refused = await check(...options);
    expect([refused.code, refused.errors.includes("Name one question with --edit")]).toEqual([2, true]);
  }
  expect((await check("--edit", "1", "--answer", " ")).errors).toContain("Editing a question");
  expect((await coppice(home, ["questions", "show", "1"])).output).toContain("0 days");
});

test("coppice questions check changes none if it does not find one of them", async () => {
  const home = homeWithQuestions(2);
  const refused = await coppice(home, ["questions", "check", "--keep", "1", "--drop", "3"]);
  expect([refused.code, refused.output]).toEqual([1, ""]);
  expect(refused.errors).toContain('"3"');
  const { output } = await coppice(home, ["questions", "show", "1", "--state", "unseen"]);
  expect(output.match(/How long \d+\?/g)).toHaveLength(2);
});

test("options of reading documents are refused for a data set, which was read before", async () => {
  const home = homeWithQuestions(0);
  for (const [option, ...value] of [["--mask", "all"], ["--name", "Yard"], ["--keep-boilerplate"]]) {
    const asked = ["write", "hire", "--model", "sample", option!, ...value];
    const { code, errors } = await coppice(home, ["questions", ...asked]);
    expect([code, errors.includes(option!), errors.includes("was read before")]).toEqual([1, true, true]);
  }
  expect((await coppice(home, ["questions", "list"])).output).toContain("No questions");
});

test("not-in-text is refused without the kinds that it reuses", async () => {
  const kinds = ["--model", "sample", "--kinds", "not-in-text,yes-no"];
  const refused = await coppice(homeWithQuestions(0), ["questions", "write", "hire", ...kinds]);
  expect([refused.code, refused.output]).toEqual([2, ""]);
  expect(refused.errors).toContain("facts and definitions");
});

test("a kind that there is not is refused with those that there are", async () => {
  const refused = await coppice(homeWithQuestions(0), [
    "questions",
    "write",
    "hire",
    "--model",
    "sample",
    "--kinds",
    "riddle",
  ]);
  expect(refused.errors).toContain("fact, definition, yes-no, comparison, not-in-text");
  expect(refused.code).toBe(2);
});
