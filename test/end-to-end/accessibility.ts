/** axe-core on the page that a person sees. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

type AxeCore = typeof axe;

/**
 * What axe-core finds on the page as it is now, a line a finding: rule, what it wants, where. It looks twice before it says so: a
 * button that was enabled in between fades from one colour into another, and has the contrast of neither.
 */
async function accessibilityFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(`${axe.source}; undefined`);
  const found = await findingsAtRest(page);
  return found.length === 0 ? found : findingsAtRest(page);
}

/** What axe-core finds once all colours in sight have faded into others: in a closed fold, transitions may never end. */
async function findingsAtRest(page: Page): Promise<string[]> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .filter(({ effect }) => (effect as KeyframeEffect).target?.checkVisibility())
        .map(({ finished }) => finished),
    ),
  );
  return page.evaluate(async () => {
    const { axe: core } = globalThis as unknown as { axe: AxeCore };
    // Of rules that find nothing only a first element is described, which takes a fraction of the time.
    const { violations } = await core.run({ resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => `${id}: ${help} (${target.join(" ")})`),
    );
  });
}

/** Fails the test if axe-core finds anything. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessibilityFindings(page)).toEqual([]);
}
