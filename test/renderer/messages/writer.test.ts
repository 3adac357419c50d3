import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { MEASURED_WRITERS, measuredWriterText, writerSizeOf } from "../../../preload/contract/writer.ts";
import { language } from "../../../renderer/messages/language.svelte.ts";
import { t } from "../../../renderer/messages/index.svelte.ts";

const { small, "too-small": tooSmall } = MEASURED_WRITERS;

afterEach(() => {
  language.now = "en";
});

test("what is said of a small writer is what docs/quality-of-questions.md measured", () => {
  const page = readFileSync("docs/quality-of-questions.md", "utf8").replace(/\s+/g, " ");
  const { written, kept, right, german } = small;
  expect(page).toContain(
    `Of ${written} questions that it wrote from English texts (47, 30 and 224), ${kept} stood the checks (28 and 92), ` +
      `and ${right} of those were right (22 and 84); of ${german.kept} from German ones, ${german.right} were.`,
  );
  expect(page).toMatch(new RegExp(`questions written \\| 47 \\| 30 \\| ${tooSmall.written} \\|`));
  expect([writerSizeOf(tooSmall.parameters), writerSizeOf(small.parameters)]).toEqual(["too-small", "small"]);
});

test("the window says the same figures in each language, as the language writes them", () => {
  const said = () =>
    [t.questions.writerSizes["too-small"].text("5"), t.questions.writerSizes.small.text("6")].join(" ");
  expect(said()).toContain(measuredWriterText("too-small"));
  expect(said()).toContain(measuredWriterText("small"));
  const figures = (text: string) => (text.match(/\d[\d.,]*\d|\d/g) ?? []).map(Number).sort((a, b) => a - b);
  const english = figures(said());
  expect(english).toEqual([1.5, 3, 5, 6, 7, 30, 106, 120, 301, 494]);
  language.now = "de";
  expect(said()).toContain("1,5 Mrd.");
  expect(figures(said().replaceAll(",", ".").replaceAll(". ", " "))).toEqual(english);
});
