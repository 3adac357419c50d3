/**
 * open-window.ts BINARY APPLICATION ROUNDS, on a display: opens the application that often, each time with an empty home, and
 * prints the milliseconds to its first contentful paint as a JSON array.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron } from "playwright-core";
import { sandboxSwitches } from "../../../build/electron/display.ts";

/** Run in the page: the time of its first contentful paint, as Date.now() tells it. */
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
  const folder = mkdtempSync(join(tmpdir(), "coppice-window-"));
  const started = Date.now();
  const electron = await _electron.launch({
    executablePath: binary!,
    args: [...sandboxSwitches(), application!, `--user-data-dir=${join(folder, "user-data")}`],
    env: { ...(process.env as Record<string, string>), COPPICE_HOME: join(folder, "home") },
  });
  const page = await electron.firstWindow();
  times.push((await page.evaluate<number>(firstPaint)) - started);
  await electron.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
console.log(JSON.stringify(times));
