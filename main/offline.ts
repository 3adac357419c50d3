/**
 * Keeps Chromium itself off the network: what it asks for unasked goes to a proxy that nobody is. Found by a test: a first
 * start loads a dictionary for spelling from a server, whatever a session's settings say later.
 */
import { app, session } from "electron";
import { pageAddress } from "./page-protocol.ts";

/** Nobody listens there: what would leave by it is refused by this computer itself. */
export const deadProxy = "http://127.0.0.1:9";

const switches: Record<string, string> = {
  "disable-background-networking": "",
  "dns-prefetch-disable": "",
  "no-pings": "",
  // From the first moment on, before any session can be told.
  "proxy-server": deadProxy,
  "proxy-bypass-list": "<-loopback>",
  // A page's WebRTC asks its whole network for names.
  "host-resolver-rules": "MAP *.local ~NOTFOUND, MAP *.local. ~NOTFOUND",
  "disable-features": "WebRtcHideLocalIpsWithMdns",
};

/** For the application and its command line, before Electron is ready. */
export function stayOffline(): void {
  for (const [name, value] of Object.entries(switches)) app.commandLine.appendSwitch(name, value);
  app.once("ready", () => {
    lookUpNames(false);
    // An address that no network has.
    session.defaultSession.setSpellCheckerDictionaryDownloadURL(`${pageAddress}dictionaries/`);
  });
}

/**
 * Whether Chromium looks up the names of computers as the system does. Otherwise it may ask nobody but a server that nobody is:
 * WebRTC looks up the names that a page gives it, whatever the proxy, and a name can carry what a page knows.
 */
export function lookUpNames(allowed: boolean): void {
  app.configureHostResolver(
    allowed
      ? { secureDnsMode: "off" }
      : { secureDnsMode: "secure", secureDnsServers: ["https://127.0.0.1:9/"] },
  );
}
