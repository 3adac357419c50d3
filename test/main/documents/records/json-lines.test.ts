import type { BadDataReason } from "../../../../preload/contract/failures/bad-data.ts";
import { badDataText } from "../../../../preload/contract/words/bad-data.ts";
import { describe, expect, test } from "vitest";
import { leftOutText } from "../../../../preload/contract/failures/left-out.ts";
import { read, readDocument } from "../read.ts";
import { failureOf, jsonl, scratch } from "../scratch.ts";

const rowsOf = async (content: string | Uint8Array) => (await read("rows.jsonl", content)).rows;

/** What is said of the second line of a file, after "the line", where it alone is left out. */
async function refused(line: string | object) {
  const text = typeof line === "string" ? line : JSON.stringify(line);
  const at = scratch({ "rows.jsonl": `{"prompt":"p","completion":"c"}\n${text}\n` });
  const { rows, leftOut } = await readDocument(at("rows.jsonl"));
  expect(rows).toHaveLength(1);
  expect(leftOut).toMatchObject([{ rows: 1, lines: [2] }]);
  return leftOutText(leftOut[0]!.reason);
}

/** What is said of a whole file that is refused at its second line, after "the line". */
async function refusedWhole(line: string) {
  const at = scratch({ "rows.jsonl": `{"prompt":"p","completion":"c"}\n${line}\n` });
  const failure = await failureOf(() => readDocument(at("rows.jsonl")));
  expect(failure).toMatchObject({ code: "bad-data", path: at("rows.jsonl"), line: 2 });
  const reason = badDataText((failure as { reason: BadDataReason }).reason);
  expect(reason).toMatch(/^(the line|it) /);
  return reason.replace(/^(the line|it) /, "");
}

const question = { question: "Is it?", choices: ["Yes", "No"], answer: 0 };
const chat = [
  { role: "user", content: "Hello" },
  { role: "assistant", content: "Good day" },
];

describe("A JSONL file", () => {
  const row = { prompt: "Was heißt „Bürge“?", completion: " Wer für andere haftet, natürlich" };

  test.each([
    ["utf-16le", Buffer.from(`\ufeff${jsonl(row, row)}`, "utf16le")],
    ["utf-16be", Buffer.from(jsonl(row, row), "utf16le").swap16()],
    ["windows-1252", Buffer.from(jsonl(row, row).replace(/„/g, "\x84").replace(/“/g, "\x93"), "latin1")],
  ])("may be in %s, as programs for Windows write it", async (encoding, content) => {
    const { rows, details } = await readDocument(scratch({ "rows.jsonl": content })("rows.jsonl"));
    expect(details).toEqual({ encoding });
    expect(rows).toMatchObject([
      { line: 1, example: row },
      { line: 2, example: row },
    ]);
  });

  test("has rows in three forms, mixed, and other keys are ignored", async () => {
    const rows = await rowsOf(
      jsonl(
        { prompt: "p", completion: " c", id: 7 },
        { ...question, task: "renewal", subject: "law" },
        { messages: chat, source: "x" },
      ),
    );
    expect(rows).toEqual([
      { line: 1, kind: "example", example: { prompt: "p", completion: " c" } },
      { line: 2, kind: "question", question: { ...question, task: "renewal" } },
      { line: 3, kind: "conversation", conversation: chat },
    ]);
  });

  test("may have a byte order mark, CRLF line ends, blank lines, and no final line end", async () => {
    const rows = await rowsOf(
      '\ufeff{"prompt":"é","completion":"1"}\r\n\r\n{"prompt":"🌳","completion":"2"}',
    );
    expect(rows).toMatchObject([
      { line: 1, example: { prompt: "é", completion: "1" } },
      { line: 3, example: { prompt: "🌳", completion: "2" } },
    ]);
  });

  test("keeps a surrogate pair written as two escapes", async () => {
    expect(await rowsOf('{"prompt":"\\ud83c\\udf33","completion":"x"}')).toMatchObject([
      { example: { prompt: "🌳" } },
    ]);
  });

  test("may have a key named __proto__ without any effect", async () => {
    const rows = await rowsOf('{"prompt":"p","completion":"c","__proto__":{"polluted":true}}');
    expect(rows).toMatchObject([{ example: { prompt: "p", completion: "c" } }]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("without rows is refused", async () => {
    for (const content of ["", "\n \r\n", "\ufeff"]) {
      const failure = await failureOf(() => rowsOf(content));
      expect(failure).toMatchObject({ code: "bad-data", reason: "empty" });
      expect(failure).not.toHaveProperty("line");
    }
  });
});

describe("The line and the reason are reported for", () => {
  test("a line that is not JSON", async () => {
    expect(await refusedWhole('{"prompt":"p","completion":')).toBe("is not valid JSON");
    expect(await refusedWhole("prompt,completion")).toBe("is not valid JSON");
  });
  test("an object that spans several lines", async () => {
    expect(await refusedWhole("{")).toContain("put one whole object on each line");
  });
  test("a JSON array", async () => {
    expect(await refusedWhole("[1,2]")).toContain("is a JSON array; put one object on each line");
  });
  test("a JSON value that is not an object", async () => {
    for (const value of ["1", "null", '"text"', "true"])
      expect(await refusedWhole(value)).toBe("is not a JSON object");
  });
  test("JSON nested 100,000 deep", async () => {
    expect(await refusedWhole("[".repeat(100_000) + "]".repeat(100_000))).toMatch(/JSON/);
  });
  test("unknown keys, with the known forms", async () => {
    const reason = await refused({ words: "something", label: 1 });
    expect(reason).toContain('"words", "label"');
    for (const form of [
      '{"prompt","completion"}',
      '{"question","choices","answer"}',
      '{"messages"}',
      '{"text"}',
    ]) {
      expect(reason).toContain(form);
    }
  });
  test("very many long keys, without listing them all", async () => {
    const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}${"k".repeat(1000)}`, 0]));
    expect((await refused(fields)).length).toBeLessThan(500);
  });
  test("an empty object", async () => {
    expect(await refused({})).toContain("is an empty object");
  });

  test("a prompt without a completion", async () => {
    expect(await refused({ prompt: "p" })).toBe("has a prompt but no completion");
    expect(await refused({ prompt: "p", completion: "" })).toBe("has an empty completion");
    expect(await refused({ prompt: "p", completion: "  \n" })).toBe("has an empty completion");
  });
  test("a completion without a prompt", async () => {
    expect(await refused({ completion: "c" })).toBe("has a completion but no prompt");
  });
  test("a prompt or completion that is not text", async () => {
    expect(await refused({ prompt: { text: "p" }, completion: "c" })).toBe("has a prompt that is not text");
    expect(await refused({ prompt: "p", completion: ["c"] })).toBe("has a completion that is not text");
  });

  test("a question without its answer", async () => {
    expect(await refused({ question: "q", choices: ["a", "b"] })).toBe("has a question without an answer");
    expect(await refused({ ...question, answer: null })).toBe("has a question without an answer");
    expect(await refused({ question: "q" })).toBe("has a question without choices and answer");
  });
  test("a question without choices", async () => {
    expect(await refused({ choices: ["a", "b"], answer: 0 })).toBe("has choices without a question");
    expect(await refused({ ...question, question: " " })).toBe("has an empty question");
  });
  test("an answer outside its choices", async () => {
    expect(await refused({ ...question, answer: 3 })).toBe(
      "has answer 3, but its 2 choices are numbered 0 to 1",
    );
    expect(await refused({ ...question, answer: -1 })).toContain("has answer -1");
  });
  test("an answer that is not the number, letter or text of a choice", async () => {
    for (const answer of ["C", "Maybe", 0.5, true, [0]]) {
      expect(await refused({ ...question, answer })).toContain("not the number of a choice (from 0)");
    }
  });
  test("choices that are too few, too many, no list, no text, empty or ambiguous", async () => {
    const choices = (choices: unknown) => refused({ ...question, choices });
    expect(await choices(["only"])).toBe("has fewer than 2 choices");
    expect(await choices(Array(27).fill("x"))).toBe("has more than 26 choices");
    expect(await choices({ x: "a", y: "b" })).toBe("has choices that are not a list");
    expect(await choices(["a", { b: 2 }])).toBe("has a choice 2 that is not text");
    expect(await choices(["a", ""])).toBe("has an empty choice (number 2)");
    expect(await choices(["a", "b", "a"])).toBe("has the right choice twice");
  });

  test("messages without anything to learn", async () => {
    expect(await refused({ messages: "hello" })).toBe("has messages that are not a list");
    expect(await refused({ messages: [] })).toContain("none from the assistant");
    expect(await refused({ messages: [chat[0]] })).toContain("none from the assistant");
    expect(await refused({ messages: [chat[1]] })).toContain("no other answer");
    expect(await refused({ messages: [chat[0], { role: "assistant", content: " " }] })).toContain(
      "empty assistant answer",
    );
  });
  test("messages with an unknown role or content", async () => {
    expect(await refused({ messages: [{ role: "narrator", content: "x" }, ...chat] })).toContain(
      "system, user and assistant",
    );
    expect(await refused({ messages: [null, ...chat] })).toContain("an unknown role in message 1");
    const parts = [{ type: "image_url", image_url: { url: "x" } }];
    expect(await refused({ messages: [...chat, { role: "user", content: parts }] })).toBe(
      "has a content of message 3 that is not text",
    );
  });

  test("half of a surrogate pair", async () => {
    expect(await refused('{"prompt":"\\ud83c","completion":"c"}')).toContain(
      "a lone surrogate) in its prompt",
    );
    expect(await refused('{"messages":[{"role":"user","content":"\\udf33"}]}')).toContain(
      "content of message 1",
    );
  });
  test("an escaped NUL character", async () => {
    expect(await refused('{"prompt":"p","completion":"a\\u0000b"}')).toBe(
      "has a NUL character in its completion",
    );
  });
});
