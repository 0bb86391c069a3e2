// Counts heap allocations of the calling thread, for tests that promise none.
//
// Linking this target replaces malloc and its siblings in the test executable by versions that
// count and then call glibc's own. Counters are thread-local, so tests may run side by side.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// Allocations (malloc, calloc, realloc, aligned) made by this thread since it started.
unsigned long AllocationCounter_current_thread(void);

#endif
