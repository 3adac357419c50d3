import type { Locator } from "playwright-core";

/** Lets go of files over a part of the page, as a person drags them from another window. */
export async function dropOn(part: Locator, ...files: string[]): Promise<void> {
  const { x, y } = (await part.boundingBox())!;
  const page = part.page();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: x + 2, y: y + 2, data });
  }
}
