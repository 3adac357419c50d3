#include "pool.h"

#include <chrono>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace coppice {

namespace {

using Clock = std::chrono::steady_clock;

// A thread first waits in pause instructions: 20 to 100 µs in all, depending on the processor. Then it yields to other threads in between,
// since the one that it waits for may need this processor.
constexpr int PAUSES = 2000;
// Longer than the time between two tokens; a thread without work then sleeps.
constexpr auto SLEEPS_AFTER = std::chrono::milliseconds(1);

// Spins, a little at each call.
class Waiting {
 public:
  void a_moment() {
    if (pauses < PAUSES) {
      pauses++;
      pause();
      return;
    }
    if (pauses == PAUSES) {
      pauses++;
      began = Clock::now();
    }
    std::this_thread::yield();
  }

  // Whether it is time to yield to other threads.
  bool was_active() const { return pauses >= PAUSES; }
  bool is_long() const { return pauses > PAUSES && Clock::now() - began > SLEEPS_AFTER; }

 private:
  static void pause() {
#if defined(__x86_64__)
    _mm_pause();
#else
    std::this_thread::yield();
#endif
  }

  int pauses = 0;
  Clock::time_point began;
};

}  // namespace

Denormals::Denormals([[maybe_unused]] bool count) {
#if defined(__x86_64__)
  constexpr unsigned flush = 0x8040;  // flush to zero, denormals are zero
  before = _mm_getcsr();
  _mm_setcsr(count ? before & ~flush : before | flush);
#endif
}

Denormals::~Denormals() {
#if defined(__x86_64__)
  _mm_setcsr(before);
#endif
}

void Pool::use(int wanted) {
  if (wanted == threads()) return;
  end();
  try {
    const unsigned done = tasks;
    for (int index = 1; index < wanted; index++) {
      workers.push_back(std::make_unique<Worker>());
      workers.back()->claimed = done;
    }
    for (int index = 1; index < wanted; index++) workers[index - 1]->thread = std::thread([this, index, done] { work(index, done); });
  } catch (...) {
    end();
    throw;
  }
}

void Pool::end() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ending = true;
  }
  woken.notify_all();
  for (const auto& worker : workers)
    if (worker->thread.joinable()) worker->thread.join();
  workers.clear();
  ending = false;
}

TaskTimes Pool::take_times() {
  is_timed = true;
  return std::exchange(times, {});
}

void Pool::start(const Task& wanted) {
  if (!is_timed) return share_out(wanted);
  const Clock::time_point began = Clock::now();
  share_out(wanted);
  times.tasks++;
  times.nanoseconds += std::chrono::duration<double, std::nano>(Clock::now() - began).count();
}

void Pool::share_out(const Task& wanted) {
  if (workers.empty()) return wanted.part(wanted.given, 0);
  task = wanted;
  unfinished.store(int(workers.size()), std::memory_order_relaxed);
  const unsigned number = tasks.fetch_add(1, std::memory_order_seq_cst) + 1;
  if (asleep.load(std::memory_order_seq_cst) > 0) {
    { std::lock_guard<std::mutex> lock(mutex); }
    woken.notify_all();
  }
  call_part(0);
  if (wanted.is_shared) do_parts(number);
  for (Waiting waiting; unfinished.load(std::memory_order_acquire) > 0; waiting.a_moment())
    if (waiting.was_active()) do_parts(number);
  if (error) std::rethrow_exception(std::exchange(error, nullptr));
}

// Does the parts of a task that no thread has begun.
void Pool::do_parts(unsigned number) {
  for (int index = 1; index < threads(); index++) do_part(index, number);
}

// Does a part of a task unless another thread has begun it.
void Pool::do_part(int index, unsigned number) {
  unsigned last = number - 1;
  if (!workers[index - 1]->claimed.compare_exchange_strong(last, number, std::memory_order_acq_rel)) return;
  call_part(index);
  unfinished.fetch_sub(1, std::memory_order_acq_rel);
}

// The other threads still use what the caller of `share_out` has on its stack, so an error waits for them.
void Pool::call_part(int index) noexcept {
  try {
    task.part(task.given, index);
  } catch (...) {
    std::lock_guard<std::mutex> lock(mutex);
    if (!error) error = std::current_exception();
  }
}

void Pool::wait_for_task(unsigned done) {
  const auto is_over = [&] { return tasks.load(std::memory_order_seq_cst) != done || ending; };
  for (Waiting waiting; !waiting.is_long(); waiting.a_moment())
    if (is_over()) return;
  std::unique_lock<std::mutex> lock(mutex);
  asleep.fetch_add(1, std::memory_order_seq_cst);
  woken.wait(lock, is_over);
  asleep.fetch_sub(1, std::memory_order_seq_cst);
}

void Pool::work(int index, unsigned done) {
  const Denormals without(false);
  for (;;) {
    wait_for_task(done);
    if (ending) return;
    done = tasks.load(std::memory_order_acquire);
    do_part(index, done);
  }
}

}  // namespace coppice
