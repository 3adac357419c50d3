/** One of Coppice's sides: an opened adapter that answers requests. */
type Methods = Record<string, (argument: unknown) => Promise<unknown>>;

/** A module in test/lab/bench/coppice exports `open`, which returns an object of async methods. */
export interface Adapter {
  open(options: unknown): Promise<Methods>;
}

/**
 * Opens an adapter with its options, as JSON. A request, {"call": method, "argument": …} as JSON, is answered with the duration
 * of the call in milliseconds and its result.
 */
export async function openSide(
  adapter: Adapter,
  options: string,
): Promise<(request: string) => Promise<{ ms: number; value: unknown }>> {
  const side = await adapter.open(JSON.parse(options));
  return async (request) => {
    const { call, argument } = JSON.parse(request) as { call: string; argument: unknown };
    const started = performance.now();
    const value = await side[call]!(argument);
    return { ms: performance.now() - started, value };
  };
}
