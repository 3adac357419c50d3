/** The installed application as a person without Node starts it, driven through Chromium's DevTools. */
import { readdirSync, readFileSync, readlinkSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { root as repository } from "../../build/root.ts";
import type { CleanSystem } from "./clean-system.ts";

const START_MS = 120_000;
const QUIT_MS = 30_000;

export interface Installed {
  readonly page: Page;
  /** Fails unless the page's process is in Chromium's sandbox. */
  expectSandbox(): void;
  /** Writes test/artefacts/installers/NAME.png. */
  screenshot(name: string): Promise<void>;
  /** Closes the window, and waits for the end. */
  close(): Promise<void>;
}

/** Starts `command` in `system`, and waits for its window. */
export async function startInstalled(
  system: CleanSystem,
  command: readonly string[],
  options: { readonly chroot?: boolean } = {},
): Promise<Installed> {
  const child = system.start([...command, "--remote-debugging-port=0"], options);
  let output = "";
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const address = await new Promise<string>((resolve, reject) => {
    const told = (reason: string) => reject(new Error(`${command.join(" ")}: ${reason}\n${output}`));
    const late = setTimeout(() => told("no window"), START_MS);
    void ended.then((code) => told(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        output += String(chunk);
        const [, found] = /DevTools listening on (ws:\S+)/.exec(output) ?? [];
        if (found === undefined) return;
        clearTimeout(late);
        resolve(found);
      });
  });
  const browser = await chromium.connectOverCDP(address, { timeout: START_MS, noDefaults: true });
  const [context] = browser.contexts();
  const page = context!.pages()[0] ?? (await context!.waitForEvent("page", { timeout: START_MS }));
  await page.waitForLoadState("load");
  await page.getByRole("link", { name: "Chat" }).first().waitFor({ timeout: START_MS });
  return {
    page,
    expectSandbox: () => expectSandbox(child.pid!),
    async screenshot(name) {
      const path = join(repository, "test", "artefacts", "installers", `${name}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await page.screenshot({ path });
    },
    async close() {
      await page.evaluate(() => window.close()).catch(() => {});
      const late = setTimeout(() => child.kill("SIGKILL"), QUIT_MS);
      await ended;
      clearTimeout(late);
      expect(child.signalCode, output).toBe(null);
    },
  };
}

/** Among the descendants of process `ancestor`: the page's is filtered by seccomp, and in namespaces of its own. */
function expectSandbox(ancestor: number): void {
  // A process that was forked from Chromium's zygote has its words in one.
  const all = descendants(ancestor).map((id) => ({ id, words: read(`/proc/${id}/cmdline`).split(/[\0 ]/) }));
  const main = all.find(
    ({ words }) => words[0]?.endsWith("-bin") && !words.some((word) => word.startsWith("--type=")),
  );
  const pages = all.filter(({ words }) => words.includes("--type=renderer"));
  expect(main).toBeDefined();
  expect(pages.length).toBeGreaterThan(0);
  expect(main!.words).not.toContain("--no-sandbox");
  const namespace = (id: number, kind: string) => readlinkSync(`/proc/${id}/ns/${kind}`);
  for (const { id, words } of pages) {
    expect(words).not.toContain("--no-sandbox");
    const status = read(`/proc/${id}/status`);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    for (const kind of ["pid", "net"]) expect(namespace(id, kind)).not.toBe(namespace(main!.id, kind));
  }
}

function descendants(ancestor: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const [, parent] = /^PPid:\t(\d+)$/m.exec(read(`/proc/${name}/status`)) ?? [];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (id: number | undefined): boolean =>
    id !== undefined && (id === ancestor || isBelow(parents.get(id)));
  return [...parents.keys()].filter((id) => isBelow(parents.get(id)));
}

/** Empty for a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
