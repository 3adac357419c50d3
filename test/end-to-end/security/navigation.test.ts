/** The window stays where it is: no navigation, no other window, no page inside of the page. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ElectronApplication, Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { openCoppice } from "../coppice.ts";
import { outside } from "./outside.ts";
import { electronOnly } from "../electron-only.ts";

beforeEach(() => electronOnly("Electron enforces what a page may not do"));

/** There is no event for something that does not happen, so wait. */
const WHILE_MS = 300;

const windowsOf = (electron: ElectronApplication) =>
  electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map(({ mainFrame }) => mainFrame.url),
  );

const titleOf = (electron: ElectronApplication) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getTitle());

/** Addresses of every kind; those of files hold a page that would run a script. */
function addresses(folder: string, server: string): string[] {
  const file = join(folder, "page.html");
  writeFileSync(file, "<title>file</title><script>document.title = 'ran'</script>");
  return [
    `${server}/navigate`,
    pathToFileURL(file).href,
    "data:text/html,<title>data</title>",
    "app://coppice/assets/",
    "app://elsewhere/index.html",
    "chrome://version",
    "devtools://devtools/bundled/inspector.html",
    "view-source:app://coppice/",
    "mailto:somebody@example.org",
    "coppice:open",
    "javascript:void (document.title = 'ran')",
  ];
}

/** Ways from the page to an address, by a click or by itself. */
const ways: Record<string, (page: Page, url: string) => Promise<unknown>> = {
  "by its address": (page, url) => page.evaluate((to) => location.assign(to), url),
  "by replacing its address": (page, url) => page.evaluate((to) => location.replace(to), url),
  "by a link": (page, url) => click(page, url, ""),
  "by a link to another window": (page, url) => click(page, url, "_blank"),
  "by a link to the top": (page, url) => click(page, url, "_top"),
  "by opening a window": (page, url) =>
    page.evaluate((to) => {
      if (window.open(to) !== null) throw new Error("a window was opened");
    }, url),
  "by a form": (page, url) =>
    page.evaluate((to) => {
      const form = document.createElement("form");
      form.action = to;
      form.method = "post";
      document.body.append(form);
      form.submit();
      form.remove();
    }, url),
  "by a refreshing head": (page, url) =>
    page.evaluate((to) => {
      const meta = document.createElement("meta");
      meta.httpEquiv = "refresh";
      meta.content = `0;url=${to}`;
      document.head.append(meta);
    }, url),
};

function click(page: Page, url: string, target: string): Promise<void> {
  return page.evaluate(
    ([href, name]) => {
      const link = document.createElement("a");
      link.href = href!;
      link.target = name!;
      document.body.append(link);
      link.click();
      link.remove();
    },
    [url, target],
  );
}

test("the page cannot leave by a click or by itself", async () => {
  const { address, reached } = await outside();
  const { electron, page, folder } = await openCoppice();
  const url = page.url();
  const title = "Grow a smaller model that knows your field · Coppice";
  await expect.poll(() => titleOf(electron)).toBe(title);
  for (const [way, go] of Object.entries(ways)) {
    for (const to of addresses(folder, address)) {
      await go(page, to).catch((error: Error) => {
        // A policy may refuse by throwing.
        if (!/SecurityError|TrustedScript/.test(error.message)) throw error;
      });
    }
    await page.waitForTimeout(WHILE_MS);
    expect(await windowsOf(electron), way).toEqual([url]);
    expect(await titleOf(electron), way).toBe(title);
    expect(reached, way).toEqual([]);
  }
});

test.each(["about:blank", "about:srcdoc"])("the page that left for %s is brought back", async (to) => {
  const { electron, page } = await openCoppice();
  // An empty page appears at once, without any request.
  await page.evaluate((url) => void setTimeout(() => location.assign(url)), to);
  await page.waitForTimeout(WHILE_MS);
  await expect.poll(() => windowsOf(electron)).toEqual(["app://coppice/"]);
  await page.getByRole("main").waitFor();
});

test.each(["#/settings", "#/"])("what is dropped on %s does not take its place", async (hash) => {
  const { electron, page, folder } = await openCoppice();
  await page.evaluate((to) => void (location.hash = to), hash);
  const file = join(folder, "dropped.html");
  writeFileSync(file, "<title>dropped</title>");
  const session = await page.context().newCDPSession(page);
  const link = { mimeType: "text/uri-list", data: "https://example.org/" };
  for (const data of [
    { items: [], files: [file], dragOperationsMask: 1 },
    { items: [link], dragOperationsMask: 1 },
  ]) {
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await session.send("Input.dispatchDragEvent", { type, x: 640, y: 20, data });
  }
  await page.waitForTimeout(WHILE_MS);
  // The library reads what is dropped on it as a model.
  const shown = hash === "#/" ? "#/new/model" : hash;
  expect(await windowsOf(electron)).toEqual([`app://coppice/${shown}`]);
});

test("going back leads only to the application's own pages", async () => {
  const { electron, page } = await openCoppice();
  await page.evaluate(() => void (location.hash = "#/settings"));
  for (const steps of [-1, -1, -1, 2, 1]) await page.evaluate((by) => history.go(by), steps);
  await page.waitForTimeout(WHILE_MS);
  expect(await windowsOf(electron)).toEqual([expect.stringMatching(/^app:\/\/coppice\/#?/)]);
});

test("a frame in the page shows nothing from elsewhere and has no bridge", async () => {
  const { address, reached } = await outside();
  const { electron, page, folder } = await openCoppice();
  const sources = [...addresses(folder, address), "app://coppice/", "app://coppice/index.html"].filter(
    (source) => !source.startsWith("javascript:"),
  );
  const bridges = await page.evaluate(
    async ({ sources, wait }) => {
      const made = sources.flatMap((source) =>
        ["iframe", "frame", "object", "embed"].map((tag) => {
          const element = document.createElement(tag);
          try {
            element.setAttribute(tag === "object" ? "data" : "src", source);
          } catch {
            // The policy has no source for <object> and <embed>.
          }
          document.body.append(element);
          return element;
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, wait));
      const windows = made.map((element) => (element as HTMLIFrameElement).contentWindow);
      const found = windows.map((each) => {
        try {
          return each ? "coppice" in each : false;
        } catch {
          return false; // another origin, which could only be an error's
        }
      });
      for (const element of made) element.remove();
      return found;
    },
    { sources, wait: WHILE_MS },
  );
  expect(bridges).not.toContain(true);
  expect(reached).toEqual([]);
  const frames = await page.evaluate(() => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const inside = frame.contentDocument!;
    const script = inside.createElement("script");
    try {
      script.text = "parent.inlineRan = true";
    } catch {
      // No text becomes a script there either.
    }
    inside.body.append(script);
    return { ran: "inlineRan" in window, bridge: "coppice" in frame.contentWindow! };
  });
  expect(frames).toEqual({ ran: false, bridge: false });
  const addressesOfFrames = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.mainFrame.framesInSubtree.map(({ url }) => url),
  );
  expect(addressesOfFrames.slice(1).filter((url) => url !== "about:blank" && url !== "")).toEqual([]);
});

test("a webview is an unknown element", async () => {
  const { address, reached } = await outside();
  const { electron, page } = await openCoppice();
  await page.evaluate((url) => {
    const view = document.createElement("webview");
    view.setAttribute("src", url);
    view.setAttribute("allowpopups", "");
    view.setAttribute("nodeintegration", "");
    document.body.append(view);
  }, address);
  await page.waitForTimeout(WHILE_MS);
  expect(await windowsOf(electron)).toHaveLength(1);
  expect(reached).toEqual([]);
});

test("web contents that the application creates later have the same restrictions", async () => {
  const { address, reached } = await outside();
  const { electron } = await openCoppice();
  const found = await electron.evaluate(async ({ BrowserWindow, session }, url) => {
    const window = new BrowserWindow({ show: false });
    const { webContents } = window;
    await window.loadURL("app://coppice/");
    const tried = await webContents.executeJavaScript(
      `(async () => {
        const opened = window.open("about:blank") !== null;
        const asked = await Notification.requestPermission();
        location.assign(${JSON.stringify(`${url}/away`)});
        return { opened, asked };
      })()`,
      true,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const at = webContents.mainFrame.url;
    const count = BrowserWindow.getAllWindows().length;
    window.destroy();
    const another = session.fromPartition("another");
    const fetched = new BrowserWindow({ show: false, webPreferences: { session: another } });
    const loaded = await fetched.loadURL(`${url}/main`).then(
      () => "loaded",
      () => "refused",
    );
    fetched.destroy();
    return { ...tried, at, count, loaded };
  }, address);
  expect(found).toEqual({
    opened: false,
    asked: "denied",
    at: "app://coppice/",
    count: 2,
    loaded: "refused",
  });
  expect(reached).toEqual([]);
});
