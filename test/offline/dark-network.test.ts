/** That the dark network would show it: each way in which a program reaches for another computer is counted. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { darkNetwork } from "./dark-network.ts";

const network = darkNetwork();
const counter = new URL("dark-network.ts", import.meta.url).href;

const attempts = {
  "a connection to an address": `require("node:net").connect(443, "198.51.100.7").on("error", () => {})`,
  "a connection to an address of IPv6": `require("node:net").connect(443, "2001:db8:7::7").on("error", () => {})`,
  "a datagram": `const socket = require("node:dgram").createSocket("udp4"); socket.send("x", 123, "198.51.100.7")`,
  "a name asked of a name server": `const { Resolver } = require("node:dns"); const r = new Resolver(); r.setServers(["198.51.100.53"]); r.resolve("coppice.example", () => {})`,
};

function packetsAfter(code: string): number {
  const script = `${code};
    setTimeout(async () => {
      const { packetsSent } = await import(${JSON.stringify(counter)});
      console.log(packetsSent());
      process.exit();
    }, 300)`;
  const { prefix } = network as { prefix: string[] };
  const { stdout } = spawnSync(prefix[0]!, [...prefix.slice(1), process.execPath, "-e", script], {
    encoding: "utf8",
  });
  return Number(stdout.trim());
}

const here = test.skipIf("absent" in network);

here.each(Object.entries(attempts))("%s is counted", (_name, code) => {
  expect(packetsAfter(code)).toBeGreaterThan(0);
});

here("a server and its client on this computer work, and count nothing", () => {
  const code = `const server = require("node:net").createServer((socket) => socket.end("x"));
    server.listen(0, "127.0.0.1", () => require("node:net").connect(server.address().port, "127.0.0.1").on("data", () => {}))`;
  expect(packetsAfter(code)).toBe(0);
});
