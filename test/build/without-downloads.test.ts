/** A package that was built without downloads has no button, no command and no code for them. */
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";
import { expect, test } from "vitest";
import { nodeBuild } from "../../build/bundle.ts";
import { root } from "../../build/root.ts";
import { downloadsPart, isWithoutDownloads } from "../../build/without-downloads.ts";

/** All that a bundle of this entry says. */
async function bundled(entry: string, isWithout: boolean): Promise<string> {
  const path = join(root, entry);
  const isPage = entry.endsWith(".svelte");
  const built = await build({
    configFile: false,
    root,
    logLevel: "silent",
    plugins: [...downloadsPart(isWithout), ...(isPage ? [svelte({ configFile: false })] : [])],
    ...(isPage ? {} : { ssr: { noExternal: true, target: "node" } }),
    build: {
      write: false,
      ...(isPage
        ? { lib: { entry: path, formats: ["es" as const] }, minify: false }
        : { ssr: true, ...nodeBuild({ entries: { entry: path }, outFolder: "out", target: "node24" }) }),
    },
  });
  const outputs = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  return outputs.map((output) => (output.type === "chunk" ? output.code : "")).join("\n");
}

const words = {
  "main/handlers/index.ts": ["https://huggingface.co", "/resolve/", "suggestedModels", "x-error-code"],
  "main/cli/program.ts": ["https://huggingface.co", "/resolve/", "HF_TOKEN", "downloadModel"],
  "renderer/questions/StartWriting.svelte": ["main.downloads.get"],
  "renderer/wizard/ModelPage.svelte": ["get-model", "main.downloads.get", "setToken"],
};

test.each(Object.entries(words))("%s", async (entry, parts) => {
  const [usual, without] = [await bundled(entry, false), await bundled(entry, true)];
  for (const part of parts) {
    expect(usual, "the usual build").toContain(part);
    expect(without, "the build without downloads").not.toContain(part);
  }
});

test("is asked for by one variable", () => {
  expect(isWithoutDownloads({})).toBe(false);
  expect(isWithoutDownloads({ COPPICE_WITHOUT_DOWNLOADS: "1" })).toBe(true);
});
