"use strict";
// Loaded into Electron's main process before the application by build/dev.ts, and by nothing that ships: reloads the
// windows or quits, as that script asks.
const { app, BrowserWindow } = require("electron");

process.on("message", (request) => {
  if (request === "quit") app.quit();
  if (request === "reload")
    for (const { webContents } of BrowserWindow.getAllWindows()) webContents.reloadIgnoringCache();
});
process.on("disconnect", () => app.quit());
