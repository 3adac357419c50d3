/** An update address on this computer, and an application that was made to ask it. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { feedName, signatureName } from "../../main/services/updates/feed.ts";
import { newKeyPair, signFeed } from "../../main/services/updates/signature.ts";
import { newFolder } from "./coppice.ts";

/** What is served under a name: bytes, or a handler. */
export type Served = string | Buffer | ((response: ServerResponse) => void);

export interface UpdateServer {
  readonly address: string;
  readonly files: Map<string, Served>;
  /** All that was asked for. */
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** Ends it at once, with every connection. */
  close(): void;
}

/** Answers what `files` holds, else 404. */
export async function updateServer(): Promise<UpdateServer> {
  const files = new Map<string, Served>();
  const asked: UpdateServer["asked"] = [];
  const server = createServer(({ url, headers }, response) => {
    const path = decodeURIComponent(url ?? "");
    asked.push({ path, headers });
    const served = files.get(path.slice(1));
    if (served === undefined) response.writeHead(404).end("There is no such file.");
    else if (typeof served === "function") served(response);
    else response.writeHead(200).end(served);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, files, asked, close };
}

export const keys = newKeyPair();
export const feed = feedName("linux");
export const signature = signatureName(feed);
export const packageName = (version: string) => `Coppice-${version}.AppImage`;

/** A "new version": a program that only says that it was started, by making `marker`. */
export const newVersion = (marker: string) => `#!/bin/sh\ntouch '${marker}'\n${"# filled up\n".repeat(5000)}`;

/** Lays a version out as a maker does: the package, the feed, its signature. Answers the feed's text. */
export function offer(
  server: UpdateServer,
  version: string,
  content: string,
  privateKey = keys.privateKey,
): string {
  const name = packageName(version);
  const sha512 = createHash("sha512").update(content).digest("base64");
  const size = Buffer.byteLength(content);
  const text = [
    `version: ${version}`,
    `files:\n  - url: ${name}\n    sha512: ${sha512}\n    size: ${size}`,
    `path: ${name}\nsha512: ${sha512}\nreleaseDate: '2026-01-01T00:00:00.000Z'\n`,
  ].join("\n");
  server.files.set(name, content);
  server.files.set(feed, text);
  server.files.set(signature, signFeed(feed, Buffer.from(text), privateKey));
  return text;
}

/** The application of this repository as a package that asks `address`; signed for by `keys` unless other `updates` are given. */
export function applicationFor(
  address: string,
  updates: object = { address, publicKey: keys.publicKey },
): string {
  const built = process.env["COPPICE_TEST_FOLDER"]!;
  const folder = join(newFolder(), "application");
  mkdirSync(folder);
  const manifest = JSON.parse(readFileSync(join(built, "package.json"), "utf8")) as object;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, updates }));
  for (const name of ["out", "node_modules"]) symlinkSync(join(built, name), join(folder, name));
  return folder;
}

/** An AppImage in the role of the running one, with its version in its name; its folder and the variables it sets. */
export function standingAppImage(): { folder: string; path: string; environment: Record<string, string> } {
  const folder = newFolder();
  const path = join(folder, packageName("0.1.0"));
  writeFileSync(path, "the version that runs");
  chmodSync(path, 0o755);
  return {
    folder,
    path,
    environment: { APPIMAGE: path, APPDIR: dirname(process.env["COPPICE_TEST_BINARY"]!) },
  };
}
