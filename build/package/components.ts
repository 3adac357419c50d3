/** Everything that a package consists of, with its licence: bundled packages, native libraries, Electron, the sample. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import chromiumVersions from "electron-to-chromium/full-versions.json" with { type: "json" };
import { root } from "../root.ts";
import { chooseElectron, type Electron } from "../electron/choose.ts";
import { nativeDecoderFor } from "../native.ts";
import { bundledPackageFolders } from "./modules.ts";
import { onnxruntimeTexts } from "./onnxruntime-notices.ts";
import { mingwLicence, mingwText, mingwVersion } from "./windows/mingw-runtime.ts";
import { release as visualCppRelease } from "./windows/runtime.ts";

/** A shipped component. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly text: string;
  readonly kind: "package" | "library" | "runtime" | "model";
  /** For a package: the hash of its archive in npm's registry (SRI), from package-lock.json. */
  readonly integrity?: string;
}

/** The components packed for `platform` with `electron`, once the bundles have been built, sorted by name. Throws `Missing`. */
export async function componentsOf(electron: Electron, platform: NodeJS.Platform): Promise<Component[]> {
  const components: Component[] = [
    ...[...bundledPackageFolders(), ...packedFolders].map(packageIn),
    ...libraries(),
    ...(await runtimes(electron)),
    sample(),
  ];
  if (platform === "win32") components.push(visualCppRuntime(), ...mingwRuntime());
  return components.sort(
    (a, b) => a.name.localeCompare(b.name, "en") || a.version.localeCompare(b.version, "en"),
  );
}

/** Packed unbundled, because they have native code (configuration.ts). */
const packedFolders = ["node_modules/onnxruntime-common", "node_modules/onnxruntime-node"];

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}
const manifestOf = (folder: string) => JSON.parse(read(folder, "package.json")) as Manifest;

const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { integrity?: string }> };

function packageIn(folder: string): Component {
  const manifest = manifestOf(folder);
  const text = packedFolders.includes(folder) ? onnxruntimeTexts().licence : textIn(folder, manifest);
  // svelte-toolbelt lacks the field, but has the file.
  const licence = manifest.license ?? (/^MIT License\b/.test(text) ? "MIT" : "NOASSERTION");
  const { integrity } = lock.packages[folder] ?? {};
  const { name, version } = manifest;
  return { name, version, licence, text, kind: "package", ...(integrity === undefined ? {} : { integrity }) };
}

/** The package's own licence files; without one, its README's licence section, or the licence that it names. */
function textIn(folder: string, { license, author }: Manifest): string {
  const files = readdirSync(join(root, folder)).filter((name) =>
    /^(licen[cs]e|copying|notice)\b/i.test(name),
  );
  const texts = files.sort().map((name) => read(folder, name));
  // The components of Vite's own tools are not part of what it builds.
  if (texts.length > 0) return texts.join("\n\n").split("\n# Licenses of bundled dependencies\n")[0]!.trim();
  const readme = existsSync(join(root, folder, "README.md")) ? read(folder, "README.md") : "";
  const said = /## License\s+([\s\S]*Permission is hereby granted[\s\S]*)$/.exec(readme)?.[1];
  if (said !== undefined) return said.replaceAll("&lt;", "<").replaceAll("&gt;", ">").trim();
  const owner = typeof author === "object" ? author.name : author;
  if (license !== "MIT" || owner === undefined) throw new Error(`${folder} has no licence text`);
  return mit(owner);
}

/** Native code, and embedded components that a package does not list in its manifest. */
function libraries(): Component[] {
  const onnxruntime = onnxruntimeTexts();
  const sqlite = /#define SQLITE_VERSION\s+"([\d.]+)"/.exec(
    read("node_modules/better-sqlite3/deps/sqlite3/sqlite3.h"),
  )![1]!;
  const library = { kind: "library" } as const;
  return [
    {
      ...library,
      name: "onnxruntime",
      licence: "MIT",
      version: manifestOf("node_modules/onnxruntime-node").version,
      text: `${onnxruntime.licence}\n\n${onnxruntime.notices}`,
    },
    {
      ...library,
      name: "SQLite",
      version: sqlite,
      licence: "blessing",
      text: "SQLite is in the public domain: https://sqlite.org/copyright.html",
    },
    // Files that are loaded at run time, not bundled as code.
    {
      ...library,
      name: "Tesseract and its data for English and German",
      licence: "Apache-2.0",
      version: manifestOf("node_modules/tesseract.js-core").version,
      text: read("node_modules/tesseract.js-core/LICENSE"),
    },
    // Inside @embedpdf/pdfium, with the libraries that it is built from.
    {
      ...library,
      name: "PDFium",
      version: manifestOf("node_modules/@embedpdf/pdfium").version,
      licence: "BSD-3-Clause AND Apache-2.0",
      text: read("node_modules/@embedpdf/pdfium/LICENSE.pdfium"),
    },
  ];
}

const chromiumFile = "LICENSES.chromium.html";

async function runtimes(electron: Electron): Promise<Component[]> {
  const folder = dirname(electron.binary);
  const licence = ["LICENSE.electron.txt", "LICENSE"].map((name) => join(folder, name)).find(existsSync)!;
  const chromium = (chromiumVersions as Record<string, string>)[electron.version];
  const node = await nodeIn(electron);
  if (chromium === undefined) throw new Error(`which Chromium Electron ${electron.version} has is not known`);
  const runtime = {
    kind: "runtime",
    text: `Its licence is in ${chromiumFile}, beside the application.`,
  } as const;
  return [
    {
      ...runtime,
      name: "Electron",
      version: electron.version,
      licence: "MIT",
      text: readFileSync(licence, "utf8"),
    },
    { ...runtime, name: "Chromium", version: chromium, licence: "BSD-3-Clause" },
    { ...runtime, name: "Node.js", version: node, licence: "MIT" },
  ];
}

/** Its Node version; for another system, asked through this system's Electron of the same version. */
async function nodeIn(electron: Electron): Promise<string> {
  const own = await chooseElectron();
  if (own.version !== electron.version) throw new Error(`Electron ${electron.version} cannot be asked here`);
  const { stdout } = spawnSync(own.binary, ["-p", "process.versions.node"], {
    encoding: "utf8",
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
  });
  return stdout.trim();
}

/** The built-in model and its data are our own. */
const sample = (): Component => ({
  name: "Coppice sample",
  version: manifestOf(".").version,
  licence: "Apache-2.0",
  text: read("native-models/sample/model/LICENSE"),
  kind: "model",
});

const visualCppRuntime = (): Component => ({
  name: "Microsoft Visual C++ runtime",
  version: visualCppRelease.requirement.split("==")[1]!,
  licence: "LicenseRef-Microsoft-Distributable-Code",
  text: "Unmodified libraries of Visual Studio, which its licence lets programs be shipped with (Distributable Code).",
  kind: "library",
});

/** Inside the native decoder, if that was built here. */
function mingwRuntime(): Component[] {
  const version = mingwVersion();
  if (version === null || !existsSync(nativeDecoderFor("windows"))) return [];
  const text = mingwText(mit);
  return [{ name: "MinGW-w64 runtime", version, licence: mingwLicence, text, kind: "library" }];
}

const mit = (owner: string) => `MIT License

Copyright (c) ${owner}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
