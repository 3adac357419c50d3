/**
 * Messages of V8, the C++ libraries and onnxruntime for a failed allocation, also of a thread's stack: for that, glibc reports EAGAIN,
 * Microsoft's library the same in its own words. (For a file, libuv puts the code before the message.)
 */
export const OUT_OF_MEMORY =
  /out of memory|bad_alloc|failed to allocate memory|failed to map segment|array buffer allocation failed|cannot allocate memory|(?<!EAGAIN: )resource temporarily unavailable|resource unavailable try again/i;
