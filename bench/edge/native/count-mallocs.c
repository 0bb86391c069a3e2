// Counts heap allocations per thread into a file that others may read while the program runs.
//
// Preloaded (LD_PRELOAD) into a program on glibc; COUNT_MALLOCS_FILE names the file. The layout, in
// native byte order: SLOT_COUNT slots of three 64-bit integers, thread ID, allocations, octets. A
// slot belongs to one thread for good; the last one is shared by threads that found none free.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SLOT_COUNT 1024

// What glibc's own functions are built on; called directly, so that nothing has to be looked up
// (which would allocate).
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

struct slot {
    uint64_t thread;
    uint64_t allocations;
    uint64_t octets;
};

static struct slot unmapped[SLOT_COUNT];
static struct slot *slots = unmapped;
static unsigned slotsTaken;
static __thread struct slot *mine __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void mapFile(void) {
    const char *path = getenv("COUNT_MALLOCS_FILE");
    if (path) {
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (file >= 0 && ftruncate(file, sizeof unmapped) == 0) {
            void *memory =
                mmap(NULL, sizeof unmapped, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            if (memory != MAP_FAILED) {
                slots = memory;
                slotsTaken = 0;
                mine = NULL;
            }
        }
        if (file >= 0) close(file);
    }
    // Programs that this one starts are not counted.
    unsetenv("LD_PRELOAD");
    unsetenv("COUNT_MALLOCS_FILE");
}

static void count(size_t octets) {
    if (!mine) {
        unsigned index = __atomic_fetch_add(&slotsTaken, 1, __ATOMIC_RELAXED);
        mine = &slots[index < SLOT_COUNT ? index : SLOT_COUNT - 1];
        mine->thread = (uint64_t)syscall(SYS_gettid);
    }
    // Atomic for the shared slot and for readers in other processes.
    __atomic_fetch_add(&mine->allocations, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&mine->octets, octets, __ATOMIC_RELAXED);
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count(size);
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *memory = memalign(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}
