// SPDX-FileCopyrightText: 2026 The TTAPI contributors
// SPDX-License-Identifier: Apache-2.0
//
// Stands between a process and libc (LD_PRELOAD), counts the calls that touch names below one directory, and
// at the call of a given number refuses, writes half, or kills the process.
//
// Everything is off until shim_watch names the directory. shim_arm says at which call, among those of which
// kinds, what is to happen; shim.py holds the same numbers for kinds and actions.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    OPEN = 1,    // of what is there, to read or to list
    CREATE = 2,  // open to write
    WRITE = 4,
    TRUNCATE = 8,
    SYNC = 16,
    RENAME = 32,
    UNLINK = 64,
    MKDIR = 128,
    RMDIR = 256,
};

enum action {
    NOTHING,
    FAIL,           // this one call
    FAIL_FROM,      // this call and all later ones of the kinds
    SHORT_WRITE,    // half of this write, then as FAIL_FROM
    KILL_BEFORE,
    KILL_HALFWAY,   // after half of a write; after the whole of any other call
    KILL_AFTER,
};

enum order { PASS, REFUSE, HALVE, KILL, HALVE_AND_KILL };

static char root[PATH_MAX];
static atomic_size_t root_length;
static long armed_number;
static int armed_action, armed_error, armed_kinds;
static atomic_long counted;
static atomic_bool fired;
static int trace_descriptor = -1;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        fprintf(stderr, "shim: libc has no %s\n", name);
        _exit(70);
    }
    return found;
}

// ---- control, called from Python through ctypes

void shim_watch(const char *directory) {
    atomic_store(&root_length, 0);
    strncpy(root, directory, sizeof root - 1);
    atomic_store(&root_length, strlen(root));
}

void shim_arm(long number, int action, int error, int kinds) {
    armed_number = number;
    armed_action = action;
    armed_error = error;
    armed_kinds = kinds;
    atomic_store(&fired, false);
    atomic_store(&counted, 0);
}

long shim_count(void) { return atomic_load(&counted); }

int shim_fired(void) { return atomic_load(&fired); }

// Begins a list of the calls, one a line; an empty name ends it.
void shim_trace(const char *path) {
    if (trace_descriptor >= 0) {
        close(trace_descriptor);
        trace_descriptor = -1;
    }
    if (*path != '\0')
        trace_descriptor = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

// ---- what happens at each call

static bool below(const char *path) {
    size_t length = atomic_load(&root_length);
    return path != NULL && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static enum order meet(int kind, const char *path, const char *target) {
    if (atomic_load(&root_length) == 0 || !(kind & armed_kinds) || !(below(path) || below(target)))
        return PASS;
    long number = atomic_fetch_add(&counted, 1) + 1;
    bool is_later = number > armed_number;
    bool lasts = armed_action == FAIL_FROM || armed_action == SHORT_WRITE;
    if (armed_action == NOTHING || number < armed_number || (is_later && !lasts))
        return PASS;
    atomic_store(&fired, true);
    switch (armed_action) {
    case KILL_BEFORE:
        kill(getpid(), SIGKILL);
        pause();
        return PASS;
    case KILL_HALFWAY:
        return kind == WRITE ? HALVE_AND_KILL : KILL;
    case KILL_AFTER:
        return KILL;
    case SHORT_WRITE:
        return kind == WRITE && !is_later ? HALVE : REFUSE;
    default:
        return REFUSE;
    }
}

static void leave(enum order order, const char *name, const char *path, const char *target, bool went_well) {
    int error = went_well ? 0 : errno;
    if (trace_descriptor >= 0 && atomic_load(&root_length) != 0 && (below(path) || below(target))) {
        char line[2 * PATH_MAX + 64];
        int length =
            snprintf(line, sizeof line, "%s\t%d\t%s\t%s\n", name, error, path, target == NULL ? "" : target);
        if (REAL(write)(trace_descriptor, line, (size_t)length) != length)
            _exit(70);
    }
    if (order == KILL || order == HALVE_AND_KILL) {
        kill(getpid(), SIGKILL);
        pause();
    }
    errno = error;
}

#define THROUGH(kind, name, path, target, type, call)                                                             \
    do {                                                                                                          \
        enum order order = meet(kind, path, target);                                                              \
        type result = (type)-1;                                                                                   \
        if (order == REFUSE)                                                                                      \
            errno = armed_error;                                                                                  \
        else                                                                                                      \
            result = (call);                                                                                      \
        leave(order, name, path, target, result != (type)-1);                                                     \
        return result;                                                                                            \
    } while (0)

// The name behind a descriptor; with a name below it, where the two lead.
static const char *path_of(int descriptor, const char *name, char *buffer) {
    if (name != NULL && (*name == '/' || descriptor == AT_FDCWD))
        return name;
    int error = errno;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, buffer, PATH_MAX - 1);
    errno = error;
    if (length < 0)
        return NULL;
    buffer[length] = '\0';
    if (name != NULL)
        snprintf(buffer + length, (size_t)(PATH_MAX - length), "/%s", name);
    return buffer;
}

// ---- open

static int kind_of(int flags) { return (flags & O_ACCMODE) == O_RDONLY && !(flags & O_CREAT) ? OPEN : CREATE; }

#define NAME_OF(flags) (kind_of(flags) == OPEN ? "open" : "create")
#define MODE_OF(flags)                                                                                            \
    mode_t mode = 0;                                                                                              \
    if (((flags) & O_CREAT) || ((flags) & O_TMPFILE) == O_TMPFILE) {                                                                        \
        va_list more;                                                                                             \
        va_start(more, flags);                                                                                    \
        mode = va_arg(more, mode_t);                                                                              \
        va_end(more);                                                                                             \
    }

int open(const char *path, int flags, ...) {
    MODE_OF(flags)
    THROUGH(kind_of(flags), NAME_OF(flags), path, NULL, int, REAL(open)(path, flags, mode));
}

int open64(const char *path, int flags, ...) {
    MODE_OF(flags)
    THROUGH(kind_of(flags), NAME_OF(flags), path, NULL, int, REAL(open64)(path, flags, mode));
}

int openat(int directory, const char *name, int flags, ...) {
    char buffer[PATH_MAX];
    const char *path = path_of(directory, name, buffer);
    MODE_OF(flags)
    THROUGH(kind_of(flags), NAME_OF(flags), path, NULL, int, REAL(openat)(directory, name, flags, mode));
}

int openat64(int directory, const char *name, int flags, ...) {
    char buffer[PATH_MAX];
    const char *path = path_of(directory, name, buffer);
    MODE_OF(flags)
    THROUGH(kind_of(flags), NAME_OF(flags), path, NULL, int, REAL(openat64)(directory, name, flags, mode));
}

int creat(const char *path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }

int creat64(const char *path, mode_t mode) { return open64(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }

DIR *opendir(const char *path) {
    enum order order = meet(OPEN, path, NULL);
    DIR *result = NULL;
    if (order == REFUSE)
        errno = armed_error;
    else
        result = REAL(opendir)(path);
    leave(order, "open", path, NULL, result != NULL);
    return result;
}

// ---- write

// Never nothing: that would be a call that libc does not make of a full disk.
#define HALF(count) ((count) > 1 ? (count) / 2 : (count))

#define WRITES(descriptor, half, whole)                                                                           \
    char buffer[PATH_MAX];                                                                                        \
    const char *path = atomic_load(&root_length) == 0 ? NULL : path_of(descriptor, NULL, buffer);                 \
    enum order order = meet(WRITE, path, NULL);                                                                   \
    ssize_t result = -1;                                                                                          \
    if (order == REFUSE)                                                                                          \
        errno = armed_error;                                                                                      \
    else                                                                                                          \
        result = order == HALVE || order == HALVE_AND_KILL ? (half) : (whole);                                    \
    leave(order, "write", path, NULL, result != -1);                                                              \
    return result

ssize_t write(int descriptor, const void *bytes, size_t count) {
    WRITES(descriptor, REAL(write)(descriptor, bytes, HALF(count)), REAL(write)(descriptor, bytes, count));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    WRITES(descriptor, REAL(pwrite)(descriptor, bytes, HALF(count), offset),
           REAL(pwrite)(descriptor, bytes, count, offset));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    WRITES(descriptor, REAL(pwrite64)(descriptor, bytes, HALF(count), offset),
           REAL(pwrite64)(descriptor, bytes, count, offset));
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
    WRITES(descriptor, REAL(write)(descriptor, pieces[0].iov_base, HALF(pieces[0].iov_len)),
           REAL(writev)(descriptor, pieces, count));
}

// ---- the rest

#define OF_DESCRIPTOR(descriptor)                                                                                 \
    char buffer[PATH_MAX];                                                                                        \
    const char *path = atomic_load(&root_length) == 0 ? NULL : path_of(descriptor, NULL, buffer)

int ftruncate(int descriptor, off_t length) {
    OF_DESCRIPTOR(descriptor);
    THROUGH(TRUNCATE, "truncate", path, NULL, int, REAL(ftruncate)(descriptor, length));
}

int ftruncate64(int descriptor, off64_t length) {
    OF_DESCRIPTOR(descriptor);
    THROUGH(TRUNCATE, "truncate", path, NULL, int, REAL(ftruncate64)(descriptor, length));
}

// The death of a process takes nothing away that the kernel has: no test here needs to wait for the disk.
int fsync(int descriptor) {
    OF_DESCRIPTOR(descriptor);
    THROUGH(SYNC, "sync", path, NULL, int, below(path) ? 0 : REAL(fsync)(descriptor));
}

int fdatasync(int descriptor) {
    OF_DESCRIPTOR(descriptor);
    THROUGH(SYNC, "sync", path, NULL, int, below(path) ? 0 : REAL(fdatasync)(descriptor));
}

int rename(const char *from, const char *to) { THROUGH(RENAME, "rename", from, to, int, REAL(rename)(from, to)); }

int renameat(int from, const char *old, int to, const char *new) {
    char one[PATH_MAX], other[PATH_MAX];
    const char *path = path_of(from, old, one), *target = path_of(to, new, other);
    THROUGH(RENAME, "rename", path, target, int, REAL(renameat)(from, old, to, new));
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    char one[PATH_MAX], other[PATH_MAX];
    const char *path = path_of(from, old, one), *target = path_of(to, new, other);
    THROUGH(RENAME, "rename", path, target, int, REAL(renameat2)(from, old, to, new, flags));
}

int unlink(const char *path) { THROUGH(UNLINK, "unlink", path, NULL, int, REAL(unlink)(path)); }

int unlinkat(int directory, const char *name, int flags) {
    char buffer[PATH_MAX];
    const char *path = path_of(directory, name, buffer);
    bool is_directory = flags & AT_REMOVEDIR;
    THROUGH(is_directory ? RMDIR : UNLINK, is_directory ? "rmdir" : "unlink", path, NULL, int,
            REAL(unlinkat)(directory, name, flags));
}

int mkdir(const char *path, mode_t mode) { THROUGH(MKDIR, "mkdir", path, NULL, int, REAL(mkdir)(path, mode)); }

int mkdirat(int directory, const char *name, mode_t mode) {
    char buffer[PATH_MAX];
    const char *path = path_of(directory, name, buffer);
    THROUGH(MKDIR, "mkdir", path, NULL, int, REAL(mkdirat)(directory, name, mode));
}

int rmdir(const char *path) { THROUGH(RMDIR, "rmdir", path, NULL, int, REAL(rmdir)(path)); }
