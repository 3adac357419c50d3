/** What every request is checked for before its address is looked at, so that no route can be without it. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { Refused } from "./refused.ts";

export interface Guarded {
  /** The address and port on which the server listens. */
  readonly address: string;
  readonly port: number;
  /** What programs must send; null: nothing. */
  readonly token: string | null;
}

export const LOOPBACK = "127.0.0.1";

/**
 * The refusal of a request that may not be answered, whatever it asks; null if it may. A page whose name was rebound to this computer sends
 * another Host, and every page sends its Origin with what it posts, so neither can ask anything.
 */
export function guarded(request: IncomingMessage, { address, port, token }: Guarded): Refused | null {
  const { method, headers, headersDistinct } = request;
  const names = address === LOOPBACK ? [LOOPBACK, "localhost"] : [isIPv6(address) ? `[${address}]` : address];
  const hosts = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const [host, ...otherHosts] = headersDistinct.host ?? [];
  if (host === undefined || otherHosts.length > 0 || !hosts.includes(host.toLowerCase()))
    return new Refused(403, "host_not_allowed", `Requests must name ${hosts[0]} as their host.`);
  if (headers.origin !== undefined && !hosts.some((own) => headers.origin === `http://${own}`))
    return new Refused(403, "origin_not_allowed", "Pages of other origins may not use this server.");
  if (method !== "GET" && method !== "POST")
    return new Refused(405, "method_not_allowed", "This server answers GET and POST.");
  if (token !== null && !isSame(headers.authorization ?? "", `Bearer ${token}`))
    return new Refused(
      401,
      "invalid_api_key",
      "Send the server's token as API key (Authorization: Bearer …).",
    );
  return null;
}

/** Takes the same time wherever two texts differ. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(one!, other!);
}
