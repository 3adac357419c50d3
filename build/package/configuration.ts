/** electron-builder's configuration, as far as it is the same for every system. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AfterPackContext, Configuration } from "electron-builder";
import type { Electron } from "../electron/choose.ts";
import { editionOf } from "./edition.ts";

/** Something done to the packed folder before packages are made of it. */
export type AfterPack = (context: AfterPackContext, electron: Electron) => void | Promise<void>;

/** In this order. */
const afterPack: readonly AfterPack[] = [removeDefaultApp];

/** For packages with `electron` inside, in the folder `output`; `packed` is told of the folder they are made of. */
export function configuration(electron: Electron, output: string, packed: AfterPack): Configuration {
  const { name, productName, appId } = editionOf(electron);
  return {
    appId,
    productName,
    extraMetadata: { name, productName, desktopName: `${name}.desktop` },
    electronVersion: electron.version,
    ...(electron.isFallback ? { electronDist: dirname(electron.binary) } : {}),
    directories: { output },
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
    fileAssociations: [
      {
        ext: "gguf",
        name: "GGUF model",
        description: "Language model (GGUF)",
        mimeType: "application/x-gguf",
      },
    ],
    async afterPack(context) {
      for (const step of [...afterPack, packed]) await step(context, electron);
    },
  };
}

/** What lies in the fallback's folder for the repository's sake. */
function removeDefaultApp({ appOutDir }: AfterPackContext, { isFallback }: Electron): void {
  if (!isFallback) return;
  for (const name of ["resources/app", "wheel.sha256", ".DirIcon", "fiftyone.desktop", "fiftyone.png"]) {
    rmSync(join(appOutDir, name), { recursive: true, force: true });
  }
}
