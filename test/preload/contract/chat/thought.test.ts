import { expect, test } from "vitest";
import { partsOf } from "../../../../preload/contract/chat/thought.ts";

test.each([
  ["an answer without a thought", " Yes.\n", { thought: null, answer: "Yes." }],
  ["a thought and an answer", "<think>\nA lien.\n</think>\n\nYes.", { thought: "A lien.", answer: "Yes." }],
  ["a thought that is being written", "<think>\nA li", { thought: "A li", answer: "" }],
  ["a thought that the template opened", "A lien.\n</think>\n\nYes.", { thought: "A lien.", answer: "Yes." }],
  ["an empty thought", "<think>\n\n</think>\n\nYes.", { thought: null, answer: "Yes." }],
  ["a tag that is spoken of", "Write <think> first.", { thought: null, answer: "Write <think> first." }],
])("%s", (_, text, parts) => {
  expect(partsOf(text)).toEqual(parts);
});
