/** The order of drops of a real model, the built-in one. test/real/stories.test.ts does the same with stories260K. */
import { expect, test } from "vitest";
import { sample } from "../../../../main/services/models/sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { shortTrim } from "./short-trim.ts";

test("The seed fixes in which order the sample's blocks go, and how good the half is", async () => {
  const first = await shortTrim(sample.model, temporaryFolder(), 1);
  expect(first.drops.flat()).toHaveLength(4);
  expect(await shortTrim(sample.model, temporaryFolder(), 1)).toEqual(first);
  const other = await shortTrim(sample.model, temporaryFolder(), 2);
  expect(other.nlls).not.toEqual(first.nlls);
});
