/** That a trace would show it: a program that reaches for other computers, traced. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../main/temporary-folder.ts";
import { canTrace, tracedCalls, writeTracedCommand } from "./traced-calls.ts";

const here = test.skipIf(!canTrace());

async function traced(code: string) {
  const folder = temporaryFolder();
  const [command, trace] = [join(folder, "command"), join(folder, "trace")];
  writeTracedCommand(command, process.execPath, trace);
  spawnSync(command, ["-e", `${code}; setTimeout(() => process.exit(), 500)`]);
  // strace, which follows from outside, ends after what it follows.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return tracedCalls(readFileSync(trace, "utf8"));
}

here("connections, datagrams and name servers are seen, of its children too", async () => {
  const child = `require("node:net").connect(443, "2001:db8::7").on("error", () => {})`;
  const { leaving } = await traced(`
    require("node:net").connect(443, "198.51.100.7").on("error", () => {});
    require("node:dns").lookup("coppice.example", () => {});
    require("node:dgram").createSocket("udp4").send("x", 123, "198.51.100.9");
    require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}])`);
  expect(leaving).toContain("connect 198.51.100.7:443");
  expect(leaving).toContain("connect 2001:db8::7:443");
  expect(leaving.some((call) => call.endsWith(":53"))).toBe(true);
  expect(leaving.some((call) => call.startsWith("bind 0.0.0.0:"))).toBe(true);
  expect(leaving.some((call) => /^send\w+ 198\.51\.100\.9:123$/.test(call))).toBe(true);
});

here("calls within this computer are recognised as such", async () => {
  const { local, leaving, sockets } = await traced(`
    const server = require("node:net").createServer((socket) => socket.end());
    server.listen(0, "127.0.0.1", () => require("node:net").connect(server.address().port, "127.0.0.1"))`);
  expect(leaving).toEqual([]);
  expect(local.map((call) => call.replace(/\d+$/, ""))).toEqual(["bind 127.0.0.1:", "connect 127.0.0.1:"]);
  expect(sockets).toBe(2);
});
