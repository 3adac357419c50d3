/** Where the person is: the address in the hash, so that back, forward and a deep link work by themselves. */
import { hashOf, routeOf } from "./routes.ts";
import type { Route } from "./routes.ts";

class Router {
  route = $state.raw<Route>(routeOf(location.hash));
  /** Whether the person has moved since the window opened: only then does a page's heading take the focus. */
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

  /** Goes there without leaving this place in the history. */
  replace(route: Route): void {
    location.replace(hashOf(route));
  }

  back(): void {
    history.back();
  }
}

export const router = new Router();
