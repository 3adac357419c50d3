import { expect, test, vi } from "vitest";
import { scrimOf } from "../../../renderer/components/scrim.ts";

test("a click on the scrim counts only if it began there: selecting text may end outside the dialog", () => {
  const closed = vi.fn();
  const scrim = scrimOf(closed);
  const [dialog, field] = ["dialog", "field"];
  const on = (target: string) => ({ target, currentTarget: dialog }) as unknown as Event;
  scrim.onpointerdown(on(field));
  scrim.onclick(on(dialog));
  scrim.onpointerdown(on(dialog));
  scrim.onclick(on(field));
  expect(closed).not.toHaveBeenCalled();
  scrim.onpointerdown(on(dialog));
  scrim.onclick(on(dialog));
  expect(closed).toHaveBeenCalledTimes(1);
});
