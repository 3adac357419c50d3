/** The application's life: one instance, its window, its end. */
import { app, BrowserWindow, dialog, powerMonitor, utilityProcess } from "electron";
import { homedir } from "node:os";
import { join, parse } from "node:path";
import { failureOf } from "../native-models/failure.ts";
import { contract } from "../preload/contract/contract.ts";
import { troubleOf } from "../preload/contract/trouble.ts";
import { sentence } from "../preload/contract/words/sentence.ts";
import { appIdOf } from "./app-id.ts";
import { Application } from "./application.ts";
import { Closing } from "./closing.ts";
import type { WindowWork } from "./closing.ts";
import { desktopOf } from "./desktop.ts";
import { launchUtility } from "./engines/process/launch.ts";
import { handlersOf } from "./handlers/index.ts";
import { dataPlace, homeFolder } from "./home/home.ts";
import { Leaving } from "./leaving.ts";
import { launchLogged } from "./log/launch.ts";
import { ProgramLog } from "./log/program-log.ts";
import { serveWindow } from "./serve.ts";
import { removeOldHome } from "./services/home/old-home.ts";
import { closingStops, textMenuWords, windowKeepsStopping } from "./services/settings/notices.ts";
import { modelFileOf } from "./started-for.ts";
import { stayOffline } from "./window/offline.ts";
import { isOurPage, registerPageScheme, servePages } from "./window/page-protocol.ts";
import { restrictPages } from "./window/restrictions.ts";
import { openWindow } from "./window/window.ts";

let application: Application | null = null;
let program: ProgramLog | null = null;
let closing = false;
const leaving = new Leaving({
  hasWindow: () => BrowserWindow.getAllWindows().length > 0,
  isNeeded: () => application?.isNeeded() ?? true,
  noticedAt: () => application?.noticedAt() ?? 0,
  quit: () => {
    if (!closing) app.quit(); // a second time would not wait for the first
  },
});

/** Opens the window, or brings that of the running instance to the front. */
export function openInWindow(): void {
  // With --no-sandbox (root), Electron's renderers crash under `enableSandbox`.
  if (!app.commandLine.hasSwitch("no-sandbox")) app.enableSandbox();
  registerPageScheme();
  stayOffline();
  if (!app.requestSingleInstanceLock()) return app.quit();
  if (process.platform === "win32") nameForWindows();
  // Work continues while no window is open, and the application quits after it; a second start reopens the window.
  app.on("window-all-closed", () => leaving.consider());
  app.on("before-quit", (event) => {
    if (!application || closing) return;
    closing = true;
    event.preventDefault();
    void application.close().finally(() => {
      program?.end();
      setImmediate(() => app.quit()); // not `exit`, at which Electron 22 crashes more often under a debugger
    });
  });
  void app.whenReady().then(start).catch(failed);
}

/** Windows shows notifications, and joins a window with its pinned icon, by the id that the installer gave the shortcuts. */
function nameForWindows(): void {
  const appId = appIdOf(app.getAppPath());
  if (appId !== null) app.setAppUserModelId(appId);
}

function start(): void {
  restrictPages();
  servePages(join(__dirname, "../renderer"));
  const home = homeFolder();
  program = new ProgramLog(home, app.getVersion());
  const { log } = program;
  const launch = launchLogged(launchUtility({ utilityProcess, app }), log);
  const opened = new Application(home, desktopOf(goTo), { launch }, log);
  application = opened;
  opened.showMenuBar();
  opened.followEnds(() => leaving.consider());
  program.follow({
    cache: opened.services.home.cache,
    troubles: opened.troubles,
    tell: (trouble) => opened.announce(contract.diagnostics.troubled, trouble),
    giveUp: () => void offerRestart(opened),
  });
  serveWindow(handlersOf(opened), {
    isOurs: isOurPage,
    onDropped: (path) => opened.paths.permit([path]),
    onStream: (stream) => opened.works.begin(stream),
    log,
  });
  showWindow();
  if (!process.env.COPPICE_HOME)
    removeOldHome(dataPlace(), home).then(
      (old) => old && log.write({ event: "old-home", ...old }),
      (error: unknown) => log.write({ event: "error", where: "main", trouble: troubleOf(error) }),
    );
  openFileOf(process.argv, process.cwd());
  leaveStartFolder(home);
  powerMonitor.on("on-ac", () => opened.advance());
  powerMonitor.on("suspend", () => opened.queue.save());
  powerMonitor.on("resume", () => opened.advance());
  app.on("second-instance", (_event, argv, folder) => {
    goTo("");
    openFileOf(argv, folder);
  });
  app.on("activate", () => goTo(""));
}

/** Leaves the folder of a double-clicked file: Windows would also look for programs and libraries there. */
function leaveStartFolder(home: string): void {
  if (process.env.COPPICE_HOME) process.env.COPPICE_HOME = home; // absolute, also after a restart
  try {
    process.chdir(homedir());
  } catch {
    process.chdir(parse(process.execPath).root); // an account without a folder
  }
}

/** The home cannot be opened, or an unexpected error: shown in a dialog, because there is no window. */
function failed(error: unknown): void {
  console.error(error);
  program?.failed(error);
  dialog.showErrorBox("Coppice cannot start", sentence(failureOf(error)));
  app.exit(1);
}

/** The window's page crashes repeatedly: shown in a dialog, because the window cannot show it. */
async function offerRestart({ services, desktop }: Application): Promise<void> {
  const { message, detail, restart, quit } = windowKeepsStopping(
    services.settings.get().language,
    desktop.state().languages,
  );
  const { response } = await dialog.showMessageBox({
    type: "warning",
    message,
    detail,
    buttons: [restart, quit],
    cancelId: 1,
  });
  if (response === 0) desktop.restart();
  else app.quit();
}

/** Opens a window that asks before it closes on work that would end with it. */
function showWindow(link = ""): void {
  const window = openWindow(link, () => {
    const { services, desktop } = application!;
    return textMenuWords(services.settings.get().language, desktop.state().languages);
  });
  const asking = new Closing({
    works: () => application!.works.inProgress,
    ask: (inProgress) => agreesToClose(window, inProgress),
    close: () => window.close(),
  });
  window.on("close", (event) => {
    if (!closing && !asking.mayClose()) event.preventDefault();
  });
}

async function agreesToClose(window: BrowserWindow, inProgress: readonly WindowWork[]): Promise<boolean> {
  const { services, desktop } = application!;
  const { language } = services.settings.get();
  const { message, detail, close, keep } = closingStops(inProgress, language, desktop.state().languages);
  const { response } = await dialog.showMessageBox(window, {
    type: "warning",
    message,
    detail,
    buttons: [keep, close],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** Brings the window to the front, at `link` if that is not empty. */
function goTo(link: string): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return showWindow(link);
  if (window.isMinimized()) window.restore();
  window.focus();
  if (link !== "") application?.announce(contract.application.goTo, { link });
}

/** Opens the model file that a process started in `folder` has among its arguments, if there is one. */
function openFileOf(argv: readonly string[], folder: string): void {
  const path = modelFileOf(argv, folder);
  const [window] = BrowserWindow.getAllWindows();
  if (path === null || !window) return;
  application?.paths.permit([path]);
  const tell = () => application?.announce(contract.application.opened, { path });
  if (window.webContents.isLoading()) window.webContents.once("did-finish-load", tell);
  else tell();
}
