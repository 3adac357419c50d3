/** Counts requests that this window's content security policy refused: they never reach the session, which counts the others. */

class Refusals {
  count = $state(0);

  /** Starts counting. */
  listen(): void {
    document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
      if (/^\w+:\/\//.test(blockedURI)) this.count++;
    });
  }
}

export const refusals = new Refusals();
