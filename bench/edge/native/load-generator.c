// Many Twilio callers at once: 50 media messages a second each, spread evenly over every 20 ms.
//
// Usage: load-generator PORT CALLS SECONDS PROGRESS
//   PORT      of a Media Streams server on loopback, path /twilio
//   SECONDS   after the last call has started; SIGTERM ends it earlier
//   PROGRESS  a file that gets three 64-bit integers, readable while it runs: messages sent, live
//             connections, the worst lateness of a send in microseconds (reset by its reader)
//
// What the callers say is line noise of ±8 around zero, so that nobody takes a turn. What the server
// sends is read and dropped; its marks come back a second later, as if the audio had been played.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_OCTETS 160
#define SLOTS 20  // milliseconds in a frame
#define PAYLOADS 64
#define PAYLOAD_LENGTH ((FRAME_OCTETS + 2) / 3 * 4)
#define INBOX_OCTETS 32768
#define MARKS 8
#define MARK_DELAY_NS 1000000000ll

struct mark {
    char name[64];
    int64_t due;
};

struct call {
    int descriptor;  // -1 once it is over
    unsigned number;
    unsigned sequence;
    unsigned chunk;
    char streamSID[35];
    size_t inboxLength;
    unsigned char inbox[INBOX_OCTETS];
    struct mark marks[MARKS];
    unsigned markCount;
};

struct progress {
    uint64_t sent;
    uint64_t live;
    uint64_t worstLateness;
};

static volatile sig_atomic_t stopAsked;
static struct progress *progress;
static char payloads[PAYLOADS][PAYLOAD_LENGTH + 1];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void askToStop(int number) {
    (void)number;
    stopAsked = 1;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

// xorshift32: the same noise and masks in every run.
static uint32_t randomBits(void) {
    static uint32_t state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void makePayloads(void) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const unsigned char quiet[] = {0xFF, 0xFE, 0x7F, 0x7E};  // µ-law ±0, ±8
    for (int index = 0; index < PAYLOADS; index++) {
        unsigned char octets[FRAME_OCTETS + 2] = {0};
        for (int octet = 0; octet < FRAME_OCTETS; octet++) octets[octet] = quiet[randomBits() >> 30];
        char *text = payloads[index];
        for (int octet = 0; octet < FRAME_OCTETS; octet += 3) {
            uint32_t three = octets[octet] << 16 | octets[octet + 1] << 8 | octets[octet + 2];
            for (int shift = 18; shift >= 0; shift -= 6) *text++ = digits[three >> shift & 63];
        }
        for (int pad = 0; pad < (3 - FRAME_OCTETS % 3) % 3; pad++) text[-1 - pad] = '=';
    }
}

static void hangUp(struct call *call) {
    if (call->descriptor < 0) return;
    close(call->descriptor);
    call->descriptor = -1;
    progress->live--;
}

// Sends one masked WebSocket message; a server that takes no more of it loses the call.
static void sendText(struct call *call, const char *text, size_t length) {
    unsigned char message[1024];
    if (call->descriptor < 0 || length + 8 > sizeof message) return;
    size_t head = 0;
    message[head++] = 0x81;
    if (length < 126) {
        message[head++] = 0x80 | length;
    } else {
        message[head++] = 0x80 | 126;
        message[head++] = length >> 8;
        message[head++] = length & 0xFF;
    }
    uint32_t mask = randomBits();
    memcpy(message + head, &mask, 4);
    const unsigned char *key = (const unsigned char *)&mask;
    head += 4;
    for (size_t index = 0; index < length; index++)
        message[head + index] = (unsigned char)text[index] ^ key[index & 3];
    if (send(call->descriptor, message, head + length, MSG_DONTWAIT | MSG_NOSIGNAL) !=
        (ssize_t)(head + length))
        hangUp(call);
}

static void sendMedia(struct call *call) {
    char text[512];
    unsigned timestamp = call->chunk * 20;
    call->chunk++;
    call->sequence++;
    int length = snprintf(
        text, sizeof text,
        "{\"event\":\"media\",\"sequenceNumber\":\"%u\",\"streamSid\":\"%s\",\"media\":{\"track\":"
        "\"inbound\",\"chunk\":\"%u\",\"timestamp\":\"%u\",\"payload\":\"%s\"}}",
        call->sequence, call->streamSID, call->chunk, timestamp,
        payloads[(call->number + call->chunk) % PAYLOADS]);
    sendText(call, text, (size_t)length);
    if (call->descriptor >= 0) __atomic_fetch_add(&progress->sent, 1, __ATOMIC_RELAXED);
}

static void sendEvent(struct call *call, const char *event, const char *body) {
    char text[768];
    call->sequence++;
    int length = snprintf(
        text, sizeof text, "{\"event\":\"%s\",\"sequenceNumber\":\"%u\",\"streamSid\":\"%s\",%s}",
        event, call->sequence, call->streamSID, body);
    sendText(call, text, (size_t)length);
}

static void start(struct call *call) {
    static const char hello[] = "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}";
    sendText(call, hello, sizeof hello - 1);
    char body[512];
    snprintf(
        body, sizeof body,
        "\"start\":{\"accountSid\":\"AC%032x\",\"streamSid\":\"%s\",\"callSid\":\"CA%032x\","
        "\"tracks\":[\"inbound\"],\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\","
        "\"sampleRate\":8000,\"channels\":1},\"customParameters\":{}}",
        1u, call->streamSID, call->number);
    sendEvent(call, "start", body);
}

static void dial(struct call *call, int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 5};
    int on = 1;
    if (descriptor < 0) fail("socket");
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    char request[512];
    int length = snprintf(
        request, sizeof request,
        "GET /twilio HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n",
        port);
    if (send(descriptor, request, (size_t)length, MSG_NOSIGNAL) != length) fail("upgrade");
    // The answer octet by octet, so that nothing behind it is taken.
    char answer[1024];
    size_t count = 0;
    while (count < 4 || memcmp(answer + count - 4, "\r\n\r\n", 4) != 0) {
        if (count == sizeof answer || recv(descriptor, answer + count, 1, 0) != 1)
            fail("answer to the upgrade");
        count++;
    }
    if (memcmp(answer, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "call %u was refused: %.*s\n", call->number, 12, answer);
        exit(1);
    }
    call->descriptor = descriptor;
    snprintf(call->streamSID, sizeof call->streamSID, "MZ%032x", call->number);
    progress->live++;
}

static void hear(struct call *call, const char *text, size_t length) {
    static const char key[] = "\"mark\":{\"name\":\"";
    const char *name = memmem(text, length, key, sizeof key - 1);
    if (!name || call->markCount == MARKS) return;
    name += sizeof key - 1;
    const char *end = memchr(name, '"', (size_t)(text + length - name));
    struct mark *mark = &call->marks[call->markCount];
    if (!end || (size_t)(end - name) >= sizeof mark->name) return;
    memcpy(mark->name, name, (size_t)(end - name));
    mark->name[end - name] = 0;
    mark->due = now() + MARK_DELAY_NS;
    call->markCount++;
}

static void returnMarks(struct call *call, int64_t time) {
    while (call->markCount > 0 && call->marks[0].due <= time) {
        char body[128];
        snprintf(body, sizeof body, "\"mark\":{\"name\":\"%s\"}", call->marks[0].name);
        call->markCount--;
        memmove(call->marks, call->marks + 1, call->markCount * sizeof call->marks[0]);
        sendEvent(call, "mark", body);
    }
}

// Takes every whole message out of the inbox.
static void receive(struct call *call) {
    ssize_t received = recv(
        call->descriptor, call->inbox + call->inboxLength, INBOX_OCTETS - call->inboxLength,
        MSG_DONTWAIT);
    if (received <= 0) {
        if (received == 0 || errno != EAGAIN) hangUp(call);
        return;
    }
    call->inboxLength += (size_t)received;
    size_t start = 0;
    while (call->inboxLength - start >= 2) {
        unsigned char *head = call->inbox + start;
        size_t length = head[1] & 0x7F, headLength = 2;
        if (length == 126) {
            if (call->inboxLength - start < 4) break;
            length = (size_t)head[2] << 8 | head[3];
            headLength = 4;
        }
        if (headLength + length > INBOX_OCTETS) return hangUp(call);
        if (call->inboxLength - start < headLength + length) break;
        if (head[0] == 0x81) hear(call, (char *)head + headLength, length);
        if (head[0] == 0x88) return hangUp(call);
        start += headLength + length;
    }
    call->inboxLength -= start;
    memmove(call->inbox, call->inbox + start, call->inboxLength);
}

static void mapProgress(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || ftruncate(file, sizeof *progress) < 0) fail(path);
    progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (progress == MAP_FAILED) fail(path);
}

static void sleepUntil(int64_t time) {
    struct timespec due = {.tv_sec = time / 1000000000ll, .tv_nsec = time % 1000000000ll};
    while (!stopAsked && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR) {}
}

// Every millisecond: the twentieth of the calls whose turn it is speaks, then all are listened to.
static void talk(struct call *calls, unsigned callCount, int seconds) {
    int poll = epoll_create1(EPOLL_CLOEXEC);
    if (poll < 0) fail("epoll_create1");
    for (unsigned index = 0; index < callCount; index++) {
        struct epoll_event interest = {.events = EPOLLIN, .data.ptr = &calls[index]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, calls[index].descriptor, &interest) < 0)
            fail("epoll_ctl");
    }
    int64_t started = now();
    for (int64_t step = 0; step < seconds * 1000ll && !stopAsked; step++) {
        int64_t due = started + step * 1000000;
        sleepUntil(due);
        int64_t time = now();
        uint64_t lateness = (uint64_t)(time - due) / 1000;
        if (lateness > progress->worstLateness) progress->worstLateness = lateness;
        for (unsigned index = step % SLOTS; index < callCount; index += SLOTS) {
            sendMedia(&calls[index]);
            returnMarks(&calls[index], time);
        }
        struct epoll_event events[64];
        int count = epoll_wait(poll, events, 64, 0);
        for (int index = 0; index < count; index++) receive(events[index].data.ptr);
    }
    close(poll);
}

int main(int argumentCount, char **arguments) {
    if (argumentCount != 5) {
        fprintf(stderr, "usage: load-generator PORT CALLS SECONDS PROGRESS\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct sigaction stop = {.sa_handler = askToStop};
    sigaction(SIGTERM, &stop, NULL);
    struct rlimit descriptors;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
    int port = atoi(arguments[1]);
    unsigned callCount = (unsigned)atoi(arguments[2]);
    mapProgress(arguments[4]);
    makePayloads();
    struct call *calls = calloc(callCount, sizeof *calls);
    if (!calls) fail("calloc");
    for (unsigned index = 0; index < callCount; index++) {
        calls[index].number = index;
        dial(&calls[index], port);
        start(&calls[index]);
    }
    talk(calls, callCount, atoi(arguments[3]));
    for (unsigned index = 0; index < callCount; index++) {
        if (calls[index].descriptor < 0) continue;
        char body[128];
        snprintf(
            body, sizeof body, "\"stop\":{\"accountSid\":\"AC%032x\",\"callSid\":\"CA%032x\"}", 1u,
            index);
        sendEvent(&calls[index], "stop", body);
        hangUp(&calls[index]);
    }
    return 0;
}
