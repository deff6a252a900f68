/*
 * Gets and sets per second of the C client, with so many requests outstanding: CONNECT SECONDS OUTSTANDING -> one line of JSON.
 * Needs libzookeeper-mt-dev: cc -O2 -DTHREADED zookeeper_c.c -o zookeeper_c -lzookeeper_mt -lpthread
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zookeeper/zookeeper.h>

#define VALUE_BYTES 100
#define MAX_SAMPLES 20000000

static const char *path = "/daybook-benchmark-c";
static char value[VALUE_BYTES];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int connected, under_way, failure;
static float *latencies;
static long completed;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what, int code)
{
    fprintf(stderr, "%s: %s\n", what, zerror(code));
    exit(1);
}

static void watch(zhandle_t *handle, int type, int state, const char *of, void *context)
{
    (void)handle, (void)of, (void)context;
    pthread_mutex_lock(&gate);
    connected = type == ZOO_SESSION_EVENT && state == ZOO_CONNECTED_STATE;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&gate);
}

static void done(int code, const void *context)
{
    double *started = (double *)context;
    double latency = now() - *started;
    free(started);
    pthread_mutex_lock(&gate);
    if (code != ZOK)
        failure = code;
    if (completed < MAX_SAMPLES)
        latencies[completed] = (float)latency;
    completed++;
    under_way--;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&gate);
}

static void got(int code, const char *data, int length, const struct Stat *stat, const void *context)
{
    (void)data, (void)length, (void)stat;
    done(code, context);
}

static void was_set(int code, const struct Stat *stat, const void *context)
{
    (void)stat;
    done(code, context);
}

static int request(zhandle_t *handle, int is_get)
{
    double *started = malloc(sizeof *started);
    *started = now();
    return is_get ? zoo_aget(handle, path, 0, got, started) : zoo_aset(handle, path, value, VALUE_BYTES, -1, was_set, started);
}

static int compare(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static void await_at_most(int count)
{
    pthread_mutex_lock(&gate);
    while (under_way > count)
        pthread_cond_wait(&changed, &gate);
    pthread_mutex_unlock(&gate);
}

static void measure(zhandle_t *handle, int is_get, double seconds, int outstanding, char *json, size_t size)
{
    double begin = now(), elapsed;
    int code;
    completed = 0;
    while (now() - begin < seconds) {
        await_at_most(outstanding - 1);
        pthread_mutex_lock(&gate);
        under_way++;
        pthread_mutex_unlock(&gate);
        if ((code = request(handle, is_get)) != ZOK)
            fail("request", code);
    }
    await_at_most(0);
    elapsed = now() - begin;
    if (failure != ZOK)
        fail("reply", failure);
    long samples = completed < MAX_SAMPLES ? completed : MAX_SAMPLES;
    qsort(latencies, samples, sizeof *latencies, compare);
    snprintf(json, size, "{\"per_second\": %.1f, \"p50_ms\": %.4f, \"p99_ms\": %.4f}", completed / elapsed,
             1000 * latencies[samples / 2], 1000 * latencies[samples * 99 / 100]);
}

int main(int count, char **args)
{
    if (count != 4) {
        fprintf(stderr, "usage: zookeeper_c CONNECT SECONDS OUTSTANDING\n");
        return 2;
    }
    double seconds = atof(args[2]);
    int outstanding = atoi(args[3]), code;
    char get[200], set[200];
    latencies = malloc(MAX_SAMPLES * sizeof *latencies);
    memset(value, 'x', sizeof value);
    zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
    zhandle_t *handle = zookeeper_init(args[1], watch, 30000, NULL, NULL, 0);
    if (handle == NULL)
        return perror("zookeeper_init"), 1;
    pthread_mutex_lock(&gate);
    while (!connected)
        pthread_cond_wait(&changed, &gate);
    pthread_mutex_unlock(&gate);
    code = zoo_create(handle, path, value, VALUE_BYTES, &ZOO_OPEN_ACL_UNSAFE, 0, NULL, 0);
    if (code != ZOK && code != ZNODEEXISTS)
        fail("create", code);
    measure(handle, 1, seconds / 5, outstanding, get, sizeof get);
    measure(handle, 1, seconds, outstanding, get, sizeof get);
    measure(handle, 0, seconds, outstanding, set, sizeof set);
    zoo_delete(handle, path, -1);
    zookeeper_close(handle);
    printf("{\"peer\": \"c\", \"outstanding\": %d, \"get\": %s, \"set\": %s}\n", outstanding, get, set);
    return 0;
}
