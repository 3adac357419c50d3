import type { WindowBridge } from "../../preload/contract/contract.ts";

declare global {
  /** What the preload script gives the page, for `page.evaluate`. */
  interface Window {
    readonly coppice: WindowBridge;
  }
}
