/**
 * open-window.ts BINARY APPLICATION ROUNDS, on a display: opens the application ROUNDS times, each with an empty home, and prints
 * the milliseconds to its first contentful paint as a JSON array.
 */
import { openedWindow } from "../harness/opened-window.ts";

/** Run in the page: the time of its first contentful paint, in terms of Date.now(). */
const firstPaint = `new Promise((resolve) => {
  const look = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (paint) resolve(performance.timeOrigin + paint.startTime);
    else setTimeout(look, 10);
  };
  look();
})`;

const [, , binary, application, rounds] = process.argv;
const times: number[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const started = Date.now();
  const { page, close } = await openedWindow(binary!, application!);
  times.push((await page.evaluate<number>(firstPaint)) - started);
  await close();
}
console.log(JSON.stringify(times));
