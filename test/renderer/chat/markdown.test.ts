import { expect, test } from "vitest";
import { blocksOf } from "../../../renderer/chat/markdown.ts";

const markupOf = (text: string) => blocksOf(text).join("");

test("each block is written in the direction of its first word, as in Hebrew and Arabic", () => {
  const blocks = (text: string) => markupOf(text).match(/<(p|ul|ol|li|blockquote|th|td)\b[^>]*>/g);
  expect(blocks("# שלום\n\nTrees (עצים)!")).toEqual(['<p class="heading" dir="auto">', '<p dir="auto">']);
  expect(blocks("> ציטוט")).toEqual(['<blockquote dir="auto">', "<p>"]);
  expect(blocks("- אחד\n\n- שניים")).toEqual(['<ul dir="auto">', "<li>", "<p>", "<li>", "<p>"]);
  expect(blocks("3. שלוש")).toEqual(['<ol start="3" dir="auto">', "<li>"]);
  expect(blocks("| עץ |\n| -- |\n| אלון |")).toEqual(['<th dir="auto">', '<td dir="auto">']);
  expect(markupOf("```\ncode\n```")).not.toContain("dir");
});

test("LaTeX is shown as it was written", () => {
  const shown = (text: string) =>
    markupOf(text)
      .replaceAll(/<[^>]+>/g, "")
      .trim();
  const inline = String.raw`It is \(\frac{a*b*c}{\{x_1\}}\), so $$x < 2$$ and **not** \[y\\z\].`;
  expect(shown(inline)).toBe(inline.replaceAll("**", "").replace("<", "&lt;"));
  for (const lines of [[String.raw`a \\ b`], ["a", "+ b", "=", "- c"], ["", "a * b * c", ""]]) {
    const display = [String.raw`\[`, ...lines, String.raw`\]`].join("\n");
    expect(shown(display)).toBe(display);
    expect(blocksOf(`That is\n${display}\n- one\n- two`)).toHaveLength(3);
    expect(shown(`1. That is\n   ${display.replaceAll("\n", "\n   ")}\n2. so`)).toContain(display);
  }
  expect(markupOf(String.raw`\[a\] **and** \[b\]`)).toContain("<strong>and</strong>");
  expect(shown(String.raw`Costs \(open and $$5, 3 \* 4`)).toBe("Costs (open and $$5, 3 * 4");
  expect(markupOf("`\\(a\\)`")).toContain("<code>");
});

test("formulas without an end, which a model may begin again and again, take time linear in their number", () => {
  // In quadratic time, this takes ten minutes, longer than a test may.
  for (const opening of ["\\[\n", "\\(", "$$\n\\["])
    expect(blocksOf(opening.repeat(100_000)).length).toBeGreaterThan(0);
});

test("a growing text changes its last block only", () => {
  const text =
    "# Oaks\n\nAn *oak* [is](https://tree)\n\n- a\n- b\n\n---\n\n```\nx\n\ny\n```\n\n| a |\n|---|\n| b |\n\n> end";
  const whole = blocksOf(text);
  expect(whole.map((markup) => /^<(\w+)/.exec(markup)![1])).toEqual([
    ...["p", "p", "ul", "hr", "pre", "table", "blockquote"],
  ]);
  let before: string[] = [];
  for (let end = 1; end <= text.length; end++) {
    const blocks = blocksOf(text.slice(0, end));
    const kept = before.slice(0, -1);
    expect(blocks.slice(0, kept.length)).toEqual(kept);
    before = blocks;
  }
  expect(before).toEqual(whole);
});
