/** Bills of materials and checksums: complete, valid, the same for the same package. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { expect, test } from "vitest";
import type { Component } from "../../../build/package/components.ts";
import { recordPackages } from "../../../build/package/record.ts";
import { billOf, nativeFiles } from "../../../build/package/sbom.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

const integrity = `sha512-${createHash("sha512").update("zod").digest("base64")}`;
const text = "words";
const components: Component[] = [
  { name: "zod", version: "4.6.7", licence: "MIT", text, kind: "package", integrity },
  { name: "@floating-ui/core", version: "1.8.0", licence: "MIT", text, kind: "package" },
  { name: "dompurify", version: "3.4.18", licence: "(MPL-2.0 OR Apache-2.0)", text, kind: "package" },
  { name: "semver", version: "7.7.4", licence: "ISC", text, kind: "package" },
  { name: "semver", version: "6.3.1", licence: "ISC", text, kind: "package" },
  { name: "SQLite", version: "3.54.1", licence: "blessing", text, kind: "library" },
  { name: "Electron", version: "45.4.1", licence: "MIT", text, kind: "runtime" },
  { name: "Coppice sample", version: "0.1.0", licence: "Apache-2.0", text, kind: "model" },
  {
    name: "Microsoft Visual C++ runtime",
    version: "14.44",
    kind: "library",
    text,
    licence: "LicenseRef-Microsoft-Distributable-Code",
  },
];
const edition = { name: "coppice", productName: "Coppice", appId: "org.coppice.desktop" };

interface Bill {
  serialNumber: string;
  metadata: { timestamp: string; component: { hashes: { alg: string; content: string }[] } };
  components: {
    name: string;
    version?: string;
    type: string;
    purl?: string;
    hashes?: { content: string }[];
  }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** A packed application with two native files, and a package made of it. */
function packed(): { folder: string; path: string } {
  const folder = join(temporaryFolder(), "unpacked");
  mkdirSync(join(folder, "resources", "app"), { recursive: true });
  writeFileSync(join(folder, "coppice"), "\x7fELF and so on", "latin1");
  writeFileSync(join(folder, "resources", "app", "addon.node"), "MZ and so on");
  writeFileSync(join(folder, "resources", "app", "text.js"), "MORE words");
  writeFileSync(join(folder, "empty"), "");
  const path = join(folder, "..", "coppice-0.1.0.deb");
  writeFileSync(path, "a package");
  return { folder, path };
}

test("a bill is valid CycloneDX 1.6 and names every component and every native file, with hashes", async () => {
  const { folder, path } = packed();
  const written = billOf({ edition, version: "0.1.0", components, folder, path });
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(written)).toBeNull();
  const bill = JSON.parse(written) as Bill;
  expect(bill.metadata.component.hashes).toEqual([
    { alg: "SHA-256", content: createHash("sha256").update("a package").digest("hex") },
  ]);
  const named = bill.components.map(({ name, version = "" }) => `${name} ${version}`.trim()).sort();
  const files = ["coppice", "resources/app/addon.node"];
  expect(named).toEqual([...components.map(({ name, version }) => `${name} ${version}`), ...files].sort());
  const zod = bill.components.find(({ name }) => name === "zod")!;
  expect(zod.purl).toBe("pkg:npm/zod@4.6.7");
  expect(zod.hashes![0]!.content).toBe(createHash("sha512").update("zod").digest("hex"));
  expect(bill.components.find(({ name }) => name === "@floating-ui/core")!.purl).toBe(
    "pkg:npm/%40floating-ui/core@1.8.0",
  );
  for (const { type, hashes } of bill.components) if (type === "file") expect(hashes).toHaveLength(1);
  expect(bill.dependencies.find(({ ref }) => ref === "coppice")!.dependsOn).toHaveLength(named.length);
});

test("the same package gives the same bill if its timestamp is fixed", () => {
  const { folder, path } = packed();
  process.env["SOURCE_DATE_EPOCH"] = "1700000000";
  try {
    const [first, second] = [1, 2].map(() => billOf({ edition, version: "0.1.0", components, folder, path }));
    expect(first).toBe(second);
    expect((JSON.parse(first!) as Bill).metadata.timestamp).toBe("2023-11-14T22:13:20.000Z");
  } finally {
    delete process.env["SOURCE_DATE_EPOCH"];
  }
});

test("native files are recognised by their first bytes, whatever their names", () => {
  const { folder } = packed();
  expect(nativeFiles(folder)).toEqual([join(folder, "coppice"), join(folder, "resources/app/addon.node")]);
});

test("checksums have sha256sum's format; files removed from the folder are removed from the list", () => {
  const { folder, path } = packed();
  const dist = join(folder, "..");
  writeFileSync(join(dist, "SHA256SUMS"), `${"0".repeat(64)}  coppice-0.0.9.deb\n`);
  const written = recordPackages([path, `${path}.blockmap`], { edition, components, folder });
  expect(written).toEqual([path, `${path}.cdx.json`, join(dist, "SHA256SUMS")]);
  const list = readFileSync(join(dist, "SHA256SUMS"), "utf8");
  expect(list.match(/^[0-9a-f]{64} {2}.+$/gm)).toHaveLength(2);
  if (process.platform === "linux") {
    const check = () =>
      execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: dist, encoding: "utf8", stdio: "pipe" });
    expect(check()).toBe("coppice-0.1.0.deb: OK\ncoppice-0.1.0.deb.cdx.json: OK\n");
    writeFileSync(path, "another package");
    expect(check).toThrow();
  }
});
