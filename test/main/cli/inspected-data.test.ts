import { expect, test } from "vitest";
import { fileLines } from "../../../main/cli/inspected-data.ts";
import { inspectFile } from "../../../main/engine/documents/inspect.ts";
import { frame, odpBytes, odpParagraph } from "../engine/documents/odp-parts.ts";
import { scratch } from "../engine/documents/scratch.ts";

/** What is said of a file of this name and content. */
async function told(name: string, content: string | Uint8Array): Promise<string> {
  return fileLines(await inspectFile(scratch({ [name]: content })(name), "train", {})).join("\n");
}

test("slides are counted, and those without text", async () => {
  const slides = [frame(odpParagraph("Boats"), "title"), ""];
  expect(await told("a.odp", odpBytes(slides))).toMatch(
    /format +ODP, .*, 2 slides, 1 of them without text\n/,
  );
  expect(await told("a.odp", odpBytes(slides.slice(0, 1)))).toMatch(/, 1 slides\n/);
});
