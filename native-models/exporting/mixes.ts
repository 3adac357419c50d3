/** The mixes that a file can be written in, by the names that people know. */
export const MIXES = ["F16", "Q8_0", "Q6_K", "Q5_K_M", "Q5_1", "Q5_0", "Q4_K_M", "Q4_1", "Q4_0"] as const;
export type Mix = (typeof MIXES)[number];

/** The types of an ONNX graph's weights, by the names that people know. */
export const ONNX_TYPES = ["FP32", "INT8", "INT4"] as const;
export type OnnxType = (typeof ONNX_TYPES)[number];
