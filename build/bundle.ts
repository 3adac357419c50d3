/** Bundles scripts to CommonJS, each with all that it imports, as Electron's processes load them. */
import { build, type Plugin } from "vite";

/** Addons and what Electron itself provides: found at run time, never bundled. */
const external = ["electron", "better-sqlite3", "onnxruntime-node"];

export interface BundleOptions {
  /** Source of each script by the name of its bundle: { "engine/reader": "main/engine/reader.ts" }. */
  readonly entries: Record<string, string>;
  readonly outFolder: string;
  /** `node16` is what Electron 22 runs. */
  readonly target: "node16" | "node22";
  readonly plugins?: Plugin[];
}

/** Writes `outFolder/NAME.cjs` for each entry, with chunks that entries share beside them. */
export async function bundle({ entries, outFolder, target, plugins = [] }: BundleOptions): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    plugins,
    ssr: { noExternal: true, external, target: "node" },
    build: {
      ssr: true,
      target,
      outDir: outFolder,
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: entries,
        external,
        output: { format: "cjs", entryFileNames: "[name].cjs", chunkFileNames: "chunks/[name]-[hash].cjs" },
      },
    },
  });
}
