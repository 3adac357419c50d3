/** Requests over Node's own network stack, through the proxy that the usual environment variables name, if any. */
import type * as http from "node:http";
import type { Duplex } from "node:stream";
import type { Ask } from "./request.ts";

/** Loaded with the first request: most commands make none, and this is a seventh of their loading time. */
const stack = async () => ({
  http: await import("node:http"),
  https: await import("node:https"),
  tls: await import("node:tls"),
});
type Stack = Awaited<ReturnType<typeof stack>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Sends `userAgent`. Also trusts the system's certificates if Node can read them, which a company's proxy may require. */
export function nodeRequests(userAgent: string, environment: Environment = process.env): Ask {
  return (url, headers) => {
    let request: http.ClientRequest | undefined;
    let ended = false;
    const started = async () => {
      const target = new URL(url);
      const loaded = await stack();
      const { http, https, tls } = loaded;
      const proxy = proxyOf(target, environment);
      const socket = proxy && (await tunnel(proxy, target, loaded));
      if (ended) {
        socket?.destroy();
        throw new Error("the request was ended before it was sent");
      }
      const isSecure = target.protocol === "https:";
      const ca = isSecure ? trusted(tls) : undefined;
      const connect = () =>
        isSecure ? tls.connect({ ca, servername: target.hostname, socket: socket! }) : socket!;
      request = (isSecure ? https : http).get(target, {
        headers: { "user-agent": userAgent, "accept-encoding": "identity", ...headers },
        ...(socket ? { createConnection: connect } : { ...(ca && { ca }), agent: false }),
      });
      return new Promise<http.IncomingMessage>((resolve, reject) =>
        request!.once("response", resolve).on("error", reject),
      );
    };
    const answer = started().then((response) => ({
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
      ),
      chunks: response as AsyncIterable<Uint8Array>,
    }));
    const end = () => {
      ended = true;
      request?.destroy();
    };
    return { answer, end };
  };
}

let certificates: string[] | undefined;

/** The trusted certificates; undefined if Node cannot read the system's, so that it uses its own. */
function trusted(tls: Stack["tls"]): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default" | "system") => string[] };
  return (certificates ??= getCACertificates && [
    ...new Set([...getCACertificates("default"), ...getCACertificates("system")]),
  ]);
}

/** The proxy for an address: HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY names its host. Throws for one that is not an address. */
export function proxyOf({ protocol, hostname, port }: URL, environment: Environment): URL | null {
  const named = (name: string) => environment[name.toLowerCase()] || environment[name.toUpperCase()] || "";
  const exempt = named("no_proxy")
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, host = "", only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (only !== undefined && only !== (port || (protocol === "https:" ? "443" : "80"))) return false;
      return entry === "*" || hostname === host || hostname.endsWith(`.${host}`);
    });
  const proxy = named(`${protocol.slice(0, -1)}_proxy`) || named("all_proxy");
  if (proxy === "" || exempt) return null;
  try {
    return new URL(/^\w+:\/\//.test(proxy) ? proxy : `http://${proxy}`);
  } catch {
    // It may contain a password, so it is not repeated.
    throw new Error("the environment names a proxy that is not an address such as http://proxy.example:3128");
  }
}

/** A part of an address, decoded; a password with a percent sign of its own is often given as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A connection to `target` through a proxy (RFC 9110, 9.3.6). */
function tunnel(proxy: URL, target: URL, { http, https }: Stack): Promise<Duplex> {
  const place = `${target.hostname}:${target.port || (target.protocol === "https:" ? 443 : 80)}`;
  const account = [proxy.username, proxy.password].map(decoded).join(":");
  if (!/^https?:$/.test(proxy.protocol))
    throw new Error(`the proxy ${proxy.host} is of a kind that Coppice does not support (${proxy.protocol})`);
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === "https:" ? https : http).request({
      method: "CONNECT",
      host: proxy.hostname,
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      path: place,
      agent: false,
      timeout: CONNECT_MS,
      headers: {
        host: place,
        ...(account !== ":" && {
          "proxy-authorization": `Basic ${Buffer.from(account).toString("base64")}`,
        }),
      },
    });
    request
      .once("connect", ({ statusCode }, socket: Duplex) => {
        if (statusCode === 200) return resolve(socket);
        socket.destroy();
        reject(new Error(`the proxy ${proxy.host} answered with status ${statusCode}`));
      })
      .once("response", ({ statusCode }) => {
        request.destroy();
        reject(new Error(`the proxy ${proxy.host} answered with status ${statusCode}`));
      })
      .once("timeout", () => request.destroy(new Error(`the proxy ${proxy.host} does not answer`)))
      .once("error", reject)
      .end();
  });
}

const CONNECT_MS = 15_000;
