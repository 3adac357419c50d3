/** Which proxy the usual environment variables name for an address. */
import { expect, test } from "vitest";
import { proxyOf } from "../../../../main/services/network/node-requests.ts";

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
