/**
 * A recipe is a generator over an interface of operations, so that it is written once and interpreted twice: an operation that
 * does real work yields promises to wait for; one that only plans yields nothing.
 */

/** Work with result T: it yields each promise that it waits for. */
export type Step<T> = Generator<Promise<unknown>, T, unknown>;

/** The operation that waits for `start`. */
export function* waiting<T>(start: () => Promise<T>): Step<T> {
  return (yield start()) as T;
}

/** Executes a recipe whose operations do real work. Throws what they throw. */
export async function perform<T>(recipe: Step<T>): Promise<T> {
  let next = recipe.next();
  while (!next.done) {
    let value: unknown;
    try {
      value = await next.value;
    } catch (error) {
      next = recipe.throw(error);
      continue;
    }
    next = recipe.next(value);
  }
  return next.value;
}

/** Follows a recipe whose operations only plan. Throws if one of them would have to wait. */
export function follow<T>(recipe: Step<T>): T {
  const next = recipe.next();
  if (!next.done) throw new Error("A recipe that is only planned waited for something");
  return next.value;
}
