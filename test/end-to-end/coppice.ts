/** The application as a journey drives it: its own home and its own person, on the display that run.ts made. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { sandboxSwitches } from "../../build/electron/display.ts";
import { writeTracedCommand } from "../offline/traced-calls.ts";
import { launchInBrowser } from "./browser/launch.ts";
import { PATIENCE_MS } from "./patience.ts";

const artefacts = fileURLToPath(new URL("../artefacts/", import.meta.url));
/** Quitting waits for the engines, which have two seconds; a busy computer takes longer. */
const QUIT_MS = 60_000;

/** Sizes and themes in which a page must be good. */
export const looks = [
  { size: { width: 1280, height: 800 }, theme: "light" },
  { size: { width: 1280, height: 800 }, theme: "dark" },
  { size: { width: 900, height: 600 }, theme: "light" },
  { size: { width: 900, height: 600 }, theme: "dark" },
] as const;

export interface OpenOptions {
  /** The folder of all this application's files; by default a new one, removed with the test. */
  readonly folder?: string;
  /** Of the window's page; 1280 × 800 unless given. */
  readonly size?: { readonly width: number; readonly height: number };
  /** What the system says that it prefers; light unless given. */
  readonly theme?: "light" | "dark";
  readonly reducedMotion?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder of the application, if it is not the one that run.ts built: another package.json beside the same out/. */
  readonly application?: string;
  /** Arguments of the application. */
  readonly args?: readonly string[];
  /** A file in which strace writes down the sockets of all its processes (test/offline/traced-calls.ts). */
  readonly trace?: string;
}

export interface Coppice {
  /** Electron's main process, or its stand-in (browser/): `electron.evaluate(({ app }) => …)`. */
  readonly electron: ElectronApplication;
  /** The window. */
  readonly page: Page;
  /** All data that this application writes; another one opened with it continues where this one ended. */
  readonly folder: string;
  /** COPPICE_HOME, in `folder`. */
  readonly home: string;
  /** What the page threw and nobody caught; the test fails if anything is left in it. */
  readonly pageErrors: string[];
  /** All that its processes have written to standard output and error. */
  output(): string;
  /** Quits as a person does, without a debugger, and waits for the end; answers the exit code. */
  close(): Promise<number | null>;
  /** Detaches the debugger before something in the page quits: Electron 22 now and then crashes when it waits for that (docs/reliability.md). */
  detach(): Promise<void>;
  /** Waits for the end of what quits by itself; answers the exit code. */
  ends(): Promise<number | null>;
  /** Ends the main process with SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Writes test/artefacts/NAME.png, a picture of the window. */
  screenshot(name: string): Promise<void>;
}

/** Opens the application and waits for its window; it is closed with the test, which then leaves a picture if it failed. */
export async function openCoppice(options: OpenOptions = {}): Promise<Coppice> {
  const { size = { width: 1280, height: 800 }, theme = "light", reducedMotion = false } = options;
  const folder = options.folder ?? newFolder();
  const browser = process.env["COPPICE_TEST_BROWSER"];
  const electron =
    browser === undefined
      ? await _electron.launch({
          ...commandOf(folder, options),
          chromiumSandbox: true, // as a person has it; `sandboxSwitches` knows who has none
          timeout: PATIENCE_MS,
        })
      : await launchInBrowser(commandOf(folder, options), browser);
  const child = electron.process();
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  const pageErrors: string[] = [];

  const page = await electron.firstWindow({ timeout: PATIENCE_MS });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => pageErrors.push(error.stack ?? error.message));
  await page.emulateMedia({ colorScheme: theme, reducedMotion: reducedMotion ? "reduce" : "no-preference" });
  await resize(electron, size);
  await page.getByRole("main").waitFor(); // before it is drawn, no key is heard

  const alive = () => child.exitCode === null && child.signalCode === null;
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  const detach = (then: { quits: boolean }) =>
    electron.evaluate(({ app }, { quits }) => {
      const inspector = (
        "getBuiltinModule" in process // since Node 22
          ? process.getBuiltinModule("node:inspector")
          : (process as NodeJS.Process).mainModule!.require("node:inspector")
      ) as { close(): void };
      // A turn later, since no answer can come once the debugger is gone.
      setImmediate(() => {
        inspector.close();
        if (quits) setImmediate(() => app.quit());
      });
    }, then);
  const ends = async () => {
    const late = setTimeout(() => child.kill("SIGKILL"), QUIT_MS);
    const exitCode = await ended;
    clearTimeout(late);
    return exitCode;
  };
  const screenshot = async (name: string) => {
    const path = join(artefacts, `${name}.png`);
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path });
  };
  onTestFinished(async ({ task }) => {
    const failed = task.result?.state === "fail";
    if (failed && alive()) await screenshot(`failed/${task.name.replace(/\W+/g, "-")}`).catch(() => {});
    if (failed && output.trim() !== "") console.error(output);
    if (alive()) await kill();
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    expect(pageErrors).toEqual([]);
  });

  return {
    electron,
    page,
    folder,
    home: join(folder, "home"),
    pageErrors,
    output: () => output,
    async close() {
      await detach({ quits: true });
      return ends();
    },
    detach: () => detach({ quits: false }),
    ends,
    kill,
    screenshot,
  };
}

/** Starts the application once more while one with this folder is open, and answers the exit code of the second. */
export function startAgain(folder: string, args: readonly string[] = []): Promise<number | null> {
  const command = commandOf(folder, { args });
  const second = spawn(command.executablePath, command.args, { env: command.env, stdio: "ignore" });
  const late = setTimeout(() => second.kill("SIGKILL"), PATIENCE_MS);
  return new Promise((resolve) =>
    second.once("exit", (exitCode) => {
      clearTimeout(late);
      resolve(exitCode);
    }),
  );
}

/** A folder for `openCoppice`, removed with the test, for files that must exist before the application starts. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "coppice-journey-"));
  for (const name of ["home", "person", "runtime"]) mkdirSync(join(folder, name), { mode: 0o700 });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function commandOf(folder: string, options: OpenOptions) {
  const { application = process.env["COPPICE_TEST_FOLDER"], args = [], environment = {}, trace } = options;
  const binary = process.env["COPPICE_TEST_BINARY"];
  if (binary === undefined) throw new Error("npm run test:e2e says which application to drive");
  const person = join(folder, "person");
  const traced = join(folder, "traced");
  if (trace !== undefined) writeTracedCommand(traced, binary, trace);
  return {
    executablePath: trace === undefined ? binary : traced,
    args: [
      ...sandboxSwitches(),
      ...(application === undefined ? [] : [application]), // a packaged one brings its own
      `--user-data-dir=${join(folder, "user-data")}`,
      ...args,
    ],
    env: {
      ...withoutContinuousIntegration(),
      COPPICE_HOME: join(folder, "home"),
      // No model of this computer's is found, no desktop of it spoken to.
      HOME: person,
      XDG_CONFIG_HOME: join(person, ".config"),
      XDG_CACHE_HOME: join(person, ".cache"),
      XDG_RUNTIME_DIR: join(folder, "runtime"),
      ...environment,
    },
  };
}

/** As on a person's computer: libraries that report their use keep still where a variable says that a test is running. */
function withoutContinuousIntegration(): Record<string, string> {
  const environment = { ...(process.env as Record<string, string>) };
  delete environment["CI"];
  return environment;
}

/** Gives the window's page a size. */
export async function resize(
  electron: ElectronApplication,
  size: { width: number; height: number },
): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]!.setContentSize(width, height);
  }, size);
}
