import { expect, test } from "vitest";
import { LeftOutReason, leftOutText } from "../../../preload/contract/failures/left-out.ts";
import { leftOutText as germanText } from "../../../renderer/messages/de/left-out.ts";

const parts = {
  part: "choice",
  number: 3,
  form: "letter",
  answer: 7,
  choices: 4,
  fields: 3,
  expected: 2,
  columns: ["Wert"],
  more: true,
};
const reasons = LeftOutReason.options.map(({ shape }) =>
  LeftOutReason.parse({ ...parts, code: shape.code.value }),
);

test.each(reasons)("the reason $code has a sentence in each language, with all its details", (reason) => {
  for (const text of [leftOutText(reason), germanText(reason)]) {
    expect(text).not.toMatch(/undefined|\[object/);
    for (const value of Object.values(reason))
      if (typeof value === "number") expect(text).toContain(String(value));
  }
});
