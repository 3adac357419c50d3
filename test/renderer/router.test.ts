import { expect, onTestFinished, test, vi } from "vitest";
import type { Route } from "../../renderer/routes.ts";

/** The router of a window at an address; `navigate` is what a link or the back button does. */
async function at(hash: string) {
  vi.resetModules();
  const page = new EventTarget();
  const location = { hash, replace: vi.fn<(hash: string) => void>() };
  const history = { back: vi.fn() };
  vi.stubGlobal("location", location);
  vi.stubGlobal("history", history);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  onTestFinished(() => void vi.unstubAllGlobals());
  const { router } = await import("../../renderer/router.svelte.ts");
  const navigate = (hash: string) => {
    location.hash = hash;
    page.dispatchEvent(new Event("hashchange"));
  };
  return { router, location, history, navigate };
}

const compared: Route = { page: "compare", runs: ["a", "b"] };

test("a link or the back button changes the page, and only then may a heading take the focus", async () => {
  const { router, navigate } = await at("#/settings/updates");
  expect(router).toMatchObject({ route: { page: "settings", section: "updates" }, moved: false });
  navigate("#/library");
  expect(router).toMatchObject({ route: { page: "library" }, moved: true });
});

test("a link to the address that is shown shows its place again", async () => {
  const { router } = await at("#/settings/privacy");
  const { route } = router;
  router.again({ page: "settings", section: "look" });
  expect(router.route).toBe(route);
  router.again({ page: "settings", section: "privacy" });
  expect(router.route).toEqual(route);
  expect(router.route).not.toBe(route);
});

test("going to a page adds it to the history, replacing a page does not, and back is the browser's", async () => {
  const { router, location, history } = await at("#/library");
  router.replace(compared);
  expect(location).toMatchObject({ hash: "#/library" });
  expect(location.replace).toHaveBeenCalledWith("#/compare?runs=a,b");
  router.go(compared);
  expect(location.hash).toBe("#/compare?runs=a,b");
  expect(location.replace).toHaveBeenCalledTimes(1);
  expect(history.back).not.toHaveBeenCalled();
  router.back();
  expect(history.back).toHaveBeenCalledTimes(1);
});
