import { describe, expect, test } from "vitest";
import { written } from "../../../../main/documents/blocks/blocks.ts";
import { openDocument } from "../../../../main/documents/formats.ts";
import { laidOut } from "./laid-out.ts";
import { scratch } from "../scratch.ts";
import { pdfOf } from "./typeset.ts";

describe("A person's reading order of a PDF", () => {
  test.each(laidOut)("$name", async ({ sheets, text }) => {
    const document = await openDocument(scratch({ "a.pdf": pdfOf(sheets()) })("a.pdf"));
    if (document.kind !== "text") throw new Error("a PDF was read as records");
    expect([...document.blocks].map(written)).toEqual(text);
  });
});
