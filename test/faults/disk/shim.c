/*
 * Stands between a program and the disk (LD_PRELOAD), for the files under $DISK_FOLDER. Changes are counted over all
 * processes in the shared file $DISK_COUNTER. $DISK_ACTION says what happens to change number $DISK_AT (from 0):
 *   log   nothing; every change, and all standard output, is appended to $DISK_LOG in the order in which it happened
 *   kill  the process is killed just before it; a write is done by half
 *   full  this change and all later ones that need space fail with ENOSPC; changes that need none are not counted
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { CREATE, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, TOLD };

struct shared { volatile int lock; volatile uint64_t calls; };
struct record { uint32_t kind, path, path2, data; uint64_t inode, offset; };

#define FILES 4096
static char *paths[FILES]; /* of the watched files that are open */
static const char *folder;
static enum { OFF, LOG, KILL, FULL } action;
static uint64_t at;
static struct shared *shared;
static int log_file = -1;

#define REAL(type, name, ...) static type (*real_##name)(__VA_ARGS__)
REAL(int, open64, const char *, int, ...);
REAL(int, close, int);
REAL(ssize_t, write, int, const void *, size_t);
REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
REAL(ssize_t, writev, int, const struct iovec *, int);
REAL(ssize_t, pwritev64, int, const struct iovec *, int, off64_t);
REAL(int, fsync, int);
REAL(int, fdatasync, int);
REAL(int, ftruncate64, int, off64_t);
REAL(int, rename, const char *, const char *);
REAL(int, unlink, const char *);
REAL(int, rmdir, const char *);
REAL(int, mkdir, const char *, mode_t);
#define FIND(name) *(void **)&real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  FIND(open64); FIND(close); FIND(write); FIND(pwrite64); FIND(writev); FIND(pwritev64); FIND(fsync); FIND(fdatasync);
  FIND(ftruncate64); FIND(rename); FIND(unlink); FIND(rmdir); FIND(mkdir);
  folder = getenv("DISK_FOLDER");
  const char *wanted = getenv("DISK_ACTION"), *number = getenv("DISK_AT"), *counter = getenv("DISK_COUNTER");
  if (!folder || !wanted || !counter) return;
  at = number ? strtoull(number, NULL, 10) : UINT64_MAX;
  int file = real_open64(counter, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || real_ftruncate64(file, sizeof *shared)) abort();
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED) abort();
  const char *log = getenv("DISK_LOG");
  if (log) log_file = real_open64(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  action = !strcmp(wanted, "log") ? LOG : !strcmp(wanted, "kill") ? KILL : FULL;
}

static int watched(const char *path) {
  if (action == OFF || !path) return 0;
  size_t length = strlen(folder);
  return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static const char *watched_file(int fd) { return fd >= 0 && fd < FILES ? paths[fd] : NULL; }

static void lock(void) { if (action == LOG) while (__sync_lock_test_and_set(&shared->lock, 1)) sched_yield(); }
static void unlock(void) { if (action == LOG) __sync_lock_release(&shared->lock); }

/* Whether the coming change is the one: 1 if it is to fail; a kill does not return, after `half` was written. */
static int strikes(int needs_space, int fd, const void *half, size_t length, off64_t offset) {
  if (action != KILL && action != FULL) return 0;
  if (action == FULL && !needs_space) return 0;
  uint64_t call = __sync_fetch_and_add(&shared->calls, 1);
  if (call < at) return 0;
  if (action == FULL) { errno = ENOSPC; return 1; }
  if (call > at) return 0;
  if (half && length > 1) (void)!(offset < 0 ? real_write(fd, half, length / 2) : real_pwrite64(fd, half, length / 2, offset));
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void note(enum kind kind, int fd, const char *path, const char *path2, uint64_t offset, const void *data, size_t length) {
  if (action != LOG || log_file < 0) return;
  struct stat status = {0};
  if (fd >= 0 && kind != TOLD) fstat(fd, &status);
  struct record record = { kind, path ? strlen(path) : 0, path2 ? strlen(path2) : 0, length, status.st_ino, offset };
  struct iovec parts[] = { { &record, sizeof record }, { (void *)path, record.path }, { (void *)path2, record.path2 }, { (void *)data, length } };
  if (real_writev(log_file, parts, 4) < 0) abort();
}

static int open_watched(const char *path, int flags, mode_t mode) {
  if (!watched(path)) return real_open64(path, flags, mode);
  struct stat before;
  int creates = (flags & O_CREAT) && stat(path, &before), truncates = !creates && (flags & O_TRUNC);
  if ((creates || truncates) && strikes(creates, -1, NULL, 0, -1)) return -1;
  lock();
  int fd = real_open64(path, flags, mode);
  if (fd >= 0 && fd < FILES) {
    free(paths[fd]);
    paths[fd] = strdup(path);
    if (creates) note(CREATE, fd, path, NULL, 0, NULL, 0);
    if (truncates) note(TRUNCATE, fd, path, NULL, 0, NULL, 0);
  }
  unlock();
  return fd;
}

static mode_t mode_of(int flags, va_list rest) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; }
#define OPEN(name) int name(const char *path, int flags, ...) { \
  va_list rest; va_start(rest, flags); mode_t mode = mode_of(flags, rest); va_end(rest); \
  return open_watched(path, flags, mode); }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd >= 0 && fd < FILES && paths[fd]) { free(paths[fd]); paths[fd] = NULL; }
  return real_close(fd);
}

static ssize_t write_watched(int fd, const void *data, size_t length, off64_t offset) {
  const char *path = watched_file(fd);
  if (!path && fd == 1 && action == LOG) {
    lock();
    ssize_t told = real_write(fd, data, length);
    if (told > 0) note(TOLD, fd, NULL, NULL, 0, data, told);
    unlock();
    return told;
  }
  if (!path) return offset < 0 ? real_write(fd, data, length) : real_pwrite64(fd, data, length, offset);
  if (strikes(1, fd, data, length, offset)) return -1;
  lock();
  off64_t place = offset >= 0 ? offset : lseek64(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
  ssize_t written = offset < 0 ? real_write(fd, data, length) : real_pwrite64(fd, data, length, offset);
  if (written > 0) note(WRITE, fd, path, NULL, place, data, written);
  unlock();
  return written;
}

ssize_t write(int fd, const void *data, size_t length) { return write_watched(fd, data, length, -1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return write_watched(fd, data, length, offset); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) { return write_watched(fd, data, length, offset); }

/* Several pieces are written as the first of them: a caller has to go on after a short write in any case. */
static ssize_t writev_watched(int fd, const struct iovec *parts, int count, off64_t offset) {
  if (watched_file(fd) || (fd == 1 && action == LOG))
    for (int i = 0; i < count; i++)
      if (parts[i].iov_len) return write_watched(fd, parts[i].iov_base, parts[i].iov_len, offset);
  return offset < 0 ? real_writev(fd, parts, count) : real_pwritev64(fd, parts, count, offset);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return writev_watched(fd, parts, count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return writev_watched(fd, parts, count, offset); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return writev_watched(fd, parts, count, offset); }

static int change_file(int fd, enum kind kind, uint64_t size, int (*real)(int)) {
  const char *path = watched_file(fd);
  struct stat now;
  if (path && strikes(kind == TRUNCATE && !fstat(fd, &now) && size > (uint64_t)now.st_size, -1, NULL, 0, -1)) return -1;
  lock();
  int result = real ? real(fd) : real_ftruncate64(fd, size);
  if (path && !result) note(kind, fd, path, NULL, size, NULL, 0);
  unlock();
  return result;
}
int fsync(int fd) { return change_file(fd, SYNC, 0, real_fsync); }
int fdatasync(int fd) { return change_file(fd, SYNC, 0, real_fdatasync); }
int ftruncate(int fd, off_t size) { return change_file(fd, TRUNCATE, size, NULL); }
int ftruncate64(int fd, off64_t size) { return change_file(fd, TRUNCATE, size, NULL); }

static int change_name(enum kind kind, const char *path, const char *path2, mode_t mode) {
  int seen = watched(path) || watched(path2);
  if (seen && strikes(kind == MKDIR, -1, NULL, 0, -1)) return -1;
  if (seen) lock();
  int result = kind == RENAME ? real_rename(path, path2) : kind == UNLINK ? real_unlink(path) : kind == RMDIR ? real_rmdir(path) : real_mkdir(path, mode);
  if (seen && !result) note(kind, -1, path, path2, 0, NULL, 0);
  if (seen) unlock();
  return result;
}
int rename(const char *from, const char *to) { return change_name(RENAME, from, to, 0); }
int unlink(const char *path) { return change_name(UNLINK, path, NULL, 0); }
int rmdir(const char *path) { return change_name(RMDIR, path, NULL, 0); }
int mkdir(const char *path, mode_t mode) { return change_name(MKDIR, path, NULL, mode); }

char *mkdtemp(char *template) {
  static char *(*real)(char *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "mkdtemp");
  int seen = watched(template);
  if (seen && strikes(1, -1, NULL, 0, -1)) return NULL;
  if (seen) lock();
  char *path = real(template);
  if (seen && path) note(MKDIR, -1, path, NULL, 0, NULL, 0);
  if (seen) unlock();
  return path;
}

/* The calls that name a file by its folder: of a folder that is watched and open. */
static const char *path_at(int folder_fd, const char *path, char *room) {
  if (path[0] == '/' || folder_fd == AT_FDCWD) return path;
  const char *begin = watched_file(folder_fd);
  if (!begin) return path;
  return strlen(begin) + strlen(path) + 2 > PATH_MAX ? path : strcat(strcat(strcpy(room, begin), "/"), path);
}
int openat(int folder_fd, const char *path, int flags, ...) {
  va_list rest; va_start(rest, flags); mode_t mode = mode_of(flags, rest); va_end(rest);
  char room[PATH_MAX];
  const char *whole = path_at(folder_fd, path, room);
  static int (*real)(int, const char *, int, ...);
  if (watched(whole)) return open_watched(whole, flags, mode);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "openat");
  return real(folder_fd, path, flags, mode);
}
int openat64(int folder_fd, const char *path, int flags, ...) {
  va_list rest; va_start(rest, flags); mode_t mode = mode_of(flags, rest); va_end(rest);
  return openat(folder_fd, path, flags, mode);
}
int unlinkat(int folder_fd, const char *path, int flags) {
  char room[PATH_MAX];
  const char *whole = path_at(folder_fd, path, room);
  static int (*real)(int, const char *, int);
  if (watched(whole)) return change_name(flags & AT_REMOVEDIR ? RMDIR : UNLINK, whole, NULL, 0);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "unlinkat");
  return real(folder_fd, path, flags);
}
int remove(const char *path) {
  struct stat status;
  return !lstat(path, &status) && S_ISDIR(status.st_mode) ? rmdir(path) : unlink(path);
}
