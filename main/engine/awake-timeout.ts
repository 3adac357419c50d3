/** Checks at least this often, so that no more than this passes unnoticed. */
const LOOK_EVERY_MS = 1000;

/**
 * Calls `done` once the computer has been awake for `milliseconds`: while it slept, or this process was stopped, the other
 * process could not work either. Cancelled by `clearInterval`.
 */
export function awakeTimeout(done: () => void, milliseconds: number): NodeJS.Timeout {
  const everyMs = Math.min(LOOK_EVERY_MS, milliseconds / 10);
  let [awakeMs, lookedAt] = [0, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    awakeMs += Math.min(now - lookedAt, 2 * everyMs);
    lookedAt = now;
    if (awakeMs < milliseconds) return;
    clearInterval(timer);
    done();
  }, everyMs);
  return timer;
}
