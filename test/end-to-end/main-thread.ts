/** How busy a page keeps its main thread. */
import type { Page } from "playwright-core";

/** Run in the page. */
const observeLongTasks = `
  globalThis.longTasks = [];
  globalThis.longTaskObserver?.disconnect();
  globalThis.longTaskObserver = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(Math.round(duration));
  });
  longTaskObserver.observe({ type: "longtask" });
`;

/** What the page's main thread does in `seconds`: milliseconds by kind, and the tasks over 50 ms. */
export async function mainThread(page: Page, seconds: number) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const metrics = async () => {
    const { metrics: all } = await session.send("Performance.getMetrics");
    return (name: string) => 1000 * all.find((metric) => metric.name === name)!.value;
  };
  await page.evaluate(observeLongTasks);
  const before = await metrics();
  await page.waitForTimeout(1000 * seconds);
  const after = await metrics();
  const spent = (name: string) => Math.round(after(name) - before(name));
  return {
    script: spent("ScriptDuration"),
    style: spent("RecalcStyleDuration"),
    layout: spent("LayoutDuration"),
    longTasks: await page.evaluate<number[]>("longTasks"),
  };
}
