/** The window and its bounds: what it may not do, whatever runs in it. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice, startAgain } from "./coppice.ts";

test("the window opens with its title", async () => {
  const coppice = await openCoppice();
  expect(await coppice.page.title()).toContain("Coppice");
  await expect.poll(() => coppice.page.getByRole("main").innerText()).not.toBe("");
  await coppice.screenshot("window-light");
});

test.each([
  { size: { width: 1280, height: 800 }, theme: "dark" },
  { size: { width: 900, height: 600 }, theme: "light" },
] as const)(
  "it fits $size.width × $size.height in the $theme theme, and axe-core finds nothing",
  async (look) => {
    const coppice = await openCoppice(look);
    const { page } = coppice;
    await page.getByRole("main").waitFor();
    expect(await page.evaluate(() => [innerWidth, innerHeight])).toEqual([look.size.width, look.size.height]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    await coppice.screenshot(`window-${look.size.width}-${look.theme}`);
  },
);

test("the page has no Node, and of Electron only the bridge", async () => {
  const { electron, page } = await openCoppice();
  const found = await page.evaluate(() =>
    ["require", "process", "module", "Buffer", "electron", "ipcRenderer"].filter(
      (name) => name in globalThis,
    ),
  );
  expect(found).toEqual([]);
  const preferences = await electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  // The system's own word, where Chromium can have a sandbox: a filter of system calls.
  if (process.platform === "linux" && process.getuid!() !== 0) {
    const id = await electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId(),
    );
    expect(readFileSync(`/proc/${id}/status`, "utf8")).toMatch(/^Seccomp:\s+2$/m);
  }
});

/** A server that answers whoever reaches it, and tells who did. */
async function outside(): Promise<{ address: string; reached: string[] }> {
  const reached: string[] = [];
  const server = createServer(({ url }, response) => {
    reached.push(url ?? "");
    response
      .writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/html" })
      .end("outside");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, reached };
}

test("the policy blocks inline scripts, evaluated text and every address outside", async () => {
  const { address, reached } = await outside();
  expect((await fetch(`${address}/open`)).status).toBe(200);
  const { page } = await openCoppice();
  const ran = await page.evaluate(async (address) => {
    const inline = document.createElement("script");
    inline.textContent = "window.inlineRan = true";
    document.head.append(inline);
    const remote = await fetch(`${address}/fetch`).then(
      () => "answered",
      () => "blocked",
    );
    const image = await new Promise((resolve) => {
      const element = new Image();
      element.onload = () => resolve("loaded");
      element.onerror = () => resolve("blocked");
      element.src = `${address}/image`;
    });
    // After an await: what a debugger evaluates at once is let through.
    let evaluated = "blocked";
    try {
      new Function("return 1")();
      evaluated = "ran";
    } catch {
      // What the policy is for.
    }
    return { inline: "inlineRan" in window, remote, image, evaluated };
  }, address);
  expect(ran).toEqual({ inline: false, remote: "blocked", image: "blocked", evaluated: "blocked" });
  expect(reached).toEqual(["/open"]);
});

test("the page cannot navigate away or open another window", async () => {
  const { address, reached } = await outside();
  const { electron, page } = await openCoppice();
  const before = page.url();
  expect(await page.evaluate((url) => window.open(url) !== null, address)).toBe(false);
  await page.evaluate((url) => location.assign(url), address);
  for (const target of ["_blank", "_self"]) {
    await page.evaluate(
      ([url, target]) => {
        const link = document.createElement("a");
        link.href = url!;
        link.target = target!;
        document.body.append(link);
        link.click();
        link.remove();
      },
      [address, target],
    );
  }
  await page.waitForTimeout(500); // nothing tells that nothing happens
  expect(page.url()).toBe(before);
  expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(reached).toEqual([]);
});

test("permissions are denied", async () => {
  const { page } = await openCoppice();
  const states = await page.evaluate(() =>
    Promise.all(
      (["geolocation", "notifications", "camera", "microphone"] as PermissionName[]).map(
        async (name) => (await navigator.permissions.query({ name })).state,
      ),
    ),
  );
  expect(states).toEqual(["denied", "denied", "denied", "denied"]);
});

test("a second start ends, and the window of the first comes to the front", async () => {
  const { electron, page, folder } = await openCoppice();
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize());
  expect(await startAgain(folder)).toBe(0);
  await expect
    .poll(() =>
      electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isMinimized())),
    )
    .toEqual([false]);
  expect(await page.title()).toContain("Coppice");
});

test("it quits, and opens again with the same home", async () => {
  const first = await openCoppice();
  expect(await first.close()).toBe(0);
  const second = await openCoppice({ folder: first.folder });
  expect(await second.page.title()).toContain("Coppice");
});

test("a second start after a kill opens the same home", async () => {
  const first = await openCoppice();
  await first.kill();
  const second = await openCoppice({ folder: first.folder });
  expect(await second.page.title()).toContain("Coppice");
});
