/** The window and what it may do: nothing but show its own pages and ask main. */
import { BrowserWindow, session } from "electron";
import { join } from "node:path";
import { pageAddress } from "./page-protocol.ts";

let refused = 0;

/** Requests to anything but the application's own files that were refused since the start. */
export const refusedRequests = () => refused;

/** Whether an address is one of the application's pages. */
export const isOurPage = (url: string) => url.startsWith(pageAddress);

/** Denies the window's session everything that it does not need: permissions, downloads, every address but its own. */
export function restrictSession(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.on("will-download", (event) => event.preventDefault());
  defaultSession.setSpellCheckerEnabled(false); // Its dictionaries would be downloaded.
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const own = isOurPage(url) || url.startsWith("data:") || url.startsWith("devtools:");
    if (!own) refused++;
    answer({ cancel: !own });
  });
}

/** Opens the window at `link` ("#/library"). */
export function openWindow(link = ""): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: "Coppice",
    // On Windows it is the executable's.
    ...(process.platform === "linux" ? { icon: join(__dirname, "icon.png") } : {}),
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(__dirname, "../preload/index.cjs"),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  for (const event of ["will-navigate", "will-redirect"] as const) {
    webContents.on(event as "will-navigate", (navigation) => navigation.preventDefault());
  }
  webContents.on("will-attach-webview", (event) => event.preventDefault());
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${pageAddress}${link}`);
  return window;
}
