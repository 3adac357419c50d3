/** Disjoint groups of indices, each identified by its lowest one. An index that was never joined is a group of its own. */
export class Groups {
  readonly #first = new Map<number, number>();

  join(a: number, b: number): void {
    const [one, other] = [this.of(a), this.of(b)];
    if (one !== other) this.#first.set(Math.max(one, other), Math.min(one, other));
  }

  /** The lowest index of an index's group. */
  of(index: number): number {
    let at = index;
    for (let next; (next = this.#first.get(at)) !== undefined; at = next) {
      const further = this.#first.get(next);
      if (further !== undefined) this.#first.set(at, further);
    }
    return at;
  }
}
