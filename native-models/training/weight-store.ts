/**
 * Frozen weights in groups, as session inputs: in memory; in a file from which a group is read on request, and which the
 * operating system caches in free memory; or on a GPU, to which each group is copied once.
 */
import type { OrtTensor } from "../runtime/session.ts";
import type { Feeds, Sessions } from "./sessions.ts";
import { WeightFile } from "./weight-file.ts";

export interface WeightStore {
  /** Throws `disk-full`, `unwritable`. */
  add(group: string, feeds: Feeds): void;
  /**
   * The tensors of a group. Those of a file are overwritten by the next group with the same names and shapes. Throws
   * `unreadable`.
   */
  get(group: string): Feeds | Promise<Feeds>;
  has(group: string): boolean;
  /** Frees the memory of a group, if it exists; a file keeps it. */
  release(group: string): void;
  close(): void;
}

/** Everything in memory. */
export function memoryStore(): WeightStore {
  const groups = new Map<string, Feeds>();
  return {
    add: (group, feeds) => void groups.set(group, feeds),
    get: (group) => groups.get(group)!,
    has: (group) => groups.has(group),
    release: (group) => void groups.delete(group),
    close: () => groups.clear(),
  };
}

/**
 * Everything on the sessions' GPU except integers, which stay in memory (`Sessions.upload`): a group is in memory until its first
 * use.
 */
export function deviceStore(sessions: Sessions): WeightStore {
  const waiting = new Map<string, Feeds>();
  const groups = new Map<string, Promise<Feeds>>();
  const onDevice: OrtTensor[] = [];
  const upload = async (feeds: Feeds): Promise<Feeds> => {
    const uploaded: Record<string, OrtTensor> = {};
    for (const [name, value] of Object.entries(feeds)) {
      uploaded[name] = await sessions.upload(value);
      onDevice.push(uploaded[name]);
    }
    return uploaded;
  };
  return {
    add: (group, feeds) => void waiting.set(group, feeds),
    get(group) {
      const feeds = waiting.get(group);
      if (feeds) groups.set(group, upload(feeds));
      waiting.delete(group);
      return groups.get(group)!;
    },
    has: (group) => waiting.has(group) || groups.has(group),
    release(group) {
      waiting.delete(group);
      groups.delete(group); // its tensors on the device are disposed of when the store is closed
    },
    close() {
      for (const value of onDevice.splice(0)) value.dispose();
      waiting.clear();
      groups.clear();
    },
  };
}

interface WeightLocation {
  readonly name: string;
  readonly offset: number;
}

/** Everything in a new file at `path`, which `close` removes. Throws `disk-full`, `unwritable`. */
export function fileStore(path: string): WeightStore {
  const file = new WeightFile(path);
  const groups = new Map<string, { places: WeightLocation[]; memory: Feeds }>();
  /** The tensors into which groups with the same names and shapes are read. */
  const memories = new Map<string, Feeds>();

  const memoryFor = (feeds: Feeds): Feeds => {
    const kind = Object.entries(feeds)
      .map(([name, { type, dims }]) => `${name} ${type} ${dims.join()}`)
      .join("; ");
    const known = memories.get(kind) ?? feeds;
    memories.set(kind, known);
    return known;
  };
  return {
    add(group, feeds) {
      const places = Object.entries(feeds).map(([name, tensor]) => ({
        name,
        offset: file.append(tensor).offset,
      }));
      groups.set(group, { places, memory: memoryFor(feeds) });
    },
    get(group) {
      const { places, memory } = groups.get(group)!;
      for (const { name, offset } of places) file.read(offset, memory[name]!);
      return memory;
    },
    has: (group) => groups.has(group),
    release: () => {},
    close: () => file.close(),
  };
}
