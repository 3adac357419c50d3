import { expect, test } from "vitest";
import { menuBarWords } from "../../../main/services/settings/notices.ts";
import { menuBarOf } from "../../../main/window/menu-bar.ts";

/** The roles of all items. */
const rolesOf = (isDevelopment: boolean) =>
  menuBarOf(menuBarWords("en", []), isDevelopment).flatMap(({ submenu }) =>
    (submenu as { role?: string }[]).flatMap(({ role }) => role ?? []),
  );

test("the menu bar has what Electron's keys do, and loads the page again only in development", () => {
  const roles = [
    ...["quit", "undo", "redo", "cut", "copy", "paste", "selectAll"],
    ...["resetZoom", "zoomIn", "zoomOut", "togglefullscreen", "minimize", "close"],
  ];
  expect(rolesOf(false)).toEqual(roles);
  expect(rolesOf(true).filter((role) => !roles.includes(role))).toEqual([
    ...["reload", "forceReload", "toggleDevTools"],
  ]);
});

test("every item of a person's menu bar is in the language of the settings", () => {
  const labels = (...language: Parameters<typeof menuBarWords>) =>
    menuBarOf(menuBarWords(...language), false).flatMap(({ label, submenu }) => [
      label,
      ...(submenu as { type?: string; label?: string }[]).flatMap((item) =>
        item.type === "separator" ? [] : [item.label],
      ),
    ]);
  const [english, german] = [labels("en", ["de"]), labels("system", ["de"])];
  expect(german.filter((label, place) => label === undefined || label === english[place])).toEqual([]);
  expect(german).toContain("Vollbild");
});
