/** AdamW as all runs use it: its options, and gradients clipped to a norm of 1. */
import { adamW, clipping } from "../../../native-models/training/parameters.ts";
import type { ParameterBlock } from "../../../native-models/training/parameters.ts";

/** AdamW's constants. */
export const ADAMW = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 };
/** The norm to which gradients are clipped. */
export const MOST_NORM = 1;

/** One step of a block, the `step`th since its moments were zero; `norm`: that of all gradients. */
export const updateBlock = (block: ParameterBlock, step: number, learningRate: number, norm: number): void =>
  adamW(block, step, learningRate, clipping(norm, MOST_NORM), ADAMW);
