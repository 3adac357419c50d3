/** The tree of a conversation's messages: each follows its parent; several may follow the same one. */

interface Placed {
  readonly id: number;
  readonly parentId: number | null;
  readonly role: string;
}

/** The messages from the first to `leaf`; empty if `leaf` is null or unknown. */
export function pathTo<Message extends Placed>(messages: readonly Message[], leaf: number | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: Message[] = [];
  for (let at = leaf; at !== null;) {
    const message = byId.get(at);
    if (!message) break;
    path.unshift(message);
    at = message.parentId;
  }
  return path;
}

/** The end of the path that starts at `message` and always takes the newest. `messages` are in the order of their ids. */
export function newestLeaf(messages: readonly Placed[], message: number): number {
  const newestChild = new Map<number | null, number>(messages.map(({ id, parentId }) => [parentId, id]));
  let leaf = message;
  for (let next = newestChild.get(leaf); next !== undefined; next = newestChild.get(leaf)) leaf = next;
  return leaf;
}

/** The ids of all alternatives of a message, including itself. */
export function alternativesOf(messages: readonly Placed[], { parentId, role }: Placed): number[] {
  return messages
    .filter((message) => message.parentId === parentId && message.role === role)
    .map(({ id }) => id);
}
