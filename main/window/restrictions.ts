/**
 * The restrictions on all pages, in any contents and session: a page can only display itself and call main (docs/security.md).
 */
import { app } from "electron";
import type { Event, Session, WebContents } from "electron";
import { deadProxy } from "./offline.ts";
import { isOurPage, pageAddress } from "./page-protocol.ts";

let refused = 0;

/** Requests to anything except the application's own files that have been refused since the start. */
export const refusedRequests = () => refused;

/** Applies the restrictions to every contents ever created, and to its session. Call it once, when ready. */
export function restrictPages(): void {
  const restricted = new WeakSet<Session>();
  app.on("web-contents-created", (_event, contents) => {
    restrictContents(contents);
    if (restricted.has(contents.session)) return;
    restricted.add(contents.session);
    restrictSession(contents.session);
  });
  // Only a connection to a server can cause these events, and there is none.
  app.on("certificate-error", (event, _contents, _url, _error, _certificate, answer) => {
    event.preventDefault();
    answer(false);
  });
  app.on("select-client-certificate", (event, _contents, _url, _list, answer) => {
    event.preventDefault();
    answer();
  });
  app.on("login", (event, _contents, _details, _info, answer) => {
    event.preventDefault();
    answer();
  });
}

/** Denies permissions, devices, downloads and every address except the application's own. */
function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
  session.setSpellCheckerEnabled(false); // its dictionaries would be downloaded
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const own = isOurPage(url) || url.startsWith("data:") || (!app.isPackaged && url.startsWith("devtools:"));
    if (!own) refused++;
    answer({ cancel: !own });
  });
  // Connections that are not requests, such as preconnects or WebRTC, have no way out either.
  void session.setProxy({ proxyRules: deadProxy, proxyBypassRules: "<-loopback>" });
}

/** Blocks the ways to another page, window or device. */
function restrictContents(contents: WebContents): void {
  const deny = (event: Pick<Event, "preventDefault">) => event.preventDefault();
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.on("will-navigate", deny);
  (contents as NodeJS.EventEmitter).on("will-frame-navigate", deny); // Electron 22 lacks this event
  contents.on("will-redirect", deny);
  contents.on("will-attach-webview", deny);
  // about: pages bypass `will-navigate`, and stopping a navigation at its start ends the process (Electron 22).
  const comeBack = () => {
    const { url } = contents.mainFrame;
    if (!isOurPage(url) && !url.startsWith("devtools:")) void contents.loadURL(pageAddress);
  };
  contents.on("did-navigate", comeBack);
  contents.on("did-fail-load", comeBack);
  contents.on("select-bluetooth-device", (event, _devices, answer) => {
    event.preventDefault();
    answer("");
  });
  contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
}
