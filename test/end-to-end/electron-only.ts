/** Journeys that need Electron itself, which no other browser stands in for (browser/). */
import { TestRunner } from "vitest";

/** Whether the journeys run in Electron, not in the browser. */
export const isElectron = process.env["COPPICE_TEST_BROWSER"] === undefined;

/** Called first in a journey, or before each of a file: without Electron it is skipped, and the reason is listed. */
export function electronOnly(reason: string): void {
  if (!isElectron) TestRunner.getCurrentTest()!.context.skip(reason);
}
