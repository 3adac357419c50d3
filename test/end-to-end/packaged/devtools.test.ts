/** The shipped application, which no --inspect reaches, seen through Chromium's DevTools: it shows its window. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { sandboxSwitches } from "../../../build/electron/display.ts";
import { electronBehind } from "../../../build/package/launcher.ts";
import { newFolder } from "../coppice.ts";
import { shipped } from "./shipped.ts";

const START_MS = 60_000;

/** Starts it with `args`, its output as it arrives, and with all its files in a separate folder. */
async function startShipped(args: readonly string[], environment: Record<string, string> = {}) {
  const folder = newFolder();
  const child = spawn(
    electronBehind(shipped),
    [...sandboxSwitches(), `--user-data-dir=${join(folder, "user")}`, ...args],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        COPPICE_HOME: join(folder, "home"),
        HOME: join(folder, "person"),
        XDG_RUNTIME_DIR: join(folder, "runtime"),
        ...environment,
      },
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`It ended with ${code}: ${lines.join("\n")}`)));
    createInterface(child.stderr).on("line", (line) => {
      lines.push(line);
      const listening = /^DevTools listening on (ws:\/\/127\.0\.0\.1:\d+\/\S+)$/.exec(line);
      if (listening) resolve(listening[1]!);
    });
  });
  return { address, lines };
}

async function windowAt(address: string): Promise<Page> {
  // Electron has one browser context, whose settings are its own.
  const browser = await chromium.connectOverCDP(address, { timeout: START_MS, noDefaults: true });
  onTestFinished(() => browser.close());
  const page = () =>
    browser
      .contexts()[0]
      ?.pages()
      .find((page) => page.url().startsWith("app://"));
  await expect.poll(page, { timeout: START_MS }).toBeDefined();
  return page()!;
}

test("its window shows without an error, and neither --inspect, NODE_OPTIONS nor ELECTRON_RUN_AS_NODE does anything", async () => {
  const { address, lines } = await startShipped(["--remote-debugging-port=0", "--inspect=0"], {
    NODE_OPTIONS: "--inspect=0 --max-http-header-size=wrong",
    ELECTRON_RUN_AS_NODE: "1",
  });
  const page = await windowAt(address);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.reload();
  await page.getByRole("main").waitFor();
  expect(await page.title()).toContain("Coppice");
  expect(await page.getByRole("main").innerText()).toMatch(/\S/);
  expect(errors).toEqual([]);
  expect(lines.filter((line) => line.includes("Debugger listening"))).toEqual([]);
  expect(lines.filter((line) => line.includes("NODE_OPTIONS have been disabled"))).toHaveLength(1);
});
