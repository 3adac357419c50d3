/** The page is apart from Node, from Electron and from the script that made its bridge. */
import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { contract } from "../../../preload/contract/contract.ts";
import { openCoppice } from "../coppice.ts";
import { electronOnly } from "../electron-only.ts";

beforeEach(() => electronOnly("Electron enforces what a page may not do"));

test("the page has no Node, and of Electron only the bridge", async () => {
  const { electron, page } = await openCoppice();
  const found = await page.evaluate(() =>
    [
      "require",
      "process",
      "module",
      "exports",
      "Buffer",
      "global",
      "__dirname",
      "electron",
      "ipcRenderer",
    ].filter((name) => name in globalThis),
  );
  expect(found).toEqual([]);
  const preferences = await electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    enableBlinkFeatures: "",
  });
});

test.runIf(process.platform === "linux" && process.getuid!() !== 0)(
  "the system keeps the page's process to a few of its calls",
  async () => {
    const { electron } = await openCoppice();
    const id = await electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId(),
    );
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  },
);

test("the bridge is the contract and the paths of dropped files, and nothing else", async () => {
  const { page } = await openCoppice();
  const shape = await page.evaluate(() =>
    Object.fromEntries(
      Object.entries(window.coppice).map(([area, entries]) => [
        area,
        typeof entries === "function" ? "function" : Object.keys(entries).sort(),
      ]),
    ),
  );
  const expected = Object.entries(contract).map(([area, entries]) => [area, Object.keys(entries).sort()]);
  expect(shape).toEqual({ ...Object.fromEntries(expected), pathOf: "function" });
});

test("the page cannot change the bridge", async () => {
  const { page } = await openCoppice();
  const changed = await page.evaluate(() => {
    const bridge = window.coppice as unknown as Record<string, Record<string, unknown>>;
    const attempts = [
      () => (bridge["runs"]!["list"] = "mine"),
      () => delete bridge["runs"]!["list"],
      () => (bridge["mine"] = {}),
      () => Object.defineProperty(window, "coppice", { value: {} }),
      () => ((window as unknown as Record<string, unknown>)["coppice"] = {}),
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch {
        // Frozen.
      }
    }
    return typeof window.coppice.runs.list !== "function" || "mine" in window.coppice;
  });
  expect(changed).toBe(false);
});

test("changes of the page to JavaScript's built-ins do not affect the bridge", async () => {
  const { page } = await openCoppice();
  const seen = await page.evaluate(async () => {
    const caught: string[] = [];
    const spy = (owner: object, name: string) => {
      const own = (owner as Record<string, (...given: unknown[]) => unknown>)[name]!;
      Object.defineProperty(owner, name, {
        value(this: unknown, ...given: unknown[]) {
          const stack = new Error().stack ?? "";
          if (/preload|electron|sandbox/.test(stack)) caught.push(name);
          return Reflect.apply(own, this, given);
        },
      });
    };
    for (const name of ["call", "apply", "bind"]) spy(Function.prototype, name);
    for (const name of ["push", "map", "forEach"]) spy(Array.prototype, name);
    spy(JSON, "parse");
    Object.defineProperty(Object.prototype, "polluted", { value: "yes", configurable: true });
    const asked = await window.coppice.models.inspect({ path: "sample" });
    const found = window.coppice as unknown as Record<string, unknown>;
    // A bridge with the preload script's own prototypes would hand out its Function.
    const maker = (found["pathOf"] as () => void).constructor;
    return { ok: asked.ok, caught, own: maker === Function };
  });
  expect(seen).toEqual({ ok: true, caught: [], own: true });
});

test("a path comes only from a dropped file, never from an imitation of one", async () => {
  const { page } = await openCoppice();
  const told = await page.evaluate(() => {
    const { pathOf } = window.coppice;
    const forged = new File(["x"], "/etc/hostname");
    Object.defineProperty(forged, "path", { value: "/etc/hostname" });
    const wrong = { path: "/etc/hostname", name: "hostname" } as unknown as File;
    return [forged, wrong, null as unknown as File, "/etc/hostname" as unknown as File].map((file) => {
      try {
        return pathOf(file);
      } catch {
        return "";
      }
    });
  });
  expect(told).toEqual(["", "", "", ""]);
});
