import { expect, onTestFinished, test, vi } from "vitest";

test("a link or the back button changes the page, and only then may a heading take the focus", async () => {
  const page = new EventTarget();
  const location = { hash: "#/settings/updates" };
  vi.stubGlobal("location", location);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  const { router } = await import("../../renderer/router.svelte.ts");
  const { hashOf } = await import("../../renderer/routes.ts");
  expect(router).toMatchObject({ route: { page: "settings", section: "updates" }, moved: false });
  location.hash = hashOf({ page: "library" });
  page.dispatchEvent(new Event("hashchange"));
  expect(router).toMatchObject({ route: { page: "library" }, moved: true });
});
