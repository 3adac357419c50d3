// What tokens cost apart from their arithmetic, for benchmarks.
#include <atomic>
#include <chrono>
#include <cstring>

#include "decoder.h"

namespace coppice {

namespace {

template <typename Work>
double nanoseconds_of(const Work& work) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point began = Clock::now();
  work();
  return std::chrono::duration<double, std::nano>(Clock::now() - began).count();
}

}  // namespace

double Decoder::time_task(int64_t count) {
  return nanoseconds_of([&] {
    for (int64_t i = 0; i < count; i++) pool.run([](int) {});
  }) / double(count);
}

Reading Decoder::time_reading() {
  Reading reading{0, 0};
  std::vector<std::atomic<uint64_t>> sums(pool.threads());  // so that the reads are not optimised away
  reading.nanoseconds = nanoseconds_of([&] {
    for (const Matrix& matrix : matrices) {
      const size_t words = matrix.groups * matrix.blocks * matrix.piece_bytes() / sizeof(uint64_t);
      const size_t parts = pool.threads();
      pool.run([&](int part) {
        uint64_t sum = 0;
        const uint8_t* codes = matrix.codes;
        for (size_t i = words * part / parts; i < words * (part + 1) / parts; i++) {
          uint64_t word;
          std::memcpy(&word, codes + i * sizeof word, sizeof word);
          sum += word;
        }
        sums[part] += sum;
      });
      reading.bytes += double(words * sizeof(uint64_t));
    }
  });
  return reading;
}

TaskTimes Decoder::take_task_times() { return pool.take_times(); }

}  // namespace coppice
