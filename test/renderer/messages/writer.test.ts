import { afterEach, expect, test } from "vitest";
import { measuredWriterText } from "../../../preload/contract/questions/writer.ts";
import { language } from "../../../renderer/messages/language.svelte.ts";
import { t } from "../../../renderer/messages/index.svelte.ts";

afterEach(() => {
  language.now = "en";
});

test("what was measured of small writers has the same figures in each language, as the language writes them", () => {
  const said = () =>
    [t.questions.writerSizes["too-small"].text("5"), t.questions.writerSizes.small.text("6")].join(" ");
  expect(said()).toContain(measuredWriterText("too-small"));
  expect(said()).toContain(measuredWriterText("small"));
  const figures = (text: string) => (text.match(/\d[\d.,]*\d|\d/g) ?? []).map(Number).sort((a, b) => a - b);
  const english = figures(said());
  expect(english).toEqual([1.5, 3, 5, 6, 7, 30, 494, 503, 604, 1699]);
  language.now = "de";
  expect(said()).toContain("1,5 Mrd.");
  expect(figures(said().replaceAll(",", ".").replaceAll(". ", " "))).toEqual(english);
});
