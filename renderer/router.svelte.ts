/** The current place: the address in the hash, so that back, forward and deep links work by themselves. */
import { hashOf, routeOf } from "./routes.ts";
import type { Route } from "./routes.ts";

class Router {
  route = $state.raw<Route>(routeOf(location.hash));
  /** Whether the person has navigated since the window opened: only then does a page's heading take the focus. */
  moved = $state(false);

  constructor() {
    addEventListener("hashchange", () => {
      this.route = routeOf(location.hash);
      this.moved = true;
    });
  }

  go(route: Route): void {
    location.hash = hashOf(route);
  }

  /** Shows a page again whose address is already current, so that a link to it would not change the hash. */
  again(route: Route): void {
    if (hashOf(route) === location.hash) this.route = { ...route };
  }

  /** Navigates without adding to the history. */
  replace(route: Route): void {
    location.replace(hashOf(route));
  }

  back(): void {
    history.back();
  }
}

export const router = new Router();
