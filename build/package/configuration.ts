/** The part of electron-builder's configuration that is the same for every system. */
import { existsSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { AfterPackContext, Configuration } from "electron-builder";
import type { Electron } from "../electron/choose.ts";
import { nativeDecoderFor } from "../native.ts";
import { editionOf } from "./edition.ts";
import { burnFuses } from "./fuses.ts";
import { licenceFiles } from "./licences.ts";
import { nodePlatform, type AfterPack, type System } from "./system.ts";
import { updatePlaceFrom } from "./updates.ts";

/**
 * For packages of `system` with `electron` inside, in the folder `output`; `packed` is called with the folder they are built
 * from.
 */
export function configuration(
  electron: Electron,
  system: System,
  output: string,
  packed: AfterPack,
): Configuration {
  const edition = editionOf(electron);
  const { name, productName, appId } = edition;
  const updates = updatePlaceFrom(process.env, edition);
  return {
    appId,
    productName,
    // The application reads the id, and the place of updates.
    extraMetadata: {
      name,
      productName,
      appId,
      desktopName: `${name}.desktop`,
      ...(updates ? { updates } : {}),
    },
    // Only then does it write the feed, which build/package/sign-update.ts signs.
    publish: updates && { provider: "generic", url: updates.address },
    electronVersion: electron.version,
    ...(electron.isFallback ? { electronDist: dirname(electron.binary) } : {}),
    directories: { output },
    npmRebuild: false,
    // Everything except onnxruntime is in the bundles.
    files: [
      "package.json",
      "out/{main,preload,renderer}/**",
      "!node_modules/**",
      "node_modules/onnxruntime-{common,node}/{LICENSE,package.json}",
      "node_modules/onnxruntime-common/dist/cjs/**",
      "node_modules/onnxruntime-node/dist/**",
      // electron-builder's ${platform} is the system that packs.
      `node_modules/onnxruntime-node/bin/napi-v6/${nodePlatform[system.platform]}/x64/**`,
      "!**/DirectML.dll", // for a provider that is not used: GPUs use WebGPU
      "!**/*.map",
    ],
    asarUnpack: ["**/*.node", "node_modules/onnxruntime-node/bin/**"],
    extraResources: [
      { from: "native-models/sample", to: "sample" },
      { from: "distributed", to: "distributed", filter: ["*.py", "*.txt", "*.md", "Dockerfile"] },
      "LICENSE",
      ...nativeDecoder(system),
      { from: licenceFiles.text, to: "THIRD-PARTY-LICENCES.txt" },
    ],
    fileAssociations: [
      {
        ext: "gguf",
        name: "GGUF model",
        description: "Language model (GGUF)",
        mimeType: "application/x-gguf",
      },
      {
        ext: "coppice",
        name: "Coppice model",
        description: "Model handed on with Coppice",
        mimeType: "application/x-coppice",
      },
    ],
    async afterPack(context) {
      const executable = join(context.appOutDir, system.executable(edition));
      const steps = [removeDefaultApp, burnFuses, ...system.afterPack, packed];
      for (const step of steps) await step(context, electron, executable);
    },
  };
}

/** The native decoder, if it was built for the system. */
function nativeDecoder({ platform }: System): { from: string; to: string }[] {
  const from = nativeDecoderFor(platform);
  return existsSync(from) ? [{ from, to: join("native", basename(from)) }] : [];
}

/** Removes the repository's default app from the fallback's folder. */
function removeDefaultApp({ appOutDir }: AfterPackContext, { isFallback }: Electron): void {
  if (!isFallback) return;
  for (const name of ["resources/app", "wheel.sha256", ".DirIcon", "fiftyone.desktop", "fiftyone.png"]) {
    rmSync(join(appOutDir, name), { recursive: true, force: true });
  }
}
