/** The bill of materials of a package: CycloneDX 1.6, JSON. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { PackageURL } from "packageurl-js";
import type { Component } from "./components.ts";
import type { Edition } from "./edition.ts";

const { ComponentType, HashAlgorithm } = Enums;
const types: Record<Component["kind"], Enums.ComponentType> = {
  package: ComponentType.Library,
  library: ComponentType.Library,
  runtime: ComponentType.Framework,
  model: ComponentType.MachineLearningModel,
};

export interface Bill {
  readonly edition: Edition;
  readonly version: string;
  readonly components: readonly Component[];
  /** The packed application: its native code is listed file by file. */
  readonly folder: string;
  /** The package built from it. */
  readonly path: string;
}

/** The bill's text. The same package gives the same text except for the build time, which SOURCE_DATE_EPOCH sets. */
export function billOf({ edition, version, components, folder, path }: Bill): string {
  const application = new Models.Component(ComponentType.Application, edition.name, {
    bomRef: edition.name,
    version,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense("Apache-2.0")]),
    hashes: new Models.HashDictionary([[HashAlgorithm["SHA-256"], sha256(path)]]),
    description: basename(path),
  });
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: application, timestamp: timeOfMaking() }),
  });
  for (const made of [
    ...components.map(listed),
    ...nativeFiles(folder).map((file) => listedFile(folder, file)),
  ]) {
    bom.components.add(made);
    application.dependencies.add(made.bomRef);
  }
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const text = new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 1 });
  const uuid = createHash("sha256").update(text).digest("hex");
  bom.serialNumber = `urn:uuid:${uuid.slice(0, 8)}-${uuid.slice(8, 12)}-5${uuid.slice(13, 16)}-8${uuid.slice(17, 20)}-${uuid.slice(20, 32)}`;
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 1 })}\n`;
}

function listed({ name, version, licence, kind, integrity }: Component) {
  const hash = /^sha512-(.+)$/.exec(integrity ?? "")?.[1];
  return new Models.Component(types[kind], name, {
    bomRef: `${kind}:${name}@${version}`,
    version,
    licenses: new Models.LicenseRepository([new Models.LicenseExpression(licence)]),
    ...(kind === "package" ? { purl: purlOf(name, version) } : {}),
    ...(hash === undefined
      ? {}
      : {
          hashes: new Models.HashDictionary([
            [HashAlgorithm["SHA-512"], Buffer.from(hash, "base64").toString("hex")],
          ]),
        }),
  });
}

function purlOf(name: string, version: string): string {
  const [first = "", second] = name.split("/");
  const scope = second === undefined ? undefined : first;
  return new PackageURL("npm", scope, second ?? first, version, undefined, undefined).toString();
}

function listedFile(folder: string, path: string) {
  const name = relative(folder, path).replaceAll("\\", "/");
  return new Models.Component(ComponentType.File, name, {
    bomRef: `file:${name}`,
    hashes: new Models.HashDictionary([[HashAlgorithm["SHA-256"], sha256(path)]]),
  });
}

/** Programs, libraries and addons: files that start like ELF or Portable Executable files. */
export function nativeFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => /^(\x7fELF|MZ)/.test(beginning(path)))
    .sort();
}

function beginning(path: string): string {
  const bytes = Buffer.alloc(4);
  const file = openSync(path, "r");
  try {
    return bytes.toString("latin1", 0, readSync(file, bytes, 0, 4, 0));
  } finally {
    closeSync(file);
  }
}

/** Of a file, in hexadecimal. */
export const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

function timeOfMaking(): Date {
  const seconds = Number(process.env["SOURCE_DATE_EPOCH"]);
  return Number.isSafeInteger(seconds) && seconds > 0 ? new Date(1000 * seconds) : new Date();
}
