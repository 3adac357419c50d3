/** Electron for the preload script in a page of Chromium. */
import type { FromPage, ToPage } from "./link.ts";

interface Link {
  /** Playwright's binding (launch.ts). */
  sendToMain(message: FromPage): Promise<void>;
  fromMain(messages: readonly ToPage[]): void;
}

type Listener = (event: object, payload: unknown) => void;

/** Its source runs in the page, so it uses nothing from outside itself. Returns what `require("electron")` is there. */
export function electronInPage(): object {
  const link = window as unknown as Link;
  const replies = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ports = new Map<number, MessagePort>();
  const listeners = new Map<string, Set<Listener>>();
  let last = 0;
  const send = (message: FromPage) => void link.sendToMain(message);

  const receive = (message: ToPage) => {
    switch (message.type) {
      case "reply":
        replies.get(message.id)?.resolve(message.value);
        return replies.delete(message.id);
      case "refusal":
        replies.get(message.id)?.reject(new Error(message.message));
        return replies.delete(message.id);
      case "notify":
        return listeners.get(message.channel)?.forEach((listener) => listener({}, message.payload));
      case "port":
        return ports.get(message.port)?.postMessage(message.data);
    }
  };
  Object.defineProperty(window, "fromMain", {
    value: (messages: readonly ToPage[]) => messages.forEach(receive),
  });

  const frozen = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
    return value;
  };
  return {
    contextBridge: {
      exposeInMainWorld: (name: string, value: object) =>
        Object.defineProperty(window, name, { value: frozen(value), enumerable: true }),
    },
    ipcRenderer: {
      invoke: (channel: string, input: unknown) =>
        new Promise((resolve, reject) => {
          replies.set(++last, { resolve, reject });
          send({ type: "invoke", id: last, channel, input: structuredClone(input) });
        }),
      send: (channel: string, input: unknown) =>
        send({ type: "send", channel, input: structuredClone(input) }),
      postMessage(channel: string, input: unknown, [port]: [MessagePort]) {
        const id = ++last;
        ports.set(id, port);
        port.onmessage = ({ data }) => send({ type: "port", port: id, data });
        send({ type: "post", port: id, channel, input: structuredClone(input) });
      },
      on(channel: string, listener: Listener) {
        if (!listeners.has(channel)) listeners.set(channel, new Set());
        listeners.get(channel)!.add(listener);
      },
      off: (channel: string, listener: Listener) => listeners.get(channel)?.delete(listener),
    },
    // Only Electron knows the path of a dropped file.
    webUtils: { getPathForFile: () => "" },
  };
}
