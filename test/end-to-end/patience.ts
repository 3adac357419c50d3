/**
 * How long a journey waits for what a person would see, before it fails. A computer whose cores are all busy shows everything late, and
 * a trainer, which has low priority, later still: a wait that ends too early would fail because of that alone.
 */
export const PATIENCE_MS = 300_000;
