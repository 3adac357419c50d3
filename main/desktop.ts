/** The functions of the system's desktop, through Electron. */
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  Menu,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  shell,
} from "electron";
import type { OpenDialogOptions } from "electron";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { Choosing } from "../preload/contract/calls/application.ts";
import { CONTAINERS, EXTENSIONS, supportedExtensions } from "../preload/contract/data/data-files.ts";
import type { Desktop, NetworkOptions } from "./application.ts";
import type { Ask } from "./services/network/request.ts";
import type { FileKindNames } from "./services/settings/notices.ts";
import { updatePlaceOf } from "./services/updates/place.ts";
import { menuBarOf } from "./window/menu-bar.ts";
import type { NetworkSession } from "./window/network-session.ts";
import { refusedRequests } from "./window/restrictions.ts";

const dialogOf = (what: Choosing, names: FileKindNames): OpenDialogOptions => {
  switch (what) {
    case "model-file":
      return {
        properties: ["openFile"],
        filters: [{ name: names.models, extensions: ["gguf", "safetensors", "coppice"] }],
      };
    case "data-files":
      return {
        properties: ["openFile", "multiSelections"],
        filters: [
          {
            name: names.data,
            extensions: [...supportedExtensions, ...EXTENSIONS.picture, ...CONTAINERS].map((extension) =>
              extension.slice(1),
            ),
          },
          { name: names.all, extensions: ["*"] },
        ],
      };
    case "model-folder":
    case "data-folder":
      return { properties: ["openDirectory"] };
    case "folder":
      return { properties: ["openDirectory", "createDirectory"] };
  }
};

/**
 * Whether a person installed this package, so that it can replace itself: a Windows installation with an uninstaller in its folder,
 * or an AppImage. A program started by another AppImage inherits its variables, but is not in its APPDIR.
 */
function replacesItself(): boolean {
  const { APPIMAGE, APPDIR } = process.env;
  if (process.platform !== "win32")
    return Boolean(
      APPIMAGE &&
      APPDIR &&
      existsSync(APPDIR) &&
      process.execPath.startsWith(join(realpathSync(APPDIR), sep)),
    );
  return existsSync(join(dirname(process.execPath), `Uninstall ${app.name}.exe`));
}

const CARD_MS = 5_000;
const late = (ms: number) => new Promise<null>((resolve) => setTimeout(() => resolve(null), ms));

/** Chromium's format is "ANGLE (maker, card, driver)". */
async function cardOfWindow(): Promise<string | null> {
  const info = (await app.getGPUInfo("complete")) as { auxAttributes?: { glRenderer?: string } };
  const renderer = info.auxAttributes?.glRenderer ?? "";
  return /^ANGLE \([^,]+, (.+)\)$/.exec(renderer)?.[1] ?? (renderer || null);
}

/** A network session that is loaded and opened at its first request. */
function networkOf(options: NetworkOptions): { readonly ask: Ask; count(): number } {
  let opened: NetworkSession | undefined;
  const ask: Ask = (url, headers) => {
    let isEnded = false;
    let asked: ReturnType<Ask> | undefined;
    const answer = import("./window/network-session.ts").then(({ NetworkSession }) => {
      if (isEnded) throw new Error("it was ended");
      opened ??= new NetworkSession({ ...options, userAgent: `Coppice/${app.getVersion()}` });
      asked = opened.ask(url, headers);
      return asked.answer;
    });
    const end = () => {
      isEnded = true;
      asked?.end();
    };
    return { answer, end };
  };
  return { ask, count: () => opened?.count ?? 0 };
}

/** Whether the system can encrypt secrets. Without a keyring, Electron on Linux falls back to a hard-coded password. */
function canEncrypt(): boolean {
  const { getSelectedStorageBackend } = safeStorage as { getSelectedStorageBackend?: () => string };
  const isWeak = process.platform === "linux" && getSelectedStorageBackend?.() === "basic_text";
  return !isWeak && safeStorage.isEncryptionAvailable();
}

/** `goTo` navigates the window to a place. */
export function desktopOf(goTo: (link: string) => void): Desktop {
  let blocker: number | null = null;
  const parent = () => BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];

  return {
    state: () => ({
      version: app.getVersion(),
      electronVersion: process.versions.electron,
      languages: app.getPreferredSystemLanguages?.() ?? [app.getLocale()],
      onBattery: powerMonitor.isOnBatteryPower(),
    }),

    async choose(what, names) {
      const window = parent();
      const options = dialogOf(what, names);
      const { filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options));
      return filePaths;
    },

    async chooseSave(suggestedName, extension) {
      const window = parent();
      const options = {
        defaultPath: suggestedName,
        filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
      };
      const { filePath } = await (window
        ? dialog.showSaveDialog(window, options)
        : dialog.showSaveDialog(options));
      return filePath || null;
    },

    show: (path) => shell.showItemInFolder(path),
    copyText: (text) => clipboard.writeText(text),
    setMenuBar: (words) => Menu.setApplicationMenu(Menu.buildFromTemplate(menuBarOf(words, !app.isPackaged))),

    keepAwake(awake) {
      if (awake) blocker ??= powerSaveBlocker.start("prevent-app-suspension");
      else if (blocker !== null) {
        powerSaveBlocker.stop(blocker);
        blocker = null;
      }
    },

    notify(title, body, link) {
      if (!Notification.isSupported()) return;
      const notice = new Notification({ title, body });
      notice.on("click", () => goTo(link));
      notice.show();
    },

    processes: () =>
      app.getAppMetrics().map(({ pid, type, name, serviceName }) => ({
        processId: pid,
        name: serviceName ?? name ?? type,
      })),

    graphicsCard: () => Promise.race([cardOfWindow(), late(CARD_MS)]).catch(() => null),

    restart() {
      app.relaunch();
      app.quit();
    },

    refusedRequests,

    network: networkOf,
    secrets: {
      isAvailable: canEncrypt,
      encrypt: (text) => safeStorage.encryptString(text),
      decrypt: (bytes) => safeStorage.decryptString(Buffer.from(bytes)),
    },

    updates: {
      place: updatePlaceOf(app.getAppPath()),
      replacesItself: replacesItself(),
      load: async (place, cache) => {
        const { SignedUpdater } = await import("./updates/updater.ts");
        return new SignedUpdater(place, cache);
      },
    },

    send(channel, payload) {
      for (const { webContents } of BrowserWindow.getAllWindows()) webContents.send(channel, payload);
    },
  };
}
