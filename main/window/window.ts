/** The window. */
import { app, BrowserWindow, Menu } from "electron";
import type { WebContents } from "electron";
import { join } from "node:path";
import type { TextMenuWords } from "../services/settings/notices.ts";
import { pageAddress } from "./page-protocol.ts";
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
  zoomAsInBrowsers(window.webContents);
  window.webContents.on("context-menu", (_event, place) => {
    const items = textMenuOf(place, words());
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window });
  });
  void window.loadURL(`${pageAddress}${link}`);
  return window;
}

/** How far a key or a turn of the wheel zooms: as far as Electron's menu, which hears Ctrl with +, − and 0 only above the letters. */
const ZOOM_STEP = 0.5;
const numberPadZooms: Readonly<Record<string, number>> = { "+": 1, "-": -1, "0": 0 };

/** Zooms also by Ctrl with = and with the number pad's keys, and by Ctrl with the mouse wheel. */
function zoomAsInBrowsers(contents: WebContents): void {
  const zoom = (direction: number) => {
    contents.zoomLevel = direction === 0 ? 0 : contents.zoomLevel + direction * ZOOM_STEP;
  };
  contents.on("before-input-event", (event, { type, control, shift, alt, key, code }) => {
    const isOnNumberPad = code.startsWith("Numpad");
    const direction = isOnNumberPad ? numberPadZooms[key] : key === "=" ? 1 : undefined;
    if (direction === undefined || type !== "keyDown" || !control || shift || alt) return;
    event.preventDefault();
    zoom(direction);
  });
  contents.on("zoom-changed", (_event, direction) => zoom(direction === "in" ? 1 : -1));
}
