/**
 * Keeps Chromium itself off the network: its own background requests go to a proxy that does not exist. Tests showed that there are
 * some: the first start downloads a spelling dictionary, before a session's settings can prevent it.
 */
import { app, session } from "electron";
import { pageAddress } from "./page-protocol.ts";

/** Nothing listens there: this computer itself refuses such requests. */
export const deadProxy = "http://127.0.0.1:9";

const switches: Record<string, string> = {
  "disable-background-networking": "",
  "dns-prefetch-disable": "",
  "no-pings": "",
  // From the very start, before any session can be configured.
  "proxy-server": deadProxy,
  "proxy-bypass-list": "<-loopback>",
  // WebRTC in a page would ask the local network for names (mDNS).
  "host-resolver-rules": "MAP *.local ~NOTFOUND, MAP *.local. ~NOTFOUND",
  "disable-features": "WebRtcHideLocalIpsWithMdns",
};

/** For the application and its command line, before Electron is ready. */
export function stayOffline(): void {
  for (const [name, value] of Object.entries(switches)) app.commandLine.appendSwitch(name, value);
  app.once("ready", () => {
    lookUpNames(false);
    // An address that exists on no network.
    session.defaultSession.setSpellCheckerDictionaryDownloadURL(`${pageAddress}dictionaries/`);
  });
}

/**
 * Sets whether Chromium resolves names as the system does. If not, it may only ask a server that does not exist: WebRTC resolves the
 * names that a page gives it, even with a proxy, and a name can carry the page's data.
 */
export function lookUpNames(allowed: boolean): void {
  app.configureHostResolver(
    allowed
      ? { secureDnsMode: "off" }
      : { secureDnsMode: "secure", secureDnsServers: ["https://127.0.0.1:9/"] },
  );
}
