/** The system's dialogs, which no script can press: from now on they answer at once. */
import type { Coppice } from "./coppice.ts";

/** The save dialog answers `path`. */
export function saveTo({ electron }: Pick<Coppice, "electron">, path: string): Promise<void> {
  return electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** The save dialog is closed without a file the first time, and then answers `path`. */
export function saveAtSecondTry({ electron }: Pick<Coppice, "electron">, path: string): Promise<void> {
  return electron.evaluate(({ dialog }, filePath) => {
    const answers = [{ canceled: true, filePath: "" }];
    dialog.showSaveDialog = () => Promise.resolve(answers.shift() ?? { canceled: false, filePath });
  }, path);
}

/** The dialog for files and folders answers `paths`. */
export function choose({ electron }: Pick<Coppice, "electron">, ...paths: string[]): Promise<void> {
  return electron.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, paths);
}
