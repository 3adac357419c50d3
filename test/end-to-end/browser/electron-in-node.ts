/**
 * Electron for main's bundle in Node: as much as main asks of it. Its windows are pages of Chromium, which the test holds that
 * started this process (launch.ts). Loaded before the bundle, it is what `require("electron")` gives from then on.
 */
import { fork } from "node:child_process";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import * as electron from "./electron-in-node.ts";
import type { FromMain, FromPage, Served, ToMain, ToPage } from "./link.ts";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron" ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
});

const words = process.argv.slice(2);
/** The folder with the application's package.json. */
const folder = words.find((word) => !word.startsWith("-"))!;
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
const nothing = () => {};

const tell = (message: FromMain) => void process.send!(message);
process.on("disconnect", () => process.exit(1)); // the test is gone
process.on("message", (message: ToMain) => void hear(message));

// The names by which code detects that it runs in Electron, and in which process.
Object.assign(process.versions, { electron: process.env["COPPICE_ELECTRON_VERSION"] });

// The application

class App extends EventEmitter {
  readonly name = "coppice";
  readonly isPackaged = false;
  readonly commandLine = {
    hasSwitch: (name: string) => words.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)),
    appendSwitch: (name: string, value = "") => tell({ type: "switch", name, value }),
  };
  readonly #ready = new Promise<void>((resolve) =>
    setImmediate(() => {
      this.emit("ready");
      resolve();
    }),
  );

  whenReady = () => this.#ready;
  enableSandbox = nothing;
  configureHostResolver = nothing;
  setPath = nothing;
  relaunch = nothing;
  requestSingleInstanceLock = () => true;
  releaseSingleInstanceLock = nothing;
  getVersion = () => manifest.version;
  getAppPath = () => folder;
  getPreferredSystemLanguages = () => ["en-US"];
  getLocale = () => "en-US";
  getGPUInfo = () => Promise.resolve({});
  getAppMetrics = () => [
    { pid: process.pid, type: "Browser", memory: { workingSetSize: 0 } },
    ...[...utilities].map((utility) => utility.metric()),
  ];

  quit(): void {
    let isPrevented = false;
    this.emit("before-quit", { preventDefault: () => (isPrevented = true) });
    if (isPrevented) return;
    this.emit("will-quit", { preventDefault: nothing });
    this.exit(0);
  }

  exit(exitCode = 0): void {
    this.emit("quit", {}, exitCode);
    process.exit(exitCode);
  }
}

export const app = new App();

// Windows

class Session extends EventEmitter {
  isAllowed: (request: { url: string; method: string }) => boolean = () => true;
  readonly webRequest = {
    onBeforeRequest: (
      listener: (
        details: { url: string; method: string },
        answer: (response: { cancel?: boolean }) => void,
      ) => void,
    ) => {
      this.isAllowed = (request) => {
        let isCancelled = false;
        listener(request, ({ cancel = false }) => (isCancelled = cancel));
        return !isCancelled;
      };
    },
  };
  setPermissionRequestHandler = nothing;
  setPermissionCheckHandler = nothing;
  setDevicePermissionHandler = nothing;
  setSpellCheckerEnabled = nothing;
  setSpellCheckerDictionaryDownloadURL = nothing;
  setProxy = () => Promise.resolve();
}

export const session = { defaultSession: new Session() };

type Handler = (request: { url: string; method: string }) => Promise<Response>;
const handlers = new Map<string, Handler>();

export const protocol = {
  registerSchemesAsPrivileged: nothing,
  handle: (scheme: string, handler: Handler) => void handlers.set(`${scheme}:`, handler),
};

/** Main's end of a channel of the page's. */
class Port extends EventEmitter {
  readonly #send: (data: unknown) => void;

  constructor(send: (data: unknown) => void) {
    super();
    this.#send = send;
  }

  postMessage = (data: unknown) => this.#send(data);
  start = nothing;
  close = nothing;
}

let windows: BrowserWindow[] = [];
let lastWindow = 0;

class WebContents extends EventEmitter {
  readonly session = session.defaultSession;
  readonly mainFrame = { url: "" };
  readonly ports = new Map<number, Port>();
  readonly #window: number;
  readonly #preload: string;
  #isLoading = false;

  constructor(window: number, preload: string) {
    super();
    this.#window = window;
    this.#preload = preload;
    this.once("did-finish-load", () => (this.#isLoading = false));
  }

  setWindowOpenHandler = nothing;
  setWebRTCIPHandlingPolicy = nothing;
  isLoading = () => this.#isLoading;
  isDestroyed = () => !windows.some(({ webContents }) => webContents === this);

  loadURL(url: string): Promise<void> {
    this.#isLoading = true;
    this.mainFrame.url = url;
    tell({ type: "load", window: this.#window, url, preload: readFileSync(this.#preload, "utf8") });
    return Promise.resolve();
  }

  send = (channel: string, payload: unknown) => this.deliver({ type: "notify", channel, payload });
  deliver = (message: ToPage) => tell({ type: "deliver", window: this.#window, message });
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => windows;
  static getFocusedWindow = () => windows[0] ?? null;
  readonly id = ++lastWindow;
  readonly webContents: WebContents;

  constructor({ webPreferences }: { webPreferences: { preload: string } }) {
    super();
    this.webContents = new WebContents(this.id, webPreferences.preload);
    windows.push(this);
    app.emit("web-contents-created", {}, this.webContents);
    app.emit("browser-window-created", {}, this);
  }

  loadURL = (url: string) => this.webContents.loadURL(url);
  setContentSize = (width: number, height: number) =>
    tell({ type: "resize", window: this.id, width, height });
  show = nothing;
  focus = nothing;
  setMinimumSize = nothing;
  restore = nothing;
  isMinimized = () => false;
}

class IpcMain extends EventEmitter {
  readonly handlers = new Map<string, (event: object, input: unknown) => unknown>();
  handle = (channel: string, handler: (event: object, input: unknown) => unknown) =>
    void this.handlers.set(channel, handler);
}

export const ipcMain = new IpcMain();

async function received(contents: WebContents, url: string, isMainFrame: boolean, message: FromPage) {
  if (message.type === "port")
    return contents.ports.get(message.port)?.emit("message", { data: message.data });
  if (isMainFrame) contents.mainFrame.url = url;
  const { channel, input } = message;
  const event = {
    sender: contents,
    senderFrame: isMainFrame ? contents.mainFrame : { url },
    ports: [] as Port[],
  };
  if (message.type === "send") return ipcMain.emit(channel, event, input);
  if (message.type === "post") {
    const { port } = message;
    event.ports.push(new Port((data) => contents.deliver({ type: "port", port, data })));
    contents.ports.set(port, event.ports[0]!);
    return ipcMain.emit(channel, event, input);
  }
  const { id } = message;
  try {
    const handler = ipcMain.handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    contents.deliver({ type: "reply", id, value: await handler(event, input) });
  } catch (error) {
    contents.deliver({ type: "refusal", id, message: String(error) });
  }
}

// Engines

const utilities = new Set<Utility>();

class Utility extends EventEmitter {
  readonly #child;
  readonly #name: string;

  constructor(
    entry: string,
    args: string[],
    options: { serviceName: string; execArgv: string[]; env: NodeJS.ProcessEnv },
  ) {
    super();
    this.#name = options.serviceName;
    this.#child = fork(entry, args, {
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: options.execArgv.map((option) => option.replace("--js-flags=", "")),
      env: options.env,
    });
    utilities.add(this);
    this.#child.on("error", nothing);
    this.#child.on("message", (message) => this.emit("message", message));
    this.#child.on("close", (exitCode, signal) => {
      utilities.delete(this);
      this.emit("exit", exitCode ?? (signal === null ? 1 : 128));
    });
  }

  get pid() {
    return this.#child.pid;
  }
  get stdout() {
    return this.#child.stdout;
  }
  get stderr() {
    return this.#child.stderr;
  }
  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, nothing);
  }
  kill = () => this.#child.kill();
  metric = () => ({
    pid: this.pid!,
    type: "Utility",
    name: this.#name,
    serviceName: this.#name,
    memory: { workingSetSize: residentKilobytes(this.pid!) },
  });
}

function residentKilobytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // it has ended, or this is not Linux
  }
}

export const utilityProcess = {
  fork: (...given: ConstructorParameters<typeof Utility>) => new Utility(...given),
};

// The desktop: a person who cancels every dialog, unless a journey puts an answer there

export const dialog = {
  showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }),
  showSaveDialog: () => Promise.resolve({ canceled: true, filePath: "" }),
  showMessageBox: () => Promise.resolve({ response: 1 }),
  showErrorBox: (title: string, content: string) => console.error(`${title}: ${content}`),
};

let copied = "";
type MenuItems = readonly { readonly label?: string }[];
let menuBar: { items: MenuItems } | null = null;
export const Menu = {
  buildFromTemplate: (items: MenuItems) => ({ items, popup: nothing }),
  setApplicationMenu: (menu: typeof menuBar) => void (menuBar = menu),
  getApplicationMenu: () => menuBar,
};
export const clipboard = {
  writeText: (text: string) => Promise.resolve(void (copied = text)),
  readText: () => Promise.resolve(copied),
};

export class Notification {
  static isSupported = () => false;
}

export const powerMonitor = Object.assign(new EventEmitter(), { isOnBatteryPower: () => false });
export const powerSaveBlocker = { start: () => 1, stop: nothing };
export const shell = { showItemInFolder: nothing };
export const net = {};

// The test

async function hear(message: ToMain): Promise<void> {
  if (message.type === "request") return answer(message.id, () => serve(message.url, message.method));
  if (message.type === "evaluate") {
    const { id, source, argument } = message;
    // Playwright gives such a function Electron, too.
    const run = (0, eval)(`(${source})`) as (module: unknown, argument: unknown) => unknown;
    return answer(id, () => run(electron, argument));
  }
  const window = windows.find(({ id }) => id === message.window);
  if (!window) return;
  const { webContents } = window;
  switch (message.type) {
    case "loaded":
      webContents.emit("did-finish-load");
      return void window.emit("ready-to-show");
    case "closed":
      windows = windows.filter((other) => other !== window);
      for (const port of webContents.ports.values()) port.emit("close");
      return void (windows.length === 0 && app.emit("window-all-closed"));
    case "sent":
      return void (await received(webContents, message.url, message.isMainFrame, message.message));
  }
}

async function answer(id: number, from: () => unknown): Promise<void> {
  try {
    tell({ type: "answer", id, value: await from() });
  } catch (error) {
    tell({ type: "answer", id, error: String(error) });
  }
}

async function serve(url: string, method: string): Promise<Served> {
  const handler = handlers.get(new URL(url).protocol);
  if (!session.defaultSession.isAllowed({ url, method }) || !handler) return null;
  const response = await handler({ url, method });
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) };
}
