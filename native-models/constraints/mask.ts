/** Sets of tokens: a bit for each id. */
export type Mask = Uint32Array;

/** No id beyond the end of a mask is allowed. */
export const isAllowed = (mask: Mask, id: number): boolean => ((mask[id >>> 5]! >>> (id & 31)) & 1) === 1;

export function allow(mask: Mask, id: number): void {
  mask[id >>> 5]! |= 1 << (id & 31);
}
