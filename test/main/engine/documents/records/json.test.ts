import { describe, expect, test } from "vitest";
import { read, refusal } from "../read.ts";

const example = (i: number) => ({ prompt: `p${i}`, completion: `c${i}` });

describe("JSON is read", () => {
  test("as a list of objects, with their first lines", async () => {
    const { format, rows } = await read(
      "a.json",
      '[\n {"prompt": "p1",\n  "completion": "c1"},\n {"prompt":"p2","completion":"c2"}]',
    );
    expect(format).toBe("json");
    expect(rows).toEqual([
      { line: 2, kind: "example", example: example(1) },
      { line: 4, kind: "example", example: example(2) },
    ]);
  });

  test("as the longest list in an object, whatever surrounds it", async () => {
    const data = { version: "data", few: [{ a: 1 }], data: [example(1), example(2)], tags: ["x", "y", "z"] };
    const { rows } = await read("a.json", JSON.stringify(data, null, 2));
    expect(rows.map(({ line }) => line)).toEqual([9, 13]);
  });

  test("but not if its lists are splits, of which all but one would be lost", async () => {
    const splits = { train: [example(1)], test: [example(2)] };
    expect((await refusal("a.json", JSON.stringify(splits))).reason).toBe(
      'the JSON contains several lists ("train", "test"); save each as a file of its own with that name',
    );
    expect(
      (await read("a.json", JSON.stringify({ train: [example(1)], labels: [{ a: 1 }] }))).rows,
    ).toHaveLength(1);
  });

  test("whatever its name and encoding", async () => {
    const text = JSON.stringify([example(1)]);
    expect((await read("a.txt", text)).format).toBe("json");
    expect((await read("a.jsonl", `${text}\n`)).format).toBe("json");
    expect((await read("a.json", Buffer.from(`\ufeff${text}`, "utf16le"))).details.encoding).toBe("utf-16le");
    const lines = `${JSON.stringify(example(1))}\n${JSON.stringify(example(2))}\n`;
    for (const name of ["a.json", "a.txt", "a"]) expect((await read(name, lines)).format).toBe("jsonl");
    expect((await read("a.md", "[link](x) and {braces}\n")).format).toBe("markdown");
  });

  test("only where it is JSON: texts may begin with brackets", async () => {
    for (const text of [
      "[ ] Call\n[x] Write\n",
      "[{Name}] signs.\n",
      '{"Term" is defined.}\n',
      "[]\n\nText.\n",
    ])
      for (const [name, format] of [
        ["a.txt", "text"],
        ["a.md", "markdown"],
      ] as const)
        expect((await read(name, text)).format).toBe(format);
    expect(await refusal("a.txt", ' [ {"prompt" : "a", "completion": } ]')).toMatchObject({
      reason: expect.stringMatching(/JSON/) as string,
    });
  });

  test("without rows that are not objects", async () => {
    const { rows, leftOut } = await read("a.json", JSON.stringify([example(1), 7, example(2)], null, 1));
    expect(rows).toHaveLength(2);
    expect(leftOut).toEqual([{ reason: { code: "not-an-object" }, rows: 1, lines: [6] }]);
  });

  test("with long texts full of brackets, quotes and backslashes", async () => {
    const prompt = '[{"\\'.repeat(500_000);
    const { rows } = await read("a.json", JSON.stringify([{ prompt, completion: "c" }, example(1)], null, 1));
    expect(rows).toMatchObject([{ line: 2, example: { prompt } }, { line: 6 }]);
  });
});

describe("Articles with passages and their questions, as in SQuAD, are read", () => {
  const asked = (question: string, ...answers: string[]) => ({
    id: question,
    question,
    answers: answers.map((text) => ({ text, answer_start: 0 })),
    is_impossible: answers.length === 0,
  });
  const articles = Array.from({ length: 12 }, (_, article) => ({
    title: `Title ${article}`,
    paragraphs: ["a", "b"].map((context) => ({
      context: `${context}${article}`,
      qas: [asked(`q${context}${article}?`, "first", "second")],
    })),
  }));
  const readArticles = (data: object[]) =>
    read("train.json", JSON.stringify({ version: "v2.0", data }, null, 1));

  test("a row for each question with its first answer, those of an article in one group", async () => {
    const { rows, leftOut } = await readArticles(articles);
    expect(leftOut).toEqual([]);
    expect(rows).toHaveLength(24);
    expect(rows[3]).toMatchObject({
      conversation: [
        { role: "user", content: "b1\n\nqb1?" },
        { role: "assistant", content: "first" },
      ],
      group: "Title 1",
    });
  });

  test("by passages if all are of one article", async () => {
    const paragraphs = articles.map(({ paragraphs: [one] }) => ({
      ...one,
      qas: [...one!.qas, asked("r?", "c")],
    }));
    const { rows } = await readArticles([{ title: "One", paragraphs }]);
    expect(new Set(rows.map(({ group }) => group)).size).toBe(12);
  });

  test("a question that its passage does not answer says so, in the language of the passage", async () => {
    const passages = ["The garden is open on Sundays.", "Der Garten ist sonntags geöffnet."];
    const paragraphs = passages.map((context) => ({ context, qas: [asked("q?")] }));
    const { rows, leftOut } = await readArticles([...articles, { title: "Gardens", paragraphs }]);
    expect(leftOut).toEqual([]);
    expect(rows.slice(24)).toMatchObject([
      { conversation: [{ content: `${passages[0]}\n\nq?` }, { content: "The text does not say." }] },
      { conversation: [{ content: `${passages[1]}\n\nq?` }, { content: "Das steht nicht im Text." }] },
    ]);
  });

  test("without questions that have neither an answer nor a mark, and whatever is no passage", async () => {
    const odd = [null, 7, { context: "x" }, { context: "x", qas: [null, 3] }, { qas: [asked("q?", "a")] }];
    const { rows, leftOut } = await readArticles([
      ...articles,
      { paragraphs: odd },
      { paragraphs: [{ context: "c", qas: [{ question: "q?", answers: [] }] }] },
    ]);
    expect(rows).toHaveLength(25);
    expect(leftOut.map(({ reason, rows }) => [reason.code, rows])).toEqual([["empty", 1]]);
  });
});

test("A record with paragraphs that have no questions stays as it is", async () => {
  const { rows } = await read(
    "a.json",
    JSON.stringify([{ text: "Some text.", paragraphs: ["Some", { context: "text" }] }]),
  );
  expect(rows).toMatchObject([{ example: { completion: "Some text." } }]);
});

test("The columns of an object with 32,000 keys are the first thousand", async () => {
  const names = Array.from({ length: 32_000 }, (_, index) => `key ${index}`);
  const record = Object.fromEntries(["prompt", "answer", ...names].map((name) => [name, "x"]));
  const { columns, count } = await read("a.json", JSON.stringify([record]));
  expect(columns).toEqual(["prompt", "answer", ...names.slice(0, 998)]);
  expect(count).toBe(1);
});

describe("JSON is refused", () => {
  test("if it is invalid, at the line", async () => {
    expect(await refusal("a.json", '[\n{"prompt":"p",\n"completion" "c"}]')).toEqual({
      line: 3,
      reason: "the JSON is not valid here",
    });
  });

  test("if it is truncated", async () => {
    const whole = JSON.stringify([example(1), example(2)], null, 1);
    for (let length = 4; length < whole.length; length += 5) {
      expect((await refusal("a.json", whole.slice(0, length))).reason).toMatch(/truncated|not valid here/);
    }
    expect((await refusal("a.json", "[")).reason).toMatch(/truncated/);
  });

  test("if it contains no list of objects", async () => {
    for (const value of ["[1,2]", "[]", '{"a":{"b":[]}}', "7", '"text"', '["a"]']) {
      expect((await refusal("a.json", value)).reason).toMatch(/no list of objects/);
    }
    expect((await refusal("a.json", " \n")).reason).toBe("the file is empty");
    expect((await refusal("a.json", "prompt,completion\na,b\n")).reason).toBe("the JSON is not valid here");
  });

  test("if it is nested 100,000 deep", async () => {
    expect((await refusal("a.json", "[".repeat(100_000) + "]".repeat(100_000))).reason).toMatch(/JSON/);
  });
});
