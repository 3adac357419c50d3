/** The application without Electron: main's bundle in Node, its windows in this system's Chromium, joined by Playwright. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type ElectronApplication, type Page } from "playwright-core";
import { electronInPage } from "./electron-in-page.ts";
import type { FromMain, FromPage, Served, ToMain, ToPage } from "./link.ts";

const standIn = fileURLToPath(new URL("electron-in-node.ts", import.meta.url));
const bundle = fileURLToPath(new URL("../../../out/main/index.cjs", import.meta.url));

/** Chromium has no scheme of the application's own: its pages have this address there. */
const pageAddress = "https://coppice/";
const ownAddress = "app://coppice/";
const ownOf = (url: string) => (url.startsWith(pageAddress) ? url.replace(pageAddress, ownAddress) : url);
const pageOf = (url: string) => url.replace(ownAddress, pageAddress);

/** Node, or what traces it; its arguments, which are Electron's; its environment. */
export interface Command {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/** As `_electron.launch` does, in the browser `executable`: the methods that journeys call of what it gives. */
export async function launchInBrowser(command: Command, executable: string): Promise<ElectronApplication> {
  const nodeArgs = ["--disable-warning=ExperimentalWarning", "--import", standIn, bundle];
  const child = spawn(command.executablePath, [...nodeArgs, ...command.args], {
    env: command.env,
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let lastWords = "";
  child.stderr?.on("data", (chunk) => (lastWords = `${lastWords}${String(chunk)}`.slice(-2000)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));

  const questions = new Map<number, (answer: FromMain & { type: "answer" }) => void>();
  let lastQuestion = 0;
  const tell = (message: ToMain) => void (child.connected && child.send(message, () => {}));
  const ask = <Value>(question: (id: number) => ToMain) =>
    new Promise<Value>((resolve, reject) => {
      const id = ++lastQuestion;
      questions.set(id, ({ value, error }) =>
        error === undefined ? resolve(value as Value) : reject(new Error(error)),
      );
      void ended.then(() => reject(new Error("main has ended")));
      tell(question(id));
    });

  const switches = ["--disable-gpu"];
  let browser: Promise<Browser> | undefined;
  void ended.then(async () => (await browser)?.close());

  const windows = new Map<number, Promise<Window>>();
  let opened!: (page: Page) => void;
  const firstPage = new Promise<Page>((resolve) => (opened = resolve));

  async function open(id: number, preload: string): Promise<Window> {
    browser ??= chromium.launch({ executablePath: executable, args: switches });
    const page = await (await browser).newPage({ viewport: { width: 1280, height: 800 } });
    await page.exposeBinding("sendToMain", ({ frame }, message: FromPage) => {
      const isMainFrame = frame === page.mainFrame();
      tell({ type: "sent", window: id, url: ownOf(frame.url()), isMainFrame, message });
    });
    await page.addInitScript({
      content: `if (window === top) {
        const electron = (${electronInPage.toString()})();
        (function (require, exports) { ${preload} \n })(() => electron, {});
      }`,
    });
    await page.route("**/*", async (route, request) => {
      const [url, method] = [ownOf(request.url()), request.method()];
      const served = await ask<Served>((question) => ({ type: "request", id: question, url, method })).catch(
        () => null,
      );
      if (served === null) return route.abort("blockedbyclient");
      const { status, headers, body } = served;
      return route.fulfill({ status, headers, body: Buffer.from(body) });
    });
    page.on("close", () => tell({ type: "closed", window: id }));
    return new Window(page);
  }

  const hear = async (message: FromMain) => {
    if (message.type === "switch") {
      // Playwright switches features off itself, and Chromium takes one such list.
      return message.name !== "disable-features" && switches.push(`--${message.name}=${message.value}`);
    }
    if (message.type === "answer") {
      questions.get(message.id)?.(message);
      return questions.delete(message.id);
    }
    if (message.type === "load" && !windows.has(message.window))
      windows.set(message.window, open(message.window, message.preload));
    const window = await windows.get(message.window)!;
    switch (message.type) {
      case "load":
        await window.page.goto(pageOf(message.url));
        tell({ type: "loaded", window: message.window });
        return opened(window.page);
      case "resize":
        return window.page.setViewportSize({ width: message.width, height: message.height });
      case "deliver":
        return window.deliver(message.message);
    }
  };
  // What fails, fails because main or the browser has ended.
  child.on("message", (message: FromMain) => void hear(message).catch(() => {}));

  const application = {
    process: () => child,
    firstWindow: () =>
      Promise.race([
        firstPage,
        ended.then(() => {
          throw new Error(`main ended before its window was open:\n${lastWords}`);
        }),
      ]),
    evaluate: (run: (module: unknown, argument: unknown) => unknown, argument?: unknown) =>
      ask((id) => ({ type: "evaluate", id, source: run.toString(), argument })),
  };
  return application as unknown as ElectronApplication;
}

class Window {
  readonly page: Page;
  #waiting: ToPage[] = [];
  #isDelivering = false;

  constructor(page: Page) {
    this.page = page;
  }

  /** In the order in which they came; what comes meanwhile goes together. */
  async deliver(message: ToPage): Promise<void> {
    this.#waiting.push(message);
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    while (this.#waiting.length > 0) {
      const messages = this.#waiting;
      this.#waiting = [];
      await this.page
        .evaluate((given) => {
          (window as unknown as { fromMain?(messages: readonly ToPage[]): void }).fromMain?.(given);
        }, messages)
        .catch(() => {}); // the page is gone
    }
    this.#isDelivering = false;
  }
}
