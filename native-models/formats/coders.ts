/** Functions from stored blocks to values and back. */

/** Decodes `blocks` whole blocks to the start of `out`. */
export type Decoder = (bytes: Uint8Array, out: Float32Array, blocks: number) => void;

/** Encodes `blocks` whole blocks into `bytes`, which must be all zero. */
export type Encoder = (values: Float32Array, bytes: Uint8Array, blocks: number) => void;
