/**
 * `npm run dev`: opens the application and rebuilds it as its sources change. A change of the window reloads the window; a
 * change of main, of an engine or of the preload script restarts the application, which pauses a run as quitting does.
 * The window loads files by app:// under the content policy, as in a package: there is no development server.
 * Arguments go to the application.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { resolveConfig, type UserConfig } from "electron-vite";
import { build, mergeConfig, type InlineConfig } from "vite";
import { buildLicences } from "./application.ts";
import { chooseElectron, fallbackNotice } from "./electron/choose.ts";
import { sandboxSwitches } from "./electron/display.ts";
import { Missing } from "./electron/missing.ts";
import { buildNativeIfPossible } from "./native.ts";
import { root } from "./root.ts";

type Part = "main" | "preload" | "renderer";
/** What Vite's build returns when it watches. */
type Watcher = Extract<Awaited<ReturnType<typeof build>>, { close(): Promise<void> }>;

const windowFolder = join(root, "out", "renderer");
/** Readable code in files whose names do not change: main serves only the files that existed when it started. */
const forDevelopment: Record<Part, InlineConfig> = {
  main: {},
  preload: {},
  renderer: {
    build: {
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        output: {
          entryFileNames: "assets/[name].js",
          chunkFileNames: "assets/[name].js",
          assetFileNames: "assets/[name][extname]",
        },
      },
    },
  },
};

/** How long the application may take to quit when it is to restart; one that waits in a dialog never does. */
const QUITTING_MS = 15_000;

let application: ChildProcess | undefined;
let servedFiles = new Set<string>();
let isRestarting = false;

try {
  await open();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`Coppice: ${error.message}`);
  process.exit(1);
}

async function open(): Promise<void> {
  const electron = await chooseElectron();
  if (electron.isFallback) console.error(fallbackNotice);
  await buildNativeIfPossible();
  process.env["NODE_ENV_ELECTRON_VITE"] = "production"; // read by electron-vite's own plugins
  const inline = { root, configFile: join(root, "electron.config.ts"), logLevel: "warn" } as const;
  const { config } = await resolveConfig(inline, "build", "production");
  await watch(config!, "main", () => restart("main"));
  await watch(config!, "preload", () => restart("preload"));
  await watch(config!, "renderer", reload);
  await buildLicences(electron);
  process.on("SIGINT", () => {}); // reaches the application too, whose end ends this script
  start(electron.binary);
}

/** Builds a part and keeps rebuilding it; resolves after the first successful build. Vite prints errors. */
async function watch(config: UserConfig, part: Part, onChange: () => void): Promise<void> {
  const watched = mergeConfig(mergeConfig(config[part]!, forDevelopment[part]), { build: { watch: {} } });
  const watcher = (await build(watched)) as Watcher;
  let isBuilt = false;
  await new Promise<void>((resolve) =>
    watcher.on("event", ({ code }) => {
      if (code !== "BUNDLE_END") return;
      if (isBuilt) onChange();
      isBuilt = true;
      resolve();
    }),
  );
}

function start(binary: string): void {
  isRestarting = false;
  servedFiles = new Set(windowFiles());
  const hook = join(root, "build", "dev", "in-main.cjs");
  const args = [...sandboxSwitches(), "-r", hook, root, ...process.argv.slice(2)];
  application = spawn(binary, args, {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { COPPICE_DEBUG: "1", ...process.env },
  });
  application.once("exit", (exitCode) => {
    if (isRestarting) start(binary);
    else process.exit(exitCode ?? 1);
  });
}

function reload(): void {
  if (windowFiles().some((file) => !servedFiles.has(file))) return restart("the list of the window's files");
  console.error("Coppice: the window changed: reloaded");
  application?.send("reload");
}

function restart(changed: string): void {
  if (!application || isRestarting) return;
  isRestarting = true;
  console.error(`Coppice: ${changed} changed: restarting`);
  application.send("quit");
  const quitting = setTimeout(() => application?.kill("SIGKILL"), QUITTING_MS);
  application.once("exit", () => clearTimeout(quitting));
}

function windowFiles(): string[] {
  return readdirSync(windowFolder, { recursive: true, encoding: "utf8" });
}
