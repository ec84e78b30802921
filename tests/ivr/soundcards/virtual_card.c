/* A sound card without hardware, for ALSA: its clock may run fast or slow, or many times as fast as ours, and stands
 * still while the program on it is late, so that nothing depends on how busy the machine is; it takes the rates it is
 * told to take, lets one program in at a time, and can be pulled out.
 *
 *   pcm.NAME { type ivr_virtual infile F outfile F rate_least N rate_most N ppm N speed N vanish_ms N lock F once N }
 *
 * What it hears is `infile` (int16, one channel), then silence; what it is given to play goes into `outfile`. After
 * `vanish_ms` of its own time it is gone. With `once` it lets itself be opened so often, and is busy from then on.
 */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    snd_pcm_ioplug_t io;
    int timer, file, lock;
    long rate_least, rate_most, ppm, speed, vanish_ms, once;
    int64_t began_ns, lived_ns;
    int running;
} card_t;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Samples that the card's own clock has counted since it was started. */
static int64_t counted(const card_t *card) {
    double seconds = (double)(now_ns() - card->began_ns) * 1e-9 * (double)card->speed;
    return (int64_t)(seconds * card->io.rate * (1 + (double)card->ppm * 1e-6));
}

static int gone(const card_t *card) {
    int64_t lived = card->lived_ns + (card->running ? now_ns() - card->began_ns : 0);
    return card->vanish_ms >= 0 && lived * card->speed >= card->vanish_ms * 1000000;
}

static int start(snd_pcm_ioplug_t *io) {
    card_t *card = io->private_data;
    int64_t period = (int64_t)io->period_size * 1000000000 / io->rate / card->speed / 2;
    struct itimerspec each = {{period / 1000000000, period % 1000000000}, {period / 1000000000, period % 1000000000}};
    if (gone(card))
        return -ENODEV;
    card->began_ns = now_ns();
    card->running = 1;
    return timerfd_settime(card->timer, 0, &each, NULL) < 0 ? -errno : 0;
}

static int stop(snd_pcm_ioplug_t *io) {
    card_t *card = io->private_data;
    struct itimerspec never = {{0, 0}, {0, 0}};
    if (card->running)
        card->lived_ns += now_ns() - card->began_ns;
    card->running = 0;
    timerfd_settime(card->timer, 0, &never, NULL);
    return 0;
}

static int prepare(snd_pcm_ioplug_t *io) {
    card_t *card = io->private_data;
    card->running = 0;
    return gone(card) ? -ENODEV : 0;
}

static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io) {
    card_t *card = io->private_data;
    int64_t count = card->running ? counted(card) : 0;
    int64_t most = (int64_t)io->appl_ptr - 1 + (io->stream == SND_PCM_STREAM_CAPTURE ? (int64_t)io->buffer_size : 0);
    if (gone(card))
        return -ENODEV;
    if (count > most && most >= 0) { /* it waits, all but one sample through what it has or has room for */
        card->began_ns += (int64_t)((double)(count - most) * 1e9 / (double)card->speed / io->rate);
        count = most;
    }
    return (snd_pcm_sframes_t)(count % (int64_t)io->buffer_size);
}

static snd_pcm_sframes_t transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                  snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
    card_t *card = io->private_data;
    char *at = (char *)areas[0].addr + (areas[0].first + areas[0].step * offset) / 8;
    size_t sample = io->channels * 2, length = size * sample, done = 0;
    if (gone(card))
        return -ENODEV;
    if (io->stream == SND_PCM_STREAM_PLAYBACK) {
        if (card->file >= 0 && write(card->file, at, length) != (ssize_t)length)
            return -EIO;
        return (snd_pcm_sframes_t)size;
    }
    memset(at, 0, length);
    while (card->file >= 0 && io->channels == 1 && done < length) {
        ssize_t more = read(card->file, at + done, length - done);
        if (more <= 0)
            break;
        done += (size_t)more;
    }
    return (snd_pcm_sframes_t)size;
}

static int revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned int count, unsigned short *events) {
    card_t *card = io->private_data;
    uint64_t ticks;
    snd_pcm_sframes_t there;
    (void)count;
    if ((fds[0].revents & POLLIN) && read(card->timer, &ticks, sizeof ticks) < 0)
        ticks = 0;
    if (gone(card)) {
        *events = POLLERR;
        return 0;
    }
    there = snd_pcm_avail_update(io->pcm);
    *events = 0;
    if (there < 0)
        *events = POLLERR;
    else if ((snd_pcm_uframes_t)there >= io->period_size)
        *events = io->stream == SND_PCM_STREAM_PLAYBACK ? POLLOUT : POLLIN;
    return 0;
}

static int let_go(snd_pcm_ioplug_t *io) {
    card_t *card = io->private_data;
    if (card->file >= 0)
        close(card->file);
    if (card->lock >= 0)
        close(card->lock);
    close(card->timer);
    free(card);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = start, .stop = stop, .pointer = pointer, .transfer = transfer, .close = let_go, .prepare = prepare,
    .poll_revents = revents,
};

static int limits(card_t *card) {
    static const unsigned int access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
    static const unsigned int format[] = {SND_PCM_FORMAT_S16_LE};
    snd_pcm_ioplug_t *io = &card->io;
    int bad = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    bad |= snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, 1, 1);
    bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, card->rate_least, card->rate_most);
    bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 1 << 16);
    bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 16);
    bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 128, 1 << 18);
    return bad < 0 ? -EINVAL : 0;
}

SND_PCM_PLUGIN_DEFINE_FUNC(ivr_virtual) {
    const char *infile = NULL, *outfile = NULL, *lock = NULL, *path;
    snd_config_iterator_t at, next;
    static long opened;
    card_t *card = calloc(1, sizeof *card);
    int failed;
    (void)root;
    if (!card)
        return -ENOMEM;
    card->rate_least = 4000, card->rate_most = 192000, card->speed = 1, card->vanish_ms = -1;
    card->file = card->lock = card->timer = -1;
    snd_config_for_each(at, next, conf) {
        snd_config_t *entry = snd_config_iterator_entry(at);
        const char *id;
        if (snd_config_get_id(entry, &id) < 0)
            continue;
        if (!strcmp(id, "infile")) snd_config_get_string(entry, &infile);
        else if (!strcmp(id, "outfile")) snd_config_get_string(entry, &outfile);
        else if (!strcmp(id, "lock")) snd_config_get_string(entry, &lock);
        else if (!strcmp(id, "rate_least")) snd_config_get_integer(entry, &card->rate_least);
        else if (!strcmp(id, "rate_most")) snd_config_get_integer(entry, &card->rate_most);
        else if (!strcmp(id, "ppm")) snd_config_get_integer(entry, &card->ppm);
        else if (!strcmp(id, "speed")) snd_config_get_integer(entry, &card->speed);
        else if (!strcmp(id, "once")) snd_config_get_integer(entry, &card->once);
        else if (!strcmp(id, "vanish_ms")) snd_config_get_integer(entry, &card->vanish_ms);
    }
    path = stream == SND_PCM_STREAM_CAPTURE ? infile : outfile;
    failed = path ? 0 : -ENOENT; /* a card without an input is none, and likewise the output */
    if (!failed && card->once && opened++ >= card->once)
        failed = -EBUSY;
    if (!failed && lock) {
        card->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        failed = card->lock < 0 || flock(card->lock, LOCK_EX | LOCK_NB) < 0 ? -EBUSY : 0;
    }
    if (!failed) {
        int flags = stream == SND_PCM_STREAM_CAPTURE ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND;
        card->file = open(path, flags | O_CLOEXEC, 0600);
        card->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        failed = card->file < 0 || card->timer < 0 ? -errno : 0;
    }
    card->io.version = SND_PCM_IOPLUG_VERSION;
    card->io.name = "a sound card without hardware";
    card->io.callback = &callbacks;
    card->io.private_data = card;
    card->io.poll_fd = card->timer;
    card->io.poll_events = POLLIN;
    card->io.mmap_rw = 0;
    if (!failed)
        failed = snd_pcm_ioplug_create(&card->io, name, stream, mode);
    if (!failed && limits(card) < 0) {
        snd_pcm_ioplug_delete(&card->io);
        return -EINVAL;
    }
    if (failed) {
        if (card->lock >= 0) close(card->lock);
        if (card->file >= 0) close(card->file);
        if (card->timer >= 0) close(card->timer);
        free(card);
        return failed;
    }
    *pcmp = card->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(ivr_virtual);
