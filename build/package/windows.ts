/** Packages for Windows: an installer, and a zip that needs no installation. */
import { join, relative } from "node:path";
import type { Configuration } from "electron-builder";
import { bundleApplicationForWindows } from "../application.ts";
import type { Electron } from "../electron/choose.ts";
import { root } from "../root.ts";
import { editionOf } from "./edition.ts";
import { icons } from "./icons.ts";
import type { System } from "./system.ts";
import { writeInstallerScript } from "./windows/installer-script.ts";
import { makeLauncher } from "./windows/launcher.ts";
import { nsisTools, sevenZip } from "./windows/nsis.ts";
import { fetchRuntime, runtimeLibraries } from "./windows/runtime.ts";

const launchers = join(root, "out", "windows");
const onnxruntime = "node_modules/onnxruntime-node/bin/napi-v6/win32/x64";

export const windows: System = {
  platform: "windows",
  targets: { nsis: "nsis", zip: "zip" },
  async build() {
    const electron = await bundleApplicationForWindows();
    makeLauncher(editionOf(electron), launchers);
    return electron;
  },
  configuration,
  executable: ({ productName }) => `${productName}.exe`,
  afterPack: [],
  tools: (targets, { isFallback }) =>
    isFallback ? { ...sevenZip(), ...(targets.includes("nsis") ? nsisTools() : {}) } : {},
};

/** Signed if electron-builder finds a certificate in the environment (WIN_CSC_LINK, WIN_CSC_KEY_PASSWORD). */
function configuration(electron: Electron): Configuration {
  const { name, productName } = editionOf(electron);
  return {
    toolsets: { nsis: "1.2.1", ...(process.platform === "win32" ? {} : { wine: "1.0.1" }) },
    // The shortcut menu describes the double-click action (windows/installer.nsh).
    fileAssociations: [
      { ext: "gguf", name: `${productName}.gguf`, description: "Language model (GGUF)" },
      { ext: "coppice", name: `${productName}.coppice`, description: "Model handed on with Coppice" },
    ],
    win: {
      icon: icons.ico,
      extraFiles: [
        { from: relative(root, join(launchers, `${name}.exe`)), to: `bin/${name}.exe` },
        {
          from: relative(root, fetchRuntime()),
          to: `resources/app.asar.unpacked/${onnxruntime}`,
          filter: [...runtimeLibraries],
        },
      ],
      artifactName: `${name}-\${version}-windows-x64.\${ext}`,
    },
    nsis: {
      oneClick: true, // for this account, without questions or administrator rights
      perMachine: false,
      packElevateHelper: false,
      deleteAppDataOnUninstall: false,
      differentialPackage: false,
      include: relative(root, writeInstallerScript()),
      installerLanguages: ["en_US", "de_DE"],
      artifactName: `${name}-\${version}-windows-x64-setup.\${ext}`,
    },
  };
}
