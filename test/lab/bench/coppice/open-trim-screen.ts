/**
 * open-trim-screen.ts BINARY APPLICATION ROUNDS, on a display: starts a run of the built-in sample, shows it, and prints the work
 * of the page's main thread in ROUNDS spans of 20 s during training, as JSON.
 */
import { mainThread } from "../../../end-to-end/main-thread.ts";
import { showRun, startRun, summaryOf } from "../../../end-to-end/short-run.ts";
import { openedWindow } from "../harness/opened-window.ts";
import { SECONDS } from "../trim-screen.ts";

const [, , binary, application, rounds] = process.argv;
/** More rows than training can use in that time. */
const ROWS_PER_ROUND = 100_000;
const FIRST_STEP_MS = 60_000;

const { electron, page, folder, close } = await openedWindow(binary!, application!);
try {
  await page.waitForLoadState("load");
  const id = await startRun({ electron, page, folder }, { rowsPerRound: ROWS_PER_ROUND });
  await showRun(page, id);
  await page.getByText(/^Training, so/).waitFor({ timeout: FIRST_STEP_MS });
  const spans = [];
  for (let round = 0; round < Number(rounds); round++) spans.push(await mainThread(page, SECONDS));
  const { state } = await summaryOf(page, id);
  if (state !== "running") throw new Error(`The run was ${state} before the measurement was over.`);
  console.log(JSON.stringify(spans));
} finally {
  await close();
}
