/** Messages of V8, the C++ library and onnxruntime for a failed allocation. */
export const OUT_OF_MEMORY =
  /out of memory|bad_alloc|failed to allocate memory|failed to map segment|array buffer allocation failed|cannot allocate memory/i;
