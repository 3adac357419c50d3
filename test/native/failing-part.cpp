// A part of a task whose allocation fails while the others still work. Prints what the caller saw, of its own part and of another's.
#include <chrono>
#include <cstdio>
#include <new>

#include "pool.h"

template <typename Work>
void report(std::atomic<int>& others, const Work& work) {
  others = 0;
  try {
    work();
    std::printf("nothing ");
  } catch (const std::bad_alloc&) {
    std::printf("bad_alloc ");
  }
  std::printf("%d\n", others.load());
}

int main() {
  coppice::Pool pool(3);
  std::atomic<int> others{0};
  const auto fail_or_work = [&](bool fails) {
    if (fails) throw std::bad_alloc();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    others++;
  };
  for (int failing : {0, 2, 3}) report(others, [&] { pool.run([&](int part) { fail_or_work(part == failing); }); });
  report(others, [&] { pool.share(3, [&](int64_t piece, int) { fail_or_work(piece == 0); }); });
}
