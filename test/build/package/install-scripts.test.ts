/** Nothing that is installed runs a script of its own, but what is named here. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
const { packages } = JSON.parse(read("package-lock.json")) as {
  packages: Record<
    string,
    { hasInstallScript?: boolean; resolved?: string; integrity?: string; link?: boolean }
  >;
};

/** What each of them would do. */
const listed = [
  "electron-22", // downloads the fallback, of which only the types are used: never runs
  "electron-winstaller", // of electron-builder, for packages that we do not make
  "node", // lays Node's binary: build/run.js runs it
  "onnxruntime-node", // downloads CUDA: never runs
];

test("only these packages have an install script, and build/run.js runs only Node's", () => {
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(scripted.map(([folder]) => folder.replace("node_modules/", "")).sort()).toEqual(listed);
  const runner = read("build/run.js");
  expect(read(".npmrc")).toMatch(/^ignore-scripts=true$/m);
  expect(runner).toContain('run("ci")) && run("rebuild", "node", "--ignore-scripts=false")');
  expect(runner.match(/run\("/g)).toHaveLength(2);
});

test("every package has the hash of its archive, and all come from the registry", () => {
  for (const [folder, { resolved, integrity, link }] of Object.entries(packages)) {
    if (folder === "" || link) continue;
    expect(resolved, folder).toBeUndefined();
    expect(integrity, folder).toMatch(/^sha512-/);
  }
});
