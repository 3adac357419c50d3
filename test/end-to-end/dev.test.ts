/** `npm run dev`, in a copy of the repository: what is saved there is what its window shows. */
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { root } from "../../build/root.ts";
import { newFolder } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";

const linked = ["node_modules", ".cache"];
/** Once, on a loaded computer, Vite's watcher missed a save, and once a restarted application showed nothing; a person would save again. */
const SAVED_AGAIN_MS = 45_000;
const ANSWER_MS = 10_000;
const QUITTING_MS = 60_000;
const leftOut = [...linked, ".git", "out", "dist", "test", "docs"];

/** Runs it in a copy; gives the copy's folder, what is written, and where the debugger of each start listens. */
function runDev() {
  const folder = newFolder();
  const copy = join(folder, "coppice");
  for (const name of readdirSync(root).filter((name) => !leftOut.includes(name)))
    cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const name of linked) symlinkSync(join(root, name), join(copy, name));
  const args = ["build/dev.ts", "--remote-debugging-port=0", `--user-data-dir=${join(folder, "user-data")}`];
  const places = { COPPICE_HOME: join(folder, "home"), HOME: join(folder, "person") };
  const child = spawn(process.execPath, args, {
    cwd: copy,
    detached: true, // a process group, which can be ended as a whole
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...places, XDG_RUNTIME_DIR: join(folder, "runtime") },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const ended = new Promise((resolve) => child.once("close", resolve)); // the application has its output too
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") console.error(output);
    child.kill("SIGKILL"); // the application quits when its script is gone
    const quitting = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), QUITTING_MS);
    await ended;
    clearTimeout(quitting);
  });
  const ports = () =>
    Array.from(output.matchAll(/DevTools listening on ws:\/\/([^/]+)/g), ([, host]) => host!);
  return { copy, ports, output: () => output };
}

/** Evaluates an expression in the page at a debugger; undefined while there is no page. */
async function evaluate(host: string, expression: string): Promise<unknown> {
  const listed = await fetch(`http://${host}/json/list`).catch(() => undefined);
  const pages = z
    .array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }))
    .parse((await listed?.json()) ?? []);
  const page = pages.find(({ type }) => type === "page");
  if (!page) return undefined;
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      const params = { expression, awaitPromise: true, returnByValue: true };
      socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params }));
      socket.onmessage = ({ data }) => resolve(String(data));
      socket.onerror = () => reject(new Error("The page went away"));
      setTimeout(() => reject(new Error("The page does not answer")), ANSWER_MS);
    });
    const { result } = z.object({ result: z.looseObject({ result: z.unknown() }) }).parse(JSON.parse(answer));
    return z.object({ value: z.unknown() }).parse(result.result).value;
  } finally {
    socket.close();
  }
}

test("saving a component updates the window and saving main code restarts it, under a package's content policy", async () => {
  electronOnly("npm run dev starts Electron itself");
  const { copy, ports, output } = runDev();
  /** What the window of the latest start says. */
  const shown = () => evaluate(ports().at(-1)!, "document.body?.innerText ?? ''").catch(() => undefined);

  /** Saves a change, and waits for what it is to do. */
  const save = async (path: string, from: string, to: string, done: () => Promise<void>) => {
    const file = join(copy, path);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
    const again = setInterval(() => {
      console.error(`${path} is saved once more.`);
      utimesSync(file, new Date(), new Date());
    }, SAVED_AGAIN_MS);
    onTestFinished(() => clearInterval(again));
    await done();
    clearInterval(again);
  };
  const shows = (text: string) => () => expect.poll(shown).toContain(text);
  const restarts = async () => {
    const started = ports().length;
    await expect.poll(() => ports().length).toBeGreaterThan(started);
    await shows("Saved after a mistake")();
  };

  await expect.poll(ports).toHaveLength(1);
  await shows("Library")();
  await save(
    "renderer/App.svelte",
    "  <main>",
    "  <p>Saved a moment ago</p><main>",
    shows("Saved a moment ago"),
  );
  expect(ports()).toHaveLength(1);
  /** Of a page that may be reloading, once more, for the save that was missed. */
  const now = (expression: string) => evaluate(ports()[0]!, expression).catch(() => undefined);
  const policy = `fetch("app://coppice/").then(({ headers }) => headers.get("content-security-policy"))`;
  await expect.poll(() => now(policy)).toContain("default-src 'none'; script-src 'self'");
  const addresses = "Array.from(document.querySelectorAll('[src], link'), ({ src, href }) => src ?? href)";
  await expect.poll(() => now(addresses)).toContain("app://coppice/assets/index.js");
  const elsewhere = `${addresses}.filter((address) => !address.startsWith("app://coppice/"))`;
  await expect.poll(() => now(elsewhere)).toEqual([]);

  const [before, mistaken, corrected] = [
    "Saved a moment ago",
    "Saved after a mistake{",
    "Saved after a mistake",
  ];
  await save("renderer/App.svelte", before, mistaken, () => expect.poll(output).toMatch(/App\.svelte:\d+/));
  await save("renderer/App.svelte", mistaken, corrected, shows(corrected));

  await save(
    "main/window/window.ts",
    'title: "Coppice"',
    'title: "Coppice", backgroundColor: "#123456"',
    restarts,
  );
  await save("preload/index.ts", "function bridged", "/* saved */ function bridged", restarts);
});
