// What this machine can do at most: bytes that threads read from memory, and products that they accumulate in registers. After a first line
// of JSON, each line of standard input is answered with the rates of one measurement. Usage: limits THREADS
#include <immintrin.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

// The system gives a process access to tiles on request (arch_prctl(2)).
[[maybe_unused]] constexpr int ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18;

// Many times the size of a processor's caches.
constexpr size_t READ_BYTES = size_t(1) << 30;
constexpr double SECONDS = 0.05;
// Enough chains of sums to hide the latency of an instruction.
constexpr int CHAINS = 12;
constexpr int TURNS = 20000;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The rate of one thread. Not inlined into the main thread's own code, where the compiler would keep sums in memory.
template <typename Work>
__attribute__((noinline)) double rate_of(int thread, Work& work) {
  const double started = now();
  double done = 0, seconds = 0;
  do {
    done += work(thread);
    seconds = now() - started;
  } while (seconds < SECONDS);
  return done / seconds;
}

// The work of all threads per second. `work` does some work and returns how much; it is called repeatedly for SECONDS.
template <typename Work>
double rate(int threads, Work work) {
  std::atomic<int> ready{0};
  std::vector<double> rates(threads);
  const auto measure = [&](int thread) {
    ready++;
    while (ready < threads) _mm_pause();
    rates[thread] = rate_of(thread, work);
  };
  std::vector<std::thread> pool;
  for (int thread = 1; thread < threads; thread++) pool.emplace_back(measure, thread);
  measure(0);
  for (std::thread& thread : pool) thread.join();
  double sum = 0;
  for (double one : rates) sum += one;
  return sum;
}

// Keeps a value, so that the compiler cannot remove its computation.
template <typename Vector>
inline void keep(Vector& value) {
  asm volatile("" : "+x"(value));
}

// Each thread reads its own piece, some megabytes per call.
double read_rate(const uint8_t* memory, int threads) {
  constexpr size_t AT_ONCE = size_t(1) << 23;
  const size_t piece = READ_BYTES / threads / AT_ONCE * AT_ONCE;
  std::vector<size_t> places(threads, 0);
  return rate(threads, [&](int thread) {
    const uint8_t* from = memory + thread * piece + places[thread];
    __m256i sums[4] = {};
    for (size_t at = 0; at < AT_ONCE; at += 128)
      for (int i = 0; i < 4; i++)
        sums[i] = _mm256_xor_si256(sums[i], _mm256_load_si256(reinterpret_cast<const __m256i*>(from + at + 32 * i)));
    for (__m256i& sum : sums) keep(sum);
    places[thread] = (places[thread] + AT_ONCE) % piece;
    return double(AT_ONCE);
  });
}

// Additions and multiplications of f32 fused into one instruction.
double f32_rate(int threads) {
  return rate(threads, [](int) {
#if defined(__AVX512F__)
    __m512 sums[CHAINS] = {}, a = _mm512_set1_ps(0.5f);
    for (int turn = 0; turn < TURNS; turn++)
      for (__m512& sum : sums) sum = _mm512_fmadd_ps(a, a, sum), keep(sum);
    return 2.0 * 16 * CHAINS * TURNS;
#else
    __m256 sums[CHAINS] = {}, a = _mm256_set1_ps(0.5f);
    for (int turn = 0; turn < TURNS; turn++)
      for (__m256& sum : sums) sum = _mm256_fmadd_ps(a, a, sum), keep(sum);
    return 2.0 * 8 * CHAINS * TURNS;
#endif
  });
}

#if defined(__AMX_INT8__)
// Eight tiles of 16 rows of 64 bytes.
struct alignas(64) Tiles {
  uint8_t palette = 1, start = 0, reserved[14] = {};
  uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// 8-bit products in tiles: two tiles of each operand, and their four products.
double tile_rate(int threads) {
  return rate(threads, [](int) {
    const Tiles tiles;
    _tile_loadconfig(&tiles);
    for (int turn = 0; turn < TURNS / 16; turn++) {
      _tile_dpbusd(0, 4, 6);
      _tile_dpbusd(1, 4, 7);
      _tile_dpbusd(2, 5, 6);
      _tile_dpbusd(3, 5, 7);
    }
    _tile_release();
    return 2.0 * 16 * 16 * 64 * 4 * (TURNS / 16);
  });
}
#endif

// 8-bit products, accumulated by the instruction for it; without one, in 16 bits, which is less work than a real sum needs.
double int8_rate(int threads) {
#if defined(__AMX_INT8__)
  if (syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0) return tile_rate(threads);
#endif
  return rate(threads, [](int) {
#if defined(__AVX512VNNI__)
    __m512i sums[CHAINS] = {}, a = _mm512_set1_epi8(1);
    for (int turn = 0; turn < TURNS; turn++)
      for (__m512i& sum : sums) sum = _mm512_dpbusd_epi32(sum, a, a), keep(sum);
    return 2.0 * 64 * CHAINS * TURNS;
#else
    __m256i sums[CHAINS] = {}, a = _mm256_set1_epi8(1);
    for (int turn = 0; turn < TURNS; turn++) {
      keep(a);
      for (__m256i& sum : sums) {
        __m256i pairs = _mm256_maddubs_epi16(a, a);
        keep(pairs);
        sum = _mm256_add_epi16(sum, pairs);
        keep(sum);
      }
    }
    return 2.0 * 32 * CHAINS * TURNS;
#endif
  });
}

}  // namespace

int main(int count, char** arguments) {
  const int threads = count > 1 ? std::atoi(arguments[1]) : 1;
  void* memory = mmap(nullptr, READ_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (threads < 1 || memory == MAP_FAILED) return 1;
  madvise(memory, READ_BYTES, MADV_HUGEPAGE);
  auto* bytes = static_cast<uint8_t*>(memory);
  for (size_t i = 0; i < READ_BYTES; i += 64) bytes[i] = uint8_t(i >> 6);  // otherwise all pages would be the zero page
  std::puts("{\"ready\":true}");
  std::fflush(stdout);
  for (int c = std::getchar(); c != EOF; c = std::getchar())
    if (c == '\n') {
      std::printf("{\"readByOne\":%.0f,\"read\":%.0f,\"f32\":%.0f,\"int8\":%.0f}\n", read_rate(bytes, 1), read_rate(bytes, threads),
                  f32_rate(threads), int8_rate(threads));
      std::fflush(stdout);
    }
}
