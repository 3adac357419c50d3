import { describe, expect, test } from "vitest";
import { markdownBlocks } from "../../../../main/documents/markup/markdown.ts";
import { writtenBlocks } from "../read.ts";

describe("The blocks of a Markdown text", () => {
  test("are its headings, paragraphs, items and rows, each with its line", async () => {
    const text = `Boats
=====

For *hire* by
the day.
## Rules
- life jackets
  for all
  1. the crew
  2. the guests

  or swim
* [no dogs](a.html)

7. first
8. second

| Day | Fee |
| --- | ---: |
| 1 | 10 |
> quoted
`;
    expect(await writtenBlocks("a.md", text)).toEqual([
      "1 # Boats",
      "4 For hire by\nthe day.",
      "6 ## Rules",
      "7 - life jackets\nfor all",
      "9   1. the crew",
      "10   2. the guests",
      "12 or swim",
      "13 - no dogs",
      "15 7. first",
      "16 8. second",
      "18 Day | Fee",
      "20 1 | 10",
      "21 quoted",
    ]);
  });

  test.each([
    ["**14 days** *at most*, ~~or __21__~~", "14 days at most, or 21"],
    [
      "[the ![two](b.png) rules](a.html 'Rules') and <https://a.example>",
      "the two rules and https://a.example",
    ],
    ["2 \\* 3, snake_case_name, a &amp; b, 5 * 3 * 2", "2 * 3, snake_case_name, a & b, 5 * 3 * 2"],
    ["first<br>second  \nthird<!-- not this -->", "first\nsecond\nthird"],
    ["Dear <name>, H<sub>2</sub>O is <span class='x'>wet</span>", "Dear <name>, H2O is wet"],
    ["`**code**` and $a_1*b_1 = c*d$", "`**code**` and $a_1*b_1 = c*d$"],
    ["[^1] [text][ref] [ ] **open", "[^1] [text][ref] [ ] **open"],
  ])("have no marks within their lines: %s", (marked, plain) => {
    expect([...markdownBlocks(marked)].map(({ text }) => text)).toEqual([plain]);
    expect([...markdownBlocks(`| A |\n| --- |\n| ${marked.replaceAll("\n", " ")} |`)][1]!.text).toBe(
      plain.replace(/\s+/g, " "),
    );
  });

  test("leave out items without text, and what follows them is no item", async () => {
    expect(await writtenBlocks("a.md", "1.\n2. oars\n-\n\nBy day.\n")).toEqual(["2 2. oars", "5 By day."]);
  });

  test("keep programs and HTML as they are, but not comments", () => {
    const text = "```js\nlet a;\n\nlet b;\n```\n\n    indented\n\n<div>\nx\n</div>\n\n<!-- hidden -->\n";
    expect([...markdownBlocks(text)].map(({ text }) => text)).toEqual([
      "```js\nlet a;\n\nlet b;\n```",
      "indented",
      "<div>\nx\n</div>",
    ]);
  });

  test("do not include metadata above the text, except a title that it does not have itself", async () => {
    const read = (text: string) => writtenBlocks("a.md", text);
    const metadata = 'date: 2026-01-02\ntitle: "Boats: a guide"\ntags:\n  - hire\n- oars\n\n# note\n';
    expect(await read(`---\n${metadata}---\n\nFor hire.\n`)).toEqual(["3 # Boats: a guide", "11 For hire."]);
    expect(await read(`---\r\ntitle: Boats\r\n---\r\n# For hire\r\n\r\nBy day.`)).toEqual([
      "4 # For hire",
      "6 By day.",
    ]);
    expect(await read("---\nWe hire boats.\n\n---\n\nBy day.\n")).toEqual(["2 We hire boats.", "6 By day."]);
  });

  test("are the same in a text of megabytes, which is parsed in pieces", () => {
    const section = "## Section\n\nSome words.\n\n- one\n- two\n\n";
    const count = 60_000;
    const blocks = [...markdownBlocks(section.repeat(count))];
    expect(blocks.length).toBe(4 * count);
    expect(blocks[4 * count - 1]).toEqual({
      kind: "item",
      place: 7 * count - 1,
      level: 1,
      mark: "-",
      text: "two",
    });
  });
});
