/** A server on this computer that plays the hub, and behaves as badly as a test wants. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface HubServer {
  /** As in HF_ENDPOINT. */
  readonly address: string;
  readonly host: string;
  /** All requests, by path with search, and the headers that matter. */
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** Answers instead of the hub's own, by a part of the path; each is used until it is removed. */
  readonly instead: Map<string, Answer>;
  /** The files that are served; those in `lfs` are listed with a SHA-256, others with Git's SHA-1. */
  files: Record<string, Uint8Array>;
  /** Replaces the listing; of entries as the hub's API has them. */
  listing: unknown[] | null;
  /** The one repository that it has. */
  name: string;
  /** More of the repository's card. */
  card: object;
  close(): void;
}

export const repositoryName = "coppice-tests/tiny";
export const commit = "0123456789abcdef0123456789abcdef01234567";

const hash = (kind: string, ...parts: (string | Uint8Array)[]) => {
  const made = createHash(kind);
  for (const part of parts) made.update(part);
  return made.digest("hex");
};

/** An entry of the listing, as the hub describes a file of these bytes. */
export function entryOf(path: string, bytes: Uint8Array): object {
  const git = hash("sha1", `blob ${bytes.length}\0`, bytes);
  const lfs = { oid: hash("sha256", bytes), size: bytes.length, pointerSize: 130 };
  return {
    type: "file",
    path,
    size: bytes.length,
    oid: git,
    ...(/\.(safetensors|gguf)$/.test(path) && { lfs }),
  };
}

/** A repository with the files that make a model, and some that are never downloaded. */
export function tinyFiles(weightBytes = 300_000): Record<string, Uint8Array> {
  const weights = new Uint8Array(weightBytes).map((_, index) => (index * 7919) >> 3);
  const text = (content: string) => Buffer.from(content);
  return {
    ".gitattributes": text("*.safetensors filter=lfs\n"),
    "README.md": text("# Tiny\n"),
    LICENSE: text("Apache License\n"),
    "config.json": text('{"model_type": "llama"}'),
    "tokenizer.json": text("{}"),
    "tokenizer_config.json": text("{}"),
    "modeling_tiny.py": text("import os\n"),
    "pytorch_model.bin": text("pickle"),
    "model.safetensors": weights,
    "tiny-Q8_0.gguf": weights.subarray(1),
    "tiny-F16.gguf": weights.subarray(2),
  };
}

/** Starts it; it ends with the test. */
export async function hubServer(files = tinyFiles()): Promise<HubServer> {
  const http = createServer((request, response) => {
    const path = request.url ?? "";
    server.asked.push({ path, headers: request.headers });
    const special = [...server.instead].find(([part]) => path.includes(part))?.[1];
    if (special) return special(response, request);
    const json = (value: unknown) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    const name = `/${server.name}`;
    if (path.startsWith(`/api/models${name}/revision/`))
      return void json({
        _id: "1",
        id: repositoryName,
        sha: commit,
        private: false,
        gated: false,
        downloads: 1,
        likes: 1,
        lastModified: "2026-01-01T00:00:00.000Z",
        config: { model_type: "llama" },
        cardData: { license: "apache-2.0" },
        ...server.card,
      });
    if (path.startsWith(`/api/models${name}/tree/${commit}`))
      return void json(
        server.listing ?? Object.entries(server.files).map(([file, bytes]) => entryOf(file, bytes)),
      );
    const file = decodeURIComponent(path.split(`${name}/resolve/${commit}/`)[1] ?? "");
    const bytes = server.files[file];
    if (bytes === undefined) return void response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
    serveBytes(bytes)(response, request);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const close = () => {
    http.closeAllConnections();
    http.close();
  };
  onTestFinished(close);
  const server: HubServer = {
    address: `http://${host}`,
    host,
    asked: [],
    instead: new Map(),
    files,
    listing: null,
    card: {},
    name: repositoryName,
    close,
  };
  return server;
}

/** Answers with bytes, or the range of them that is asked for. */
export function serveBytes(bytes: Uint8Array): Answer {
  return (response, request) => {
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    if (from === undefined)
      return void response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    const rest = bytes.subarray(Number(from));
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { "content-range": range, "content-length": rest.length }).end(rest);
  };
}

/** The same, but the connection breaks after `most` bytes of each response. */
export function cutOffAfter(bytes: Uint8Array, most: number): Answer {
  return (response, request) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    const partly = from > 0 ? { "content-range": range } : {};
    response.writeHead(from > 0 ? 206 : 200, { ...partly, "content-length": bytes.length - from });
    if (bytes.length - from <= most) return void response.end(bytes.subarray(from));
    response.write(bytes.subarray(from, from + most), () => setTimeout(() => response.destroy(), 5));
  };
}
