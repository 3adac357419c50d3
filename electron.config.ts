/** The desktop application's bundles (electron-vite): out/main with its engines, out/preload, out/renderer. */
import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "electron-vite";
import { bundledFiles } from "./build/bundled-files.ts";
import { nodeBuild } from "./build/bundle.ts";
import { chooseElectron, chooseElectronForWindows, npmElectronBuild } from "./build/electron/choose.ts";
import { sqlitePlugin } from "./build/electron/sqlite-plugin.ts";
import { windowIcon } from "./build/package/icons.ts";
import { downloadsPart } from "./build/without-downloads.ts";
import { accountOfModules } from "./build/package/modules.ts";

const engines = ["trainer", "chat", "batch", "reader", "recogniser"].map((name) => [
  `engine/${name}`,
  `main/engines/${name}.ts`,
]);

/** The mode "windows" bundles for Windows, on any system; "npm" for npm's Electron, whether or not it runs here. */
export default defineConfig(async ({ mode }) => {
  const { targets, sqlite } =
    mode === "npm"
      ? npmElectronBuild()
      : await (mode === "windows" ? chooseElectronForWindows() : chooseElectron());
  return {
    main: {
      plugins: [
        ...downloadsPart(),
        sqlitePlugin(sqlite),
        bundledFiles(),
        windowIcon(),
        accountOfModules("main"),
      ],
      build: {
        externalizeDeps: false,
        ...nodeBuild({
          entries: { index: "main/index.ts", ...Object.fromEntries(engines) },
          outFolder: "out/main",
          target: targets.node,
          included: ["better-sqlite3"],
        }),
      },
    },
    preload: {
      plugins: [accountOfModules("preload")],
      build: {
        externalizeDeps: false, // a sandboxed preload script can require nothing but electron
        ...nodeBuild({
          entries: { index: "preload/index.ts" },
          outFolder: "out/preload",
          target: targets.node,
        }),
      },
    },
    renderer: {
      root: resolve("renderer"),
      plugins: [...downloadsPart(), svelte({ configFile: false }), accountOfModules("renderer")],
      build: {
        target: targets.page,
        outDir: resolve("out/renderer"),
        assetsInlineLimit: 0, // the policy allows only files
        modulePreload: { polyfill: false },
        rolldownOptions: {
          input: resolve("renderer/index.html"),
          checks: { pluginTimings: false },
          // The policy forbids turning text into code; zod would test whether it may, which the console reports as an error.
          output: { intro: "globalThis.__zod_globalConfig ??= { jitless: true };" },
        },
      },
    },
  };
});
