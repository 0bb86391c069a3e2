// The plain receiver the gateway is held against: accepts, answers the upgrade, then reads every
// octet into one buffer and looks at none of it. One thread, level-triggered epoll.
//
// Usage: epoll-receiver; prints the loopback port it listens on and runs until it is killed.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_PER_WAKE_UP 256
#define READ_OCTETS 4096  // what the gateway's library reads at once

static const char answer[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: unchecked\r\n\r\n";

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int listenOnLoopback(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 ||
        listen(listener, 1024) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void watch(int poll, int descriptor) {
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &interest) < 0) fail("epoll_ctl");
}

static void acceptAll(int poll, int listener) {
    int client;
    while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int on = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(poll, client);
    }
}

int main(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct rlimit descriptors;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
    int listener = listenOnLoopback();
    int poll = epoll_create1(EPOLL_CLOEXEC);
    if (poll < 0) fail("epoll_create1");
    watch(poll, listener);
    static char buffer[READ_OCTETS];
    struct epoll_event events[EVENTS_PER_WAKE_UP];
    for (;;) {
        int count = epoll_wait(poll, events, EVENTS_PER_WAKE_UP, -1);
        for (int index = 0; index < count; index++) {
            int descriptor = events[index].data.fd;
            if (descriptor == listener) {
                acceptAll(poll, listener);
                continue;
            }
            ssize_t received = read(descriptor, buffer, sizeof buffer);
            // Only the request starts with a G; WebSocket messages start with 0x81.
            if (received > 0 && buffer[0] == 'G') {
                if (write(descriptor, answer, sizeof answer - 1) < 0) close(descriptor);
            } else if (received <= 0) {
                close(descriptor);
            }
        }
    }
}
