/** Bundles scripts, each with all its imports except addons. */
import { build, type BuildEnvironmentOptions, type Plugin } from "vite";

/** Resolved at run time, never bundled: addons, and modules that Electron itself provides. */
const foundAtRunTime = ["electron", "better-sqlite3", "onnxruntime-node"];

export interface BundleOptions {
  /** Source of each script by the name of its bundle: { "engine/reader": "main/engines/reader.ts" }. */
  readonly entries: Record<string, string>;
  readonly outFolder: string;
  /** `node16` is Electron 22's. */
  readonly target: "node16" | "node24";
  /** Electron 22 loads CommonJS only. */
  readonly format?: "cjs" | "es";
  readonly plugins?: Plugin[];
  /** Bundled anyway: a plugin provides it. */
  readonly included?: readonly string[];
}

/** Empties `outFolder` and writes NAME.cjs (or .mjs) for each entry, with shared chunks next to them. */
export async function bundle(options: BundleOptions): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    plugins: options.plugins ?? [],
    ssr: { noExternal: true, external: foundAtRunTime, target: "node" },
    build: { ssr: true, emptyOutDir: true, ...nodeBuild(options) },
  });
}

/** Vite's options for scripts that run in Node or Electron's main process. */
export function nodeBuild({ entries, outFolder, target, format = "cjs", included = [] }: BundleOptions) {
  const extension = format === "cjs" ? "cjs" : "mjs";
  return {
    target,
    outDir: outFolder,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: entries,
      // PDFium's code uses it to look for its own file, which it is given.
      checks: { emptyImportMeta: false },
      external: foundAtRunTime.filter((name) => !included.includes(name)),
      output: {
        format,
        entryFileNames: `[name].${extension}`,
        // Next to the entries: code finds files relative to itself, and may move into a chunk.
        chunkFileNames: `[name]-[hash].${extension}`,
      },
    },
  } satisfies BuildEnvironmentOptions;
}
