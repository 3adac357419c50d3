/** app://: the window's own files, and nothing else. */
import { protocol } from "electron";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const pageScheme = "app";
export const pageAddress = `${pageScheme}://coppice/`;

/** Whether an address is one of the application's pages. */
export const isOurPage = (url: string) => url.startsWith(pageAddress);

const securityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // The two libraries that create nodes from text; no other text becomes nodes.
  "require-trusted-types-for 'script'",
  "trusted-types svelte-trusted-html dompurify",
].join("; ");

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

/** Must be called before the application is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }]);
}

/** Available since Electron 25; 22 lacks it. */
interface HandlingProtocol {
  // eslint-disable-next-line n/no-unsupported-features/node-builtins -- Electron 25 and later have it
  handle(scheme: string, handler: (request: { url: string; method: string }) => Promise<Response>): void;
}

/** Serves the files that are in `folder` now. Call it after the application is ready. */
export function servePages(folder: string): void {
  const files = filesOf(folder);
  const answer = async (
    url: string,
    method: string,
  ): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> => {
    const path = method === "GET" && isOurPage(url) ? files.get(new URL(url).pathname) : undefined;
    const headers = {
      "content-type": types[extname(path ?? "")] ?? "application/octet-stream",
      "content-security-policy": securityPolicy,
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    };
    try {
      if (path !== undefined) return { status: 200, headers, body: await readFile(path) };
    } catch {
      // The same response as for any missing name.
    }
    return { status: 404, headers, body: Buffer.from("There is no such page.") };
  };

  const { handle }: Partial<HandlingProtocol> & typeof protocol = protocol;
  if (handle) {
    handle.call(protocol, pageScheme, async ({ url, method }) => {
      const { status, headers, body } = await answer(url, method);
      // eslint-disable-next-line n/no-unsupported-features/node-builtins -- Electron 25 and later have it
      return new Response(new Uint8Array(body), { status, headers });
    });
    return;
  }
  // Electron before 25.
  protocol.registerBufferProtocol(pageScheme, ({ url, method }, respond) => {
    void answer(url, method).then(({ status, headers, body }) =>
      respond({ statusCode: status, headers, mimeType: headers["content-type"]!.split(";")[0]!, data: body }),
    );
  });
}

/** The files of a folder by the paths of their addresses. Nothing else is served: no address is ever converted to a file path. */
function filesOf(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const look = (path: string, address: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const [inside, named] = [join(path, entry.name), `${address}/${entry.name}`];
      if (entry.isDirectory()) look(inside, named);
      else if (entry.isFile()) files.set(encodeURI(named), inside);
    }
  };
  look(folder, "");
  const index = files.get("/index.html");
  if (index !== undefined) files.set("/", index);
  return files;
}
