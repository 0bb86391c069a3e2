// Preloaded into a gateway: names below .cloud.test are 127.0.0.1, and resolve as slowly as a file of
// that name in $SLOW_NAMES says, in milliseconds. Every other name resolves as it would.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void wait_for(const char *name) {
    const char *folder = getenv("SLOW_NAMES");
    char path[512];
    if (!folder || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return;
    FILE *file = fopen(path, "r");
    if (!file) return;
    long milliseconds = 0;
    if (fscanf(file, "%ld", &milliseconds) != 1) milliseconds = 0;
    fclose(file);
    if (milliseconds > 0) usleep((useconds_t)milliseconds * 1000);
}

int getaddrinfo(
    const char *restrict name, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict result) {
    static int (*real)(
        const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    static const char domain[] = ".cloud.test";
    size_t length = name ? strlen(name) : 0;
    if (length > sizeof domain && strcmp(name + length - (sizeof domain - 1), domain) == 0) {
        wait_for(name);
        name = "127.0.0.1";
    }
    return real(name, service, hints, result);
}
