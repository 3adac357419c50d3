/** Packages for Linux: deb, rpm and AppImage. */
import type { Configuration } from "electron-builder";
import { bundleApplication } from "../application.ts";
import type { Electron } from "../electron/choose.ts";
import { editionOf } from "./edition.ts";
import { icons } from "./icons.ts";
import { layLauncher } from "./launcher.ts";
import { addAppRun, desktopFiles } from "./linux/files.ts";
import { debDepends, debRecommends, rpmRequires } from "./linux/libraries.ts";
import type { System } from "./system.ts";
import { debianTools } from "./tools/index.ts";

export const linux: System = {
  platform: "linux",
  targets: { deb: "deb", rpm: "rpm", appimage: "AppImage" },
  build: bundleApplication,
  configuration,
  executable: ({ name }) => name,
  afterPack: [layLauncher, addAppRun],
  tools: (targets, { isFallback }) => (isFallback ? debianTools(targets) : {}),
};

function configuration(electron: Electron): Configuration {
  const edition = editionOf(electron);
  const { name, productName } = edition;
  const scripts = {
    afterInstall: "build/package/linux/after-install.sh",
    afterRemove: "build/package/linux/after-remove.sh",
    appArmorProfile: "build/package/linux/apparmor-profile",
  };
  const fpm = ["--exclude", `opt/${productName}/AppRun`, ...desktopFiles(edition)];
  return {
    // 1.0.3 includes FUSE; the fallback's runtime is an older one.
    toolsets: { appimage: electron.isFallback ? "0.0.0" : "1.0.3" },
    linux: {
      executableName: name,
      icon: icons.folder,
      category: "Science;ArtificialIntelligence",
      synopsis: "Specialises a language model on your own computer",
      syncDesktopName: true,
      // Paths, not addresses.
      executableArgs: ["%F"],
      desktop: {
        entry: {
          GenericName: "Language model trimmer",
          "GenericName[de]": "Sprachmodelle spezialisieren",
          "Comment[de]":
            "Spezialisiert ein offenes Sprachmodell auf Ihr Fachgebiet und halbiert seine Tiefe, auf Ihrem Rechner.",
          Keywords: "model;fine-tuning;GGUF;chat;",
        },
      },
    },
    deb: {
      ...scripts,
      depends: [...debDepends],
      recommends: [...debRecommends],
      packageCategory: "science",
      fpm,
    },
    rpm: { ...scripts, depends: [...rpmRequires], fpm: ["--directories", `/opt/${productName}`, ...fpm] },
    // Without explicit arguments, electron-builder would add --no-sandbox for the older runtime.
    appImage: { compression: "xz", executableArgs: [] },
  };
}
