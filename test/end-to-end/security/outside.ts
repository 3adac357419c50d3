/** The outside world as a page would reach it: servers on this computer that record who connected. */
import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { onTestFinished } from "vitest";

export interface Outside {
  /** Of the server that answers HTTP: http://127.0.0.1:PORT. */
  readonly address: string;
  /** The same port, for what is no HTTP. */
  readonly port: number;
  /** The port that receives datagrams. */
  readonly datagramPort: number;
  /** The first line of each connection that said something, "datagram" for each of those. */
  readonly reached: string[];
  /** All connections, also those on which nothing was said. */
  readonly connections: () => number;
}

/** Servers that answer whoever reaches them, with a page that any page may read; they end with the test. */
export async function outside(): Promise<Outside> {
  const reached: string[] = [];
  let connections = 0;
  const body = "<title>outside</title>outside";
  const answer = `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\naccess-control-allow-origin: *\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
  const server = createServer((socket) => {
    connections++;
    socket.on("error", () => {});
    socket.once("data", (data) => {
      reached.push(String(data).split("\r\n")[0]!);
      socket.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const datagrams = createSocket("udp4");
  datagrams.on("message", () => reached.push("datagram"));
  await new Promise<void>((resolve) => datagrams.bind(0, resolve));
  onTestFinished(() => {
    server.close();
    datagrams.close();
  });
  const { port } = server.address() as AddressInfo;
  const datagramPort = datagrams.address().port;
  return { address: `http://127.0.0.1:${port}`, port, datagramPort, reached, connections: () => connections };
}
