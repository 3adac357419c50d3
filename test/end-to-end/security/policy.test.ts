/** The page's policy and its session: no text becomes a script, and no way leads to the network. */
import { beforeEach, expect, test } from "vitest";
import { openCoppice } from "../coppice.ts";
import { outside } from "./outside.ts";
import { electronOnly } from "../electron-only.ts";

beforeEach(() => electronOnly("Electron enforces what a page may not do"));

/** Longer than a connection on this computer takes. */
const WHILE_MS = 500;

test("no text is run as a script", async () => {
  const { page } = await openCoppice();
  const ran = await page.evaluate(async () => {
    const blob = URL.createObjectURL(new Blob(["self.ran = true"], { type: "text/javascript" }));
    // After an await: what a debugger evaluates at once is let through.
    await new Promise((resolve) => setTimeout(resolve));
    const appended = (attributes: object) => {
      const script = document.createElement("script");
      Object.assign(script, attributes);
      document.head.append(script);
    };
    const attempts: Record<string, () => unknown> = {
      "an inline script": () => appended({ textContent: "window.ran = 'an inline script'" }),
      "a data: script": () => appended({ src: "data:text/javascript,window.ran='a data: script'" }),
      "a blob: script": () => appended({ src: blob }),
      "a module": () => import(/* @vite-ignore */ blob),
      eval: () => (0, eval)("window.ran = 'eval'"),
      Function: () => new Function("window.ran = 'Function'")(),
      "a timer of text": () => setTimeout("window.ran = 'a timer'" as never),
      "an attribute of text": () => document.body.setAttribute("onclick", "window.ran = 'an attribute'"),
      "inner HTML": () =>
        (document.createElement("div").innerHTML = "<img onerror='window.ran = 1' src='x'>"),
      "a written document": () => document.write("<script>window.ran = 'written'</script>"),
      "a worker": () => new Worker(blob),
      "a shared worker": () => new SharedWorker(blob),
      "a service worker": () => navigator.serviceWorker.register("/index.html"),
      "a worklet": () => new AudioContext().audioWorklet.addModule(blob),
      WebAssembly: () => WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
    };
    const through: string[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        const made = await attempt();
        if (made instanceof Worker || made instanceof SharedWorker) {
          await new Promise((resolve) => {
            (made as Worker).onerror = resolve;
            setTimeout(() => resolve(through.push(name)), 300);
          });
        } else if (["eval", "Function", "inner HTML"].includes(name)) through.push(name);
        else if (/worker|worklet|WebAssembly|module/.test(name)) through.push(name);
      } catch {
        // What the policy is for.
      }
    }
    document.body.click();
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { through, ran: "ran" in window };
  });
  expect(ran).toEqual({ through: [], ran: false });
});

test("another script cannot create a Trusted Types policy", async () => {
  const { page } = await openCoppice();
  const made = await page.evaluate(() => {
    const { trustedTypes } = window as unknown as {
      trustedTypes: { createPolicy(name: string, rules: object): unknown };
    };
    const names = ["mine", "default", "svelte-trusted-html"];
    return names.filter((name) => {
      try {
        trustedTypes.createPolicy(name, { createHTML: (text: string) => text });
        return true;
      } catch {
        return false;
      }
    });
  });
  expect(made).toEqual([]);
});

test("no request of a page leaves it", async () => {
  const server = await outside();
  const { address, port, reached, connections } = server;
  expect((await fetch(`${address}/open`)).status).toBe(200);
  const before = connections();
  const { page, electron } = await openCoppice();
  await page.evaluate(
    async ({ address, port, wait }) => {
      const add = (tag: string, attributes: Record<string, string>) => {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
          try {
            element.setAttribute(name, value);
          } catch {
            // No text becomes a script's address.
          }
        }
        document.head.append(element);
      };
      const attempts: (() => unknown)[] = [
        () => fetch(`${address}/fetch`, { mode: "no-cors" }),
        () => fetch(`${address}/post`, { method: "POST", mode: "no-cors", body: "secret", keepalive: true }),
        () => navigator.sendBeacon(`${address}/beacon`, "secret"),
        () => new WebSocket(`ws://127.0.0.1:${port}/socket`),
        () => new EventSource(`${address}/events`),
        () => {
          const request = new XMLHttpRequest();
          request.open("GET", `${address}/request`);
          request.send();
        },
        () => add("img", { src: `${address}/image`, srcset: `${address}/set 2x` }),
        () => add("script", { src: `${address}/script` }),
        () => add("link", { rel: "stylesheet", href: `${address}/style` }),
        () => add("style", {}),
        () => (document.body.style.backgroundImage = `url(${address}/background)`),
        () => add("video", { src: `${address}/video`, poster: `${address}/poster` }),
        () => add("audio", { src: `${address}/audio`, preload: "auto" }),
        () => new FontFace("elsewhere", `url(${address}/font)`).load(),
        () => add("a", { ping: `${address}/ping`, href: "#" }),
        ...[
          "preconnect",
          "dns-prefetch",
          "prefetch",
          "preload",
          "prerender",
          "modulepreload",
          "icon",
          "manifest",
        ].map((rel) => () => add("link", { rel, href: `${address}/${rel}`, as: "image" })),
        () => add("script", { type: "speculationrules" }),
        () => add("iframe", { src: `${address}/frame` }),
        () => add("object", { data: `${address}/object` }),
        () => add("embed", { src: `${address}/embed` }),
        () => window.open(`${address}/window`),
        () => document.head.append(new Image()),
      ];
      for (const attempt of attempts) {
        try {
          const made = await Promise.resolve(attempt()).catch(() => null);
          void made;
        } catch {
          // Refused by the policy at once.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    },
    { address, port, wait: WHILE_MS },
  );
  expect(reached).toEqual(["GET /open HTTP/1.1"]);
  expect(connections()).toBe(before);
  expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test("WebRTC reaches nobody, over UDP or TCP", async () => {
  const { port, datagramPort, reached, connections } = await outside();
  const { page } = await openCoppice();
  const candidates = await page.evaluate(
    async ({ port, datagramPort, wait }) => {
      const found: string[] = [];
      const hosts = ["127.0.0.1", "localhost", "somewhere.example.org", "somewhere.local", "somewhere"];
      const servers = hosts.flatMap((host) => [
        { urls: `stun:${host}:${datagramPort}` },
        { urls: `turn:${host}:${datagramPort}`, username: "secret", credential: "x" },
        { urls: `turn:${host}:${port}?transport=tcp`, username: "secret", credential: "x" },
        { urls: `turns:${host}:${port}?transport=tcp`, username: "secret", credential: "x" },
      ]);
      const connection = new RTCPeerConnection({ iceServers: servers });
      connection.createDataChannel("out");
      connection.onicecandidate = ({ candidate }) => void (candidate && found.push(candidate.candidate));
      await connection.setLocalDescription(await connection.createOffer());
      await new Promise((resolve) => setTimeout(resolve, wait));
      connection.close();
      return found;
    },
    { port, datagramPort, wait: 4 * WHILE_MS },
  );
  expect(candidates).toEqual([]);
  expect(reached).toEqual([]);
  expect(connections()).toBe(0);
});
