import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MEASURED_WRITERS, writerSizeOf } from "../../preload/contract/questions/writer.ts";

const { small, "too-small": tooSmall } = MEASURED_WRITERS;

test("what is said of a small writer is what docs/quality-of-questions.md measured", () => {
  const page = readFileSync("docs/quality-of-questions.md", "utf8").replace(/\s+/g, " ");
  const { written, kept, right, german } = small;
  expect(page).toContain(
    `Of ${written} questions that it wrote from English texts (47, 30, 224, 546, 568 and 284), ${kept} passed the checks (28, 92, 217, 169 and 98), ` +
      `and ${right} of those were right (22, 84, 168, 147 and 82); of ${german.kept} from German ones, ${german.right} were.`,
  );
  expect(page).toMatch(
    new RegExp(`questions written \\| 47 \\| 30 \\|[ \\d|]* ${tooSmall.written} \\| \\| kept`),
  );
  expect([writerSizeOf(tooSmall.parameters), writerSizeOf(small.parameters)]).toEqual(["too-small", "small"]);
});
