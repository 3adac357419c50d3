/** The desktop application as a folder that runs by itself (electron-builder), for the machine's own system. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type AfterPackContext, type Configuration } from "electron-builder";
import { buildApplication, root } from "./application.ts";
import type { Electron } from "./electron/choose.ts";

/** The packaged application. */
export interface Packaged {
  readonly folder: string;
  readonly binary: string;
}

/** Builds and packs the application into dist/. Throws `Missing`. */
export async function packageFolder(): Promise<Packaged> {
  const electron = await buildApplication();
  let packaged: Packaged | undefined;
  const afterPack = ({ appOutDir, packager, electronPlatformName }: AfterPackContext) => {
    if (electron.isFallback) removeDefaultApp(appOutDir);
    const { productFilename } = packager.appInfo;
    const binary = {
      darwin: `${productFilename}.app/Contents/MacOS/${productFilename}`,
      win32: `${productFilename}.exe`,
    }[electronPlatformName];
    packaged = { folder: appOutDir, binary: join(appOutDir, binary ?? executableName(electron)) };
    return Promise.resolve();
  };
  await build({
    projectDir: root,
    dir: true,
    publish: "never",
    config: { ...configuration(electron), afterPack },
  });
  if (!packaged) throw new Error("electron-builder packed nothing");
  return packaged;
}

/** Nobody should be given an old Electron by mistake. */
const executableName = ({ isFallback }: Electron) => (isFallback ? "coppice-test" : "coppice");

function configuration(electron: Electron): Configuration {
  return {
    appId: "org.coppice.desktop",
    productName: electron.isFallback ? "Coppice-test" : "Coppice",
    electronVersion: electron.version,
    ...(electron.isFallback ? { electronDist: dirname(electron.binary) } : {}),
    directories: { output: "dist" },
    npmRebuild: false,
    // All but onnxruntime is in the bundles.
    files: [
      "package.json",
      "out/{main,preload,renderer}/**",
      "!node_modules/**",
      "node_modules/onnxruntime-{common,node}/{LICENSE,package.json}",
      "node_modules/onnxruntime-common/dist/cjs/**",
      "node_modules/onnxruntime-node/dist/**",
      "node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/**",
      "!**/*.map",
    ],
    asarUnpack: ["**/*.node", "node_modules/onnxruntime-node/bin/**"],
    extraResources: [{ from: "native-models/sample", to: "sample" }, "LICENSE"],
    linux: { executableName: executableName(electron), category: "Science" },
  };
}

/** What lies in the fallback's folder for the repository's sake. */
function removeDefaultApp(folder: string): void {
  for (const name of ["resources/app", "wheel.sha256", ".DirIcon", "fiftyone.desktop", "fiftyone.png"]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
