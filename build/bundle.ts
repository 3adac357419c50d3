/** Bundles scripts, each with all that it imports but addons. */
import { build, type BuildEnvironmentOptions, type Plugin } from "vite";

/** What is found at run time, never bundled: addons, and what Electron itself provides. */
const foundAtRunTime = ["electron", "better-sqlite3", "onnxruntime-node"];

export interface BundleOptions {
  /** Source of each script by the name of its bundle: { "engine/reader": "main/engine/reader.ts" }. */
  readonly entries: Record<string, string>;
  readonly outFolder: string;
  /** `node16` is what Electron 22 runs. */
  readonly target: "node16" | "node24";
  /** Electron 22 loads CommonJS only. */
  readonly format?: "cjs" | "es";
  readonly plugins?: Plugin[];
  /** Taken into the bundle all the same: a plugin answers for it. */
  readonly included?: readonly string[];
}

/** Empties `outFolder` and writes NAME.cjs (or .mjs) for each entry into it, with chunks that entries share beside them. */
export async function bundle(options: BundleOptions): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    plugins: options.plugins ?? [],
    ssr: { noExternal: true, external: foundAtRunTime, target: "node" },
    build: { ssr: true, emptyOutDir: true, ...nodeBuild(options) },
  });
}

/** Vite's options for scripts that Node or Electron's main process runs. */
export function nodeBuild({ entries, outFolder, target, format = "cjs", included = [] }: BundleOptions) {
  const extension = format === "cjs" ? "cjs" : "mjs";
  return {
    target,
    outDir: outFolder,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: entries,
      // unpdf asks for it only where it draws pages, which nothing here does.
      checks: { emptyImportMeta: false },
      external: foundAtRunTime.filter((name) => !included.includes(name)),
      output: {
        format,
        entryFileNames: `[name].${extension}`,
        // Beside the entries: code finds files from where it lies, and may move into a chunk.
        chunkFileNames: `[name]-[hash].${extension}`,
      },
    },
  } satisfies BuildEnvironmentOptions;
}
