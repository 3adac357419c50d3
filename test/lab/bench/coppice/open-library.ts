/**
 * open-library.ts BINARY APPLICATION ROUNDS HOME, on a display: opens the library and the chat of a home ROUNDS times, and prints
 * the milliseconds from the address to the first rows as JSON: { library, chat }.
 */
import { openedWindow } from "../harness/opened-window.ts";

const [, , binary, application, rounds, home] = process.argv;
/** Long enough for the previous page to finish all work. */
const SETTLED_MS = 1500;

/** Run in the page: goes to an address, and resolves when its content is shown. */
const showing = (address: string, shown: string) => `new Promise((resolve) => {
  const started = performance.now();
  location.hash = "${address}";
  const look = () => (${shown} ? resolve(performance.now() - started) : requestAnimationFrame(look));
  look();
})`;
const library = showing(
  "#/library",
  `document.querySelector("h1")?.textContent.includes("Library") && document.querySelectorAll("main li").length > 5`,
);
const chat = showing("#/chat", `document.querySelector("section[aria-label=Conversations] a")`);

const { page, close } = await openedWindow(binary!, application!, home);
const times = { library: [] as number[], chat: [] as number[] };
for (let round = 0; round < Number(rounds); round++) {
  await page.waitForTimeout(SETTLED_MS);
  times.chat.push(await page.evaluate<number>(chat));
  await page.waitForTimeout(SETTLED_MS);
  times.library.push(await page.evaluate<number>(library));
}
await close();
console.log(JSON.stringify(times));
