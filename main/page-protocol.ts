/** app://: the window's own files, and nothing else. */
import { protocol } from "electron";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

export const pageScheme = "app";
export const pageAddress = `${pageScheme}://coppice/`;

const securityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

/** Before the application is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }]);
}

/** Serves the files of `folder`. After the application is ready. */
export function servePages(folder: string): void {
  const answer = async (
    url: string,
  ): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> => {
    const path = fileOf(folder, url);
    const headers = {
      "content-type": types[extname(path ?? "")] ?? "application/octet-stream",
      "content-security-policy": securityPolicy,
      "x-content-type-options": "nosniff",
    };
    try {
      if (path !== null) return { status: 200, headers, body: await readFile(path) };
    } catch {
      // Answered as any other name that is not there.
    }
    return { status: 404, headers, body: Buffer.from("There is no such page.") };
  };

  if (typeof protocol.handle === "function") {
    protocol.handle(pageScheme, async ({ url }) => {
      const { status, headers, body } = await answer(url);
      return new Response(new Uint8Array(body), { status, headers });
    });
    return;
  }
  // Electron before 25.
  protocol.registerBufferProtocol(pageScheme, ({ url }, respond) => {
    void answer(url).then(({ status, headers, body }) =>
      respond({ statusCode: status, headers, mimeType: headers["content-type"]!.split(";")[0]!, data: body }),
    );
  });
}

/** The file of an address; null if it leads out of the folder. */
function fileOf(folder: string, url: string): string | null {
  const { pathname } = new URL(url);
  let name: string;
  try {
    name = decodeURIComponent(pathname === "/" ? "/index.html" : pathname);
  } catch {
    return null;
  }
  const path = normalize(join(folder, name));
  return path.startsWith(folder + sep) && !name.includes("\0") ? path : null;
}
