/* taalas.h: the driver of simulated cards for programs in C and in languages that call C. The card runs in a process of its own
 * (taalas device start CHIP --name NAME); this library talks to it. docs/card.md explains both.
 *
 * Every function returns a status: TAALAS_OK, or why it failed; taalas_last_error() then has the reason in one line. Functions may be
 * called from any thread. A context takes one call at a time (a second one gets TAALAS_BUSY), except taalas_cancel. Handles of other
 * contexts and cards are independent. A handle that was freed, or never given out, gets TAALAS_BAD_HANDLE.
 *
 * A struct that begins with `size` must have it set to sizeof of the struct before the call. Later versions add fields at the end only:
 * the library fills no more than `size` bytes, and refuses a size that is smaller than that of version 1. Text is UTF-8. */
#ifndef TAALAS_H
#define TAALAS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this interface: the major number changes when old programs would break. */
#define TAALAS_VERSION_MAJOR 1
#define TAALAS_VERSION_MINOR 0
#define TAALAS_VERSION (TAALAS_VERSION_MAJOR << 16 | TAALAS_VERSION_MINOR)

/* 0x0000 to 0x0fff are the card's own status codes, 0x1000 and more are the library's. */
enum taalas_status {
    TAALAS_OK = 0x0000,
    TAALAS_BAD_OPCODE = 0x0001,               /* the model or the channel has no such command */
    TAALAS_BAD_FIELD = 0x0002,                /* an argument has a value that the command does not take */
    TAALAS_RESERVED_NOT_ZERO = 0x0003,
    TAALAS_ABORTED = 0x0004,
    TAALAS_TIMEOUT = 0x0005,                  /* no answer in time */
    TAALAS_CANCELLED = 0x0006,                /* taalas_cancel ended the call */
    TAALAS_DEVICE_RESET = 0x0007,             /* the card was reset: open it again */
    TAALAS_NO_PERMISSION = 0x0008,
    TAALAS_BUSY = 0x0009,                     /* in use, or no channel free */
    TAALAS_BAD_CONTEXT = 0x0101,
    TAALAS_CONTEXT_FULL = 0x0102,             /* no room for the tokens */
    TAALAS_BAD_DOORBELL = 0x0103,
    TAALAS_CID_IN_USE = 0x0104,
    TAALAS_QUEUE_INVALID = 0x0105,
    TAALAS_DMA_ADDRESS_FAULT = 0x0201,
    TAALAS_DMA_LENGTH = 0x0202,               /* too long for the memory that is shared with the card */
    TAALAS_POISONED_DATA = 0x0203,
    TAALAS_IOMMU_FAULT = 0x0204,
    TAALAS_SCATTER_LIST_MALFORMED = 0x0205,
    TAALAS_SRAM_OUT_OF_RANGE = 0x0206,
    TAALAS_IMAGE_REJECTED = 0x0301,           /* the runtime image is damaged */
    TAALAS_IMAGE_SIGNATURE = 0x0302,          /* it is not signed as the card asks */
    TAALAS_MODEL_MISMATCH = 0x0303,           /* it is for another model or other masks */
    TAALAS_CONTEXT_LENGTH_EXCEEDED = 0x0304,  /* more positions than the chip holds */
    TAALAS_KV_EXHAUSTED = 0x0305,             /* every user slot is taken */
    TAALAS_BAD_TOKEN_ID = 0x0306,             /* outside the vocabulary */
    TAALAS_NOT_A_NUMBER = 0x0307,
    TAALAS_ECC_CONTAINED = 0x0401,
    TAALAS_ECC_FATAL = 0x0402,
    TAALAS_THERMAL_STOP = 0x0403,
    TAALAS_POWER_BREAK = 0x0404,
    TAALAS_WATCHDOG = 0x0405,
    TAALAS_LINK = 0x0406,                     /* the process of the card has gone: start it, then open it again */
    TAALAS_BAD_HANDLE = 0x1001,               /* freed already, or of another kind */
    TAALAS_BAD_ARGUMENT = 0x1002,             /* a null pointer, or a size or number out of range */
    TAALAS_NO_DEVICE = 0x1003,                /* no card of that name runs */
    TAALAS_BUFFER_TOO_SMALL = 0x1004,         /* the length that is needed has been written */
    TAALAS_END = 0x1005,                      /* the stream has no more tokens */
    TAALAS_INTERNAL = 0x1fff                  /* a fault of this library */
};

/* State of a card (field `state`). */
enum taalas_state {
    TAALAS_STATE_OFF = 0,
    TAALAS_STATE_BOOT_ROM = 1,
    TAALAS_STATE_LOADER = 2,
    TAALAS_STATE_READY_NO_IMAGE = 3,
    TAALAS_STATE_ACTIVATING = 4,
    TAALAS_STATE_RUNNING = 5,
    TAALAS_STATE_DRAINING = 6,
    TAALAS_STATE_DEGRADED = 7,
    TAALAS_STATE_THERMAL_STOP = 8,
    TAALAS_STATE_FATAL = 9,
    TAALAS_STATE_RESETTING = 10,
    TAALAS_STATE_GONE = 11
};

typedef struct taalas_card taalas_card;       /* a program's hold on a card */
typedef struct taalas_context taalas_context; /* a user slot of the chip: keys, values and a sampler */
typedef struct taalas_stream taalas_stream;   /* a decode that is running in a context */

typedef struct taalas_properties {
    uint32_t size;             /* sizeof(taalas_properties) */
    uint32_t state;            /* enum taalas_state, when the card was opened */
    uint32_t generation;       /* resets since power-on, then */
    uint32_t process;          /* of the card */
    uint32_t user_slots;       /* users that the chip holds at once */
    uint32_t context_tokens;   /* longest context of a user */
    uint32_t vocabulary;       /* token ids are 0 to vocabulary - 1 */
    int32_t first_token;       /* that begins a text; -1 for none */
    double idle_watts;         /* power when nothing runs */
    char model[128];           /* these texts end with 0 and are cut to their room */
    char fabric[64];
    char backend[64];          /* kernels that compute the tokens */
} taalas_properties;

typedef struct taalas_telemetry {
    uint32_t size;             /* sizeof(taalas_telemetry) */
    uint32_t state;            /* enum taalas_state */
    double celsius;            /* junction */
    double watts;              /* of the card now */
    double average_watts;      /* as its sensor averages them */
    double joules;             /* of all passes, above idle */
    uint64_t time_ns;          /* simulated, since power-on */
    uint64_t tokens;           /* evaluated, those of prompts included */
    uint64_t passes;
    uint64_t busy_ns;          /* sum over passes */
    uint32_t millivolts;       /* 0 = not reported */
    uint32_t kilohertz;        /* lowered while the card is too hot; 0 = not reported */
    uint32_t corrected_errors;
    uint32_t contained_errors;
    uint32_t fatal_errors;
    uint32_t reserved;
} taalas_telemetry;

/* How the card chooses a token, as in llama.cpp. All zero but top_p = repeat_penalty = 1: always the most likely one. */
typedef struct taalas_sampler {
    float temperature;         /* 0: most likely token */
    uint32_t top_k;            /* 0: all */
    float top_p;               /* 1: all */
    float min_p;               /* 0: all */
    float repeat_penalty;      /* 1: none */
    float frequency_penalty;
    float presence_penalty;
    uint32_t last_n;           /* tokens that the penalties look at */
    uint64_t seed;             /* its low 32 bits count */
} taalas_sampler;

typedef struct taalas_context_settings {
    uint32_t size;             /* sizeof(taalas_context_settings) */
    uint32_t positions;        /* most tokens that the context will hold; 0: as many as the chip gives a user */
    taalas_sampler sampler;
    const int32_t *stops;      /* ids that end a decode; may be null */
    uint32_t stop_count;       /* at most 256 */
    uint32_t ends_texts;       /* 1: also the ids that end a text of the model */
} taalas_context_settings;

typedef struct taalas_token {
    int32_t id;
    uint32_t position;         /* its place in the context */
    uint64_t time_ns;          /* simulated time of its arrival */
    uint32_t is_last;          /* 1 when the decode ends with it */
    uint32_t reserved;
} taalas_token;

/* The library: TAALAS_VERSION that it was built with; its version in words; a status in words (never null); why the last call of this
 * thread failed ("" after none did). The texts belong to the library; the last stays until the next call of this thread. */
uint32_t taalas_version(void);
const char *taalas_version_text(void);
const char *taalas_status_text(int32_t status);
const char *taalas_last_error(void);

/* A card: opens the one of that name; ends the hold (contexts are zeroed and freed with it); opens it again after TAALAS_DEVICE_RESET or
 * TAALAS_LINK (contexts are gone, the handle stays). */
int32_t taalas_open(const char *name, taalas_card **card);
int32_t taalas_close(taalas_card *card);
int32_t taalas_reopen(taalas_card *card);
int32_t taalas_get_properties(taalas_card *card, taalas_properties *properties);
int32_t taalas_get_telemetry(taalas_card *card, taalas_telemetry *telemetry);

/* Gives the card a runtime image (taalas export CHIP --runtime-image FILE). It gives up the former one, so no other program may hold it
 * (TAALAS_BUSY), and the contexts of this one end with TAALAS_DEVICE_RESET. The handle stays. An image that is rejected (0x0301 to
 * 0x0303) leaves the former one. */
int32_t taalas_load_image(taalas_card *card, const void *image, uint64_t bytes);

/* Text to token ids as `run` makes them, and back. `count` and `bytes` get what is needed, also when there is no room for it. */
int32_t taalas_tokenize(taalas_card *card, const char *text, int32_t *ids, uint32_t capacity, uint32_t *count);
int32_t taalas_token_bytes(taalas_card *card, int32_t id, char *buffer, uint32_t capacity, uint32_t *bytes);

/* A context on a channel of its own. */
int32_t taalas_create_context(taalas_card *card, const taalas_context_settings *settings, taalas_context **context);
int32_t taalas_free_context(taalas_context *context);
int32_t taalas_set_sampler(taalas_context *context, const taalas_sampler *sampler);

/* Appends tokens behind `position`, the present length; `length` (may be null) gets the new one. The id that a decode ended with is not
 * in the context: put it first when it should be. A timeout of 0 takes the library's, two minutes of the host. */
int32_t taalas_prefill(
    taalas_context *context, const int32_t *ids, uint32_t count, uint32_t position, uint32_t timeout_ms, uint32_t *length);
int32_t taalas_trim(taalas_context *context, uint32_t position);
int32_t taalas_read_logits(taalas_context *context, float *logits, uint32_t capacity);

/* Decodes up to `tokens` tokens. taalas_next waits for each, at most `timeout_ms` of the host, and gives TAALAS_END after the last.
 * taalas_end_stream frees the stream, at any moment; the card stops at the next token. */
int32_t taalas_decode(taalas_context *context, uint32_t tokens, uint32_t timeout_ms, taalas_stream **stream);
int32_t taalas_next(taalas_stream *stream, taalas_token *token);
int32_t taalas_end_stream(taalas_stream *stream);

/* From any thread: the call that runs in the context, or else its stream's next one, ends with TAALAS_CANCELLED. */
int32_t taalas_cancel(taalas_context *context);

#ifdef __cplusplus
}
#endif

#endif
