/** A page as people have it: in a large and in a small window, in both themes. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { looks, resize } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";

/**
 * In each size and theme the page as it is now fits, and axe-core finds nothing; a screenshot of each is named `name`. `see`: what is
 * looked at, brought into view again each time.
 */
export async function expectInEachLook(
  { page, electron, screenshot }: Pick<Coppice, "page" | "electron" | "screenshot">,
  name: string,
  see?: () => Promise<unknown>,
): Promise<void> {
  for (const { size, theme } of looks) {
    await take({ page, electron }, { size, theme });
    await see?.();
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    await screenshot(`${name}-${size.width}-${theme}`);
  }
}

/** A size of the window's page, and a theme that the system prefers. */
type Look = Pick<Required<OpenOptions>, "size" | "theme">;

/** Gives the page another look. */
export async function take(
  { page, electron }: Pick<Coppice, "page" | "electron">,
  { size, theme }: Look,
): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await resize(electron, size);
  await page.waitForFunction((wide) => innerWidth === wide, size.width);
}

/** How many pixels of the page, or of its content, are cut off to the right. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const content = document.getElementById("content");
    const inContent = content ? content.scrollWidth - content.clientWidth : 0;
    return Math.max(inContent, document.documentElement.scrollWidth - innerWidth);
  });
