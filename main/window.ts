/** The window. */
import { app, BrowserWindow, Menu } from "electron";
import { join } from "node:path";
import { pageAddress } from "./page-protocol.ts";
import type { TextMenuWords } from "./services/settings/notices.ts";
import { textMenuOf } from "./text-menu.ts";

/** Opens the window at `link` ("#/library"). `words`: of the menu of its texts, in the language of the settings. */
export function openWindow(link: string, words: () => TextMenuWords): BrowserWindow {
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
  window.webContents.on("context-menu", (_event, place) => {
    const items = textMenuOf(place, words());
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window });
  });
  void window.loadURL(`${pageAddress}${link}`);
  return window;
}
