/** Requests of this window that its content security policy refused: they never reach the session, which counts the others. */

class Refusals {
  count = $state(0);

  /** Counts from here on. */
  listen(): void {
    document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
      if (/^\w+:\/\//.test(blockedURI)) this.count++;
    });
  }
}

export const refusals = new Refusals();
