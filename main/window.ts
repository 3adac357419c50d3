/** The window. */
import { app, BrowserWindow } from "electron";
import { join } from "node:path";
import { pageAddress } from "./page-protocol.ts";

/** Opens the window at `link` ("#/library"). */
export function openWindow(link = ""): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: "Coppice",
    // On Windows, the icon is the executable's.
    ...(process.platform === "linux" ? { icon: join(__dirname, "icon.png") } : {}),
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(__dirname, "../preload/index.cjs"),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${pageAddress}${link}`);
  return window;
}
