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
      reason: "it is not valid JSON",
    });
  });

  test("if it is truncated", async () => {
    const whole = JSON.stringify([example(1), example(2)], null, 1);
    for (let length = 4; length < whole.length; length += 5) {
      expect((await refusal("a.json", whole.slice(0, length))).reason).toMatch(/truncated|not valid/);
    }
    expect((await refusal("a.json", "[")).reason).toMatch(/truncated/);
  });

  test("if it contains no list of objects", async () => {
    for (const value of ["[1,2]", "[]", '{"a":{"b":[]}}', "7", '"text"', '["a"]']) {
      expect((await refusal("a.json", value)).reason).toMatch(/no list of objects/);
    }
    expect((await refusal("a.json", " \n")).reason).toBe("the file is empty");
    expect((await refusal("a.json", "prompt,completion\na,b\n")).reason).toBe("it is not valid JSON");
  });

  test("if it is nested 100,000 deep", async () => {
    expect((await refusal("a.json", "[".repeat(100_000) + "]".repeat(100_000))).reason).toMatch(/JSON/);
  });
});
