/** What a page asks a person to read and to set. */
import type { Page } from "playwright-core";

/**
 * The words in the main part of the window that are shown, scrolled to or not, and the controls that set something; folds count closed.
 * Words in `besides`, such as a person's own rows, do not count.
 */
export const inSight = (page: Page, besides = "none"): Promise<{ words: number; settings: number }> =>
  page.evaluate((quoted) => {
    const main = document.querySelector("main")!;
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    let words = 0;
    while (texts.nextNode()) {
      const { parentElement, textContent } = texts.currentNode;
      if (parentElement!.closest(quoted)) continue;
      if (parentElement!.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }))
        words += (textContent ?? "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    }
    const controls = main.querySelectorAll("input, select, textarea, [role=slider]");
    return { words, settings: [...controls].filter((control) => control.checkVisibility()).length };
  }, besides);
