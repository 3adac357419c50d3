#include "pool.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace coppice {

namespace {

// A millisecond or less, as a pause takes on the processor: longer than what lies between two tokens.
constexpr int WAITS = 20000;
// A thread that has waited for as long as this, in an unfinished task, lets others run: the one it waits for may need this processor.
constexpr int WAITS_BEFORE_YIELDING = 2000;

void wait_a_moment() {
#if defined(__x86_64__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

}  // namespace

WithoutDenormals::WithoutDenormals() {
#if defined(__x86_64__)
  before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);  // flush to zero, denormals are zero
#endif
}

WithoutDenormals::~WithoutDenormals() {
#if defined(__x86_64__)
  _mm_setcsr(before);
#endif
}

Pool::Pool(int threads) {
  for (int index = 1; index < threads; index++) workers.emplace_back([this, index] { work(index); });
}

Pool::~Pool() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ending = true;
  }
  woken.notify_all();
  for (std::thread& worker : workers) worker.join();
}

void Pool::start(Task wanted, const void* with) {
  if (!workers.empty()) {
    task = wanted;
    given = with;
    unfinished.store(int(workers.size()), std::memory_order_relaxed);
    tasks.fetch_add(1, std::memory_order_seq_cst);
    if (asleep.load(std::memory_order_seq_cst) > 0) {
      { std::lock_guard<std::mutex> lock(mutex); }
      woken.notify_all();
    }
  }
  wanted(with, 0);
  for (int waits = 0; unfinished.load(std::memory_order_acquire) > 0; waits++) {
    if (waits > WAITS_BEFORE_YIELDING)
      std::this_thread::yield();
    else
      wait_a_moment();
  }
}

void Pool::work(int index) {
  const WithoutDenormals without;
  unsigned done = 0;
  for (;;) {
    for (int waits = 0; waits < WAITS && tasks.load(std::memory_order_acquire) == done && !ending; waits++) wait_a_moment();
    if (tasks.load(std::memory_order_acquire) == done) {
      std::unique_lock<std::mutex> lock(mutex);
      asleep.fetch_add(1, std::memory_order_seq_cst);
      woken.wait(lock, [&] { return tasks.load(std::memory_order_seq_cst) != done || ending; });
      asleep.fetch_sub(1, std::memory_order_seq_cst);
    }
    if (ending) return;
    done = tasks.load(std::memory_order_acquire);
    task(given, index);
    unfinished.fetch_sub(1, std::memory_order_acq_rel);
  }
}

}  // namespace coppice
