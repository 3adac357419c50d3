/** The application's menu, which Alt shows above the page: Electron's own is only in English. */
import type { MenuItemConstructorOptions } from "electron";
import type { MenuBarWords, TextMenuWords } from "../services/settings/notices.ts";

/** Its menus. Each item's role is what it does and its keys; the page can be loaded again, and inspected, only in development. */
export function menuBarOf(
  words: MenuBarWords & TextMenuWords,
  isDevelopment: boolean,
): MenuItemConstructorOptions[] {
  const separator = { type: "separator" } as const;
  const forDevelopers: MenuItemConstructorOptions[] = [
    { role: "reload" },
    { role: "forceReload" },
    { role: "toggleDevTools" },
    separator,
  ];
  return [
    { label: words.file, submenu: [{ role: "quit", label: words.quit }] },
    {
      label: words.edit,
      submenu: [
        { role: "undo", label: words.undo },
        { role: "redo", label: words.redo },
        separator,
        { role: "cut", label: words.cut },
        { role: "copy", label: words.copy },
        { role: "paste", label: words.paste },
        separator,
        { role: "selectAll", label: words.selectAll },
      ],
    },
    {
      label: words.view,
      submenu: [
        ...(isDevelopment ? forDevelopers : []),
        { role: "resetZoom", label: words.resetZoom },
        { role: "zoomIn", label: words.zoomIn },
        { role: "zoomOut", label: words.zoomOut },
        separator,
        { role: "togglefullscreen", label: words.fullScreen },
      ],
    },
    {
      label: words.window,
      submenu: [
        { role: "minimize", label: words.minimise },
        { role: "close", label: words.close },
      ],
    },
  ];
}
