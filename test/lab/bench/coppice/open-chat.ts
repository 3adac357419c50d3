/**
 * open-chat.ts BINARY APPLICATION ROUNDS HOME MODEL WORDS, on a display: asks a model questions of WORDS words in the chat, half
 * of them immediately after pasting and half after a pause, and prints the milliseconds from Enter to the first word of the
 * answer as JSON: { atOnce, written, tokens }.
 */
import { openedWindow } from "../harness/opened-window.ts";

const [, , binary, application, rounds, home, model, words] = process.argv;
/** The time that a person takes to review what they typed. */
const WRITTEN_MS = 2500;
/** Before the first answer, the model is loaded and its prompt graph is built. */
const FIRST_MS = 120_000;

const WORDS = "The tenant shall keep the pipes from frost and tell the landlord of any damage at once".split(
  " ",
);

/** Each starts differently, so that no cached tokens of another are reused. */
const questionOf = (number: number) =>
  Array.from(
    { length: Number(words) },
    (_, word) => WORDS[(number * 7 + word * word + word) % WORDS.length],
  ).join(" ");

/** Run in the page: presses Enter, and resolves when the first word of the answer is shown. */
const untilFirstWord = `new Promise((resolve) => {
  const started = performance.now();
  const key = { key: "Enter", bubbles: true, cancelable: true };
  document.querySelector("textarea").dispatchEvent(new KeyboardEvent("keydown", key));
  const look = () => {
    const text = document.querySelector("article[aria-busy=true] p")?.textContent;
    if (text) resolve(performance.now() - started);
    else requestAnimationFrame(look);
  };
  look();
})`;

const { page, close } = await openedWindow(binary!, application!, home);
const composer = page.getByRole("textbox", { name: "Your message" });

/** From Enter to the first word, in a new conversation; `pauseMs` between the last letter and Enter. */
async function firstWord(question: string, pauseMs: number): Promise<{ ms: number; tokens: number }> {
  await page.evaluate((to) => (location.hash = to), "#/library");
  await page.evaluate((to) => (location.hash = to), `#/chat?model=${encodeURIComponent(model!)}`);
  await page.getByRole("heading", { name: "Ask the first question" }).waitFor();
  await composer.fill(question);
  await page.waitForTimeout(pauseMs);
  const ms = await page.evaluate<number>(untilFirstWord);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator("article[aria-busy=true]").waitFor({ state: "detached" });
  const id = Number(/#\/chat\/(\d+)/.exec(page.url())![1]);
  const { lanes } = await page.evaluate(async (conversation) => {
    const answer = await window.coppice.conversations.get({ id: conversation });
    return answer.ok ? answer.value : Promise.reject(new Error(JSON.stringify(answer.failure)));
  }, id);
  return { ms, tokens: lanes[0]![1]!.promptTokens ?? 0 };
}

try {
  page.setDefaultTimeout(FIRST_MS);
  await firstWord("Is anything to be opened yet?", WRITTEN_MS);
  const times = { atOnce: [] as number[], written: [] as number[], tokens: [] as number[] };
  for (let round = 0; round < Number(rounds); round++) {
    const atOnce = await firstWord(questionOf(2 * round + 1), 0);
    const written = await firstWord(questionOf(2 * round + 2), WRITTEN_MS);
    times.atOnce.push(atOnce.ms);
    times.written.push(written.ms);
    times.tokens.push(atOnce.tokens, written.tokens);
  }
  console.log(JSON.stringify(times));
} finally {
  await close();
}
