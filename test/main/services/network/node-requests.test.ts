/** Which proxy the usual environment variables name for an address, and how it is asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { nodeRequests, proxyOf } from "../../../../main/services/network/node-requests.ts";

const hub = new URL("https://huggingface.co/x");
const proxy = "http://proxy.example:3128";

test.each([
  [{}, null],
  [{ HTTPS_PROXY: proxy }, "proxy.example:3128"],
  [{ https_proxy: proxy }, "proxy.example:3128"],
  [{ ALL_PROXY: proxy }, "proxy.example:3128"],
  [{ HTTP_PROXY: proxy }, null],
  [{ HTTPS_PROXY: "proxy.example:3128" }, "proxy.example:3128"],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "*" }, null],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "huggingface.co" }, null],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "localhost, .co" }, null],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "*.huggingface.co" }, null],
  [{ HTTPS_PROXY: proxy, no_proxy: "huggingface.co:443" }, null],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "huggingface.co:8443" }, "proxy.example:3128"],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "face.co" }, "proxy.example:3128"],
])("%j", (environment, host) => {
  expect(proxyOf(hub, environment)?.host ?? null).toBe(host);
});

test("a proxy that is not an address is said to be none, without its password", () => {
  const named = () => proxyOf(hub, { HTTPS_PROXY: "http://me:secret@[proxy:3128" });
  expect(named).toThrow(/^the environment names a proxy that is not an address such as/);
});

test.each([
  ["p%25ss", "p%ss"],
  ["p%ss", "p%ss"],
  ["100%", "100%"],
])("a proxy is given the password %s as %s", async (written, password) => {
  const given: (string | undefined)[] = [];
  const server = createServer().on("connect", ({ headers }, socket) => {
    given.push(headers["proxy-authorization"]);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ask = nodeRequests("Coppice", { HTTPS_PROXY: `http://me:${written}@127.0.0.1:${port}` });
  await expect(ask(hub.href, {}).answer).rejects.toThrow("answered with status 502");
  expect(given).toEqual([`Basic ${Buffer.from(`me:${password}`).toString("base64")}`]);
});
