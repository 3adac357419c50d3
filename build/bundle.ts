/** Bundles scripts, each with all that it imports but addons. */
import { build, type Plugin } from "vite";

/** Addons and what Electron itself provides: found at run time, never bundled. */
const external = ["electron", "better-sqlite3", "onnxruntime-node"];

export interface BundleOptions {
  /** Source of each script by the name of its bundle: { "engine/reader": "main/engine/reader.ts" }. */
  readonly entries: Record<string, string>;
  readonly outFolder: string;
  /** `node16` is what Electron 22 runs. */
  readonly target: "node16" | "node22";
  /** Electron 22 loads CommonJS only. */
  readonly format?: "cjs" | "es";
  readonly plugins?: Plugin[];
}

/** Empties `outFolder` and writes NAME.cjs (or .mjs) for each entry into it, with chunks that entries share beside them. */
export async function bundle(options: BundleOptions): Promise<void> {
  const { entries, outFolder, target, format = "cjs", plugins = [] } = options;
  const extension = format === "cjs" ? "cjs" : "mjs";
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
        output: {
          format,
          entryFileNames: `[name].${extension}`,
          chunkFileNames: `chunks/[name]-[hash].${extension}`,
        },
      },
    },
  });
}
