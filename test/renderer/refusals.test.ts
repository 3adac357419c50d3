import { expect, onTestFinished, test, vi } from "vitest";
import { refusals } from "../../renderer/refusals.svelte.ts";

test("a refused request to an address is counted, a refused inline style is not", () => {
  const page = new EventTarget();
  vi.stubGlobal("document", page);
  onTestFinished(() => void vi.unstubAllGlobals());
  const refuse = (blockedURI: string) =>
    page.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), { blockedURI }));
  refusals.listen();
  refuse("inline");
  refuse("https://example.org/pixel.png");
  refuse("eval");
  expect(refusals.count).toBe(1);
});
