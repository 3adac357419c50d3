import { describe, expect, test } from "vitest";
import type { FieldMapping } from "../../../preload/contract/data/data.ts";
import { formOf, mappingOf, withKind, withRole } from "../../../renderer/wizard/data/mapping.ts";

const questions: FieldMapping = {
  kind: "questions",
  question: ["clause"],
  choices: ["a", "b"],
  answer: "label",
  answerForm: "letter",
  group: "contract",
};
const columns = ["clause", "a", "b", "label", "contract", "note"];

describe("A mapping as a form", () => {
  test.each<[string, FieldMapping]>([
    ["questions", questions],
    [
      "examples",
      {
        kind: "examples",
        form: "chat",
        system: "s",
        history: "h",
        prompt: ["p", "q"],
        completion: "c",
        label: "l",
      },
    ],
    ["conversations", { kind: "conversations", messages: "m", label: "l", group: "g" }],
    ["text", { kind: "text", text: "t" }],
    ["a table", { kind: "table", columns: ["a", "b"] }],
  ])("of %s comes back as it was", (_, mapping) => {
    const named = Object.entries(mapping).flatMap(([key, value]) =>
      ["kind", "form", "answerForm"].includes(key) ? [] : [value].flat(),
    );
    expect(mappingOf(formOf(mapping, named as string[]))).toEqual({ mapping });
  });

  test("columns that it does not name are not used", () => {
    expect(formOf(questions, columns).roles).toEqual({
      clause: "question",
      a: "choices",
      b: "choices",
      label: "answer",
      contract: "group",
      note: "unused",
    });
  });

  test("a role that only one column may have moves; one that several may have is shared", () => {
    const form = formOf(questions, columns);
    expect(withRole(form, "note", "answer").roles).toMatchObject({ label: "unused", note: "answer" });
    expect(withRole(form, "note", "choices").roles).toMatchObject({
      a: "choices",
      b: "choices",
      note: "choices",
    });
  });

  test("of another kind keeps the shared columns, and says what is missing", () => {
    const form = withKind(formOf(questions, columns), "examples");
    expect(form.roles).toMatchObject({ clause: "unused", label: "unused", contract: "group" });
    expect(mappingOf(form)).toEqual({ missing: ["prompt", "completion"] });
    const whole = withRole(withRole(form, "clause", "prompt"), "label", "completion");
    expect(mappingOf(whole)).toEqual({
      mapping: {
        kind: "examples",
        form: "plain",
        prompt: ["clause"],
        completion: "label",
        group: "contract",
      },
    });
  });

  test("of nothing requires everything", () => {
    expect(mappingOf(formOf(null, columns))).toEqual({ missing: ["question", "choices", "answer"] });
  });
});
