/* Continues a text on a card in another process: cc -Isrc/Native samples/C/story.c -Lout/native -ltaalas -o story
 * Usage: story CARD TEXT TOKENS */
#include "taalas.h"
#include <stdio.h>
#include <stdlib.h>

static void check(int32_t status) {
    if (status == TAALAS_OK)
        return;
    fprintf(stderr, "story: 0x%04x %s\n", (unsigned)status, taalas_last_error());
    exit(1);
}

int main(int argc, char **argv) {
    taalas_card *card;
    taalas_context *context;
    taalas_stream *stream;
    taalas_token token;
    char piece[256];
    taalas_telemetry telemetry = {.size = sizeof telemetry};
    taalas_context_settings settings = {
        .size = sizeof settings, .sampler = {.top_p = 1, .repeat_penalty = 1}, .ends_texts = 1};
    int32_t ids[512];
    uint32_t count, bytes;
    if (argc != 4) return fprintf(stderr, "usage: story CARD TEXT TOKENS\n"), 2;
    check(taalas_open(argv[1], &card));
    check(taalas_tokenize(card, argv[2], ids, 512, &count));
    check(taalas_create_context(card, &settings, &context));
    check(taalas_prefill(context, ids, count, 0, 0, NULL));
    check(taalas_decode(context, (uint32_t)atoi(argv[3]), 0, &stream));
    for (int32_t status; (status = taalas_next(stream, &token)) != TAALAS_END;) {
        check(status);
        check(taalas_token_bytes(card, token.id, piece, sizeof piece, &bytes));
        fwrite(piece, 1, bytes, stdout);
    }
    check(taalas_get_telemetry(card, &telemetry));
    fprintf(stderr, "\n%.2f W, %.1f uJ above idle since power-on\n", telemetry.watts, telemetry.joules * 1e6);
    return taalas_close(card);
}
