/** The bridge: the window's API to main, derived from the contract. */
import * as electron from "electron";
import { channelOf, droppedChannel } from "./contract/call.ts";
import type { Entry, Result, StreamMessage, Streaming } from "./contract/call.ts";
import { contract } from "./contract/contract.ts";

const { contextBridge, ipcRenderer } = electron;
/** Missing in Electron before 29, such as the fallback's 22. */
const { webUtils }: { webUtils?: { getPathForFile(file: File): string } } & typeof electron = electron;

function bridged(entry: Entry, channel: string) {
  switch (entry.kind) {
    case "call":
      return (input: unknown) => ipcRenderer.invoke(channel, input) as Promise<Result<unknown>>;
    case "stream":
      return (input: unknown, onPiece: (piece: unknown) => void) => streamed(channel, input, onPiece);
    case "notification":
      return (listener: (payload: unknown) => void) => {
        const hear = (_event: unknown, payload: unknown) => listener(payload);
        ipcRenderer.on(channel, hear);
        return () => void ipcRenderer.off(channel, hear);
      };
  }
}

/** The response arrives over its own port; any message from the window on it cancels. */
function streamed(channel: string, input: unknown, onPiece: (piece: unknown) => void): Streaming<unknown> {
  const { port1, port2 } = new MessageChannel();
  const done = new Promise<Result<unknown>>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<StreamMessage>) => {
      if (data.type === "piece") return onPiece(data.piece);
      port1.close();
      resolve(data.result);
    };
  });
  ipcRenderer.postMessage(channel, input, [port2]);
  return { done, cancel: () => port1.postMessage("cancel") };
}

const areas = Object.entries(contract).map(([area, entries]) => [
  area,
  Object.fromEntries(
    Object.entries(entries as Record<string, Entry>).map(([name, entry]) => [
      name,
      bridged(entry, channelOf(area, name)),
    ]),
  ),
]);

/** The path of a file dropped on the page. It is also reported to main, before the page can use it; a forged file object has no path. */
function pathOf(file: File & { path?: string }): string {
  if (!(file instanceof File)) return "";
  // Electron 22 has the path on the file itself.
  const path = webUtils?.getPathForFile(file) ?? file.path ?? "";
  if (path !== "") ipcRenderer.send(droppedChannel, path);
  return path;
}

contextBridge.exposeInMainWorld("coppice", { ...Object.fromEntries(areas), pathOf });
