// The arithmetic of the vector clusters, bit for bit the hardware numerics of the simulator: binary32 with sums in binary64 where
// the simulator has them, the C library's expf and tanhf, round to nearest even. Compile with -ffp-contract=off. Tables of the
// model are in chip_model.h, vectors in vectors.hex.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
// Kinds of steps and gates, and the rows of the tables; chip_model.h has the tables.
enum Kind { EMBED, NORM, QUANTISE, SLICE, ROPE, STORE, SOFTMAX, VALUES, GATE, ADD, FORWARD };
enum Gate { SILU, GELU, CLAMPED };
// What a and b are depends on the kind: mostly operators that are read, or places in the vector ROM.
struct Step { int kind, op, a, b, count, group, region; };
// Sums of an output segment: operator, first output, outputs, column scales, bias, operator that was quantised, soft-capped operator,
// whether they go to the sampler.
struct Stream { int op, first, count, scales, bias, input, capped, logits; };
struct Rope { float base, scale, magnitude; int factors; };
#include "chip_model.h"

namespace {

// What has not come in must not be taken for what was there before: a missing word is not a number.
const uint32_t NO_DATA = 0x7e007e00, NO_SCALE = 0x7fc00000;

// Words of the KV memory that have come in for the operation under way.
struct Kv {
    std::vector<uint32_t> data;
    std::vector<uint32_t> scales;
};

// The registers of one vector cluster. Nothing but the links carries a value from one cluster to another.
struct Cluster {
    std::vector<std::vector<float>> value;
    std::vector<int> received;
    std::vector<float> activation_scale;
    std::vector<int> codes;
    std::vector<uint32_t> stored[2];
    std::vector<float> stored_scales[2];
    Kv kv;
    std::vector<float> probabilities;
    int now;

    Cluster();
    void run(const Step& s);
    void begin(int op);
    void report(int op) const;
    void norm(const Step& s);
    void quantise(const Step& s);
    void rope(const Step& s);
    void store(const Step& s);
    float element(int values, int position, int i) const;
    void softmax(const Step& s);
    void mix(const Step& s);
    void gate(const Step& s);
};

// The vector ROM.
std::vector<float> rom;

float as_float(uint32_t bits) { float x; std::memcpy(&x, &bits, 4); return x; }
uint32_t as_bits(float x) { uint32_t bits; std::memcpy(&bits, &x, 4); return bits; }

// binary16 of a float and back, nearest even.
uint16_t to_half(float x) {
    uint32_t bits = as_bits(x), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | 0x7e00;
    if (magnitude >= 0x477ff000) return sign | 0x7c00;
    if (magnitude < 0x38800000) return sign | (as_bits(as_float(magnitude) + 0.5f) - as_bits(0.5f));
    return sign | ((magnitude + 0xfff + (magnitude >> 13 & 1) - 0x38000000) >> 13);
}
float from_half(uint16_t h) {
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, magnitude = h & 0x7fff;
    if (magnitude >= 0x7c00) return as_float(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
    if (magnitude < 0x400) { float x = (float)magnitude * 0x1p-24f; return sign ? -x : x; }
    return as_float(sign | ((magnitude << 13) + 0x38000000));
}

void read_rom() {
    FILE* file = std::fopen("vectors.hex", "r");
    if (!file) { std::fprintf(stderr, "vectors.hex: cannot be read\n"); std::exit(2); }
    for (unsigned bits; std::fscanf(file, "%x", &bits) == 1;) rom.push_back(as_float(bits));
    std::fclose(file);
}

Cluster::Cluster() : value(OPERATORS), received(OPERATORS, 0), activation_scale(OPERATORS, NAN), codes(BUFFER, 0), now(0) {
    for (int i = 0; i < OPERATORS; i++) value[i].assign(WIDTHS[i], NAN);
    for (int v = 0; v < 2; v++) {
        stored[v].assign(KV_ROW_WORDS[v], 0);
        stored_scales[v].assign(KV_ROW_WORDS[v] / KV_SCALE_WORDS, NAN);
    }
}

Cluster& cluster(int region) {
    static std::vector<Cluster> all;
    if (all.empty()) {
        read_rom();
        all.resize(REGIONS);
    }
    return all[region];
}

// The first part of a result comes in: what was there is gone.
void Cluster::begin(int op) { std::fill(value[op].begin(), value[op].end(), NAN); }

// FNV-1a over the bits of a result, for the comparison with the simulator.
void Cluster::report(int op) const {
    uint64_t hash = 0xcbf29ce484222325ull;
    for (float x : value[op]) {
        uint32_t bits = as_bits(x);
        for (int i = 0; i < 4; i++) hash = (hash ^ (bits >> (8 * i) & 0xff)) * 0x100000001b3ull;
    }
    std::printf("value %d %d %016llx\n", op, now, (unsigned long long)hash);
}

void Cluster::norm(const Step& s) {
    const float* x = value[s.a].data();
    float* y = value[s.op].data();
    for (int row = 0; row < s.count / s.group; row++, x += s.group, y += s.group) {
        double sum = 0.0;
        for (int i = 0; i < s.group; i++) { float square = x[i] * x[i]; sum += square; }
        float mean = (float)(sum / s.group);
        float scale = 1 / std::sqrt(mean + EPSILON);
        for (int i = 0; i < s.group; i++) y[i] = x[i] * scale * rom[s.b + i];
    }
}

float largest_of(const float* x, int count) {
    float largest = 0;
    for (int i = 0; i < count; i++) largest = std::fmax(largest, std::fabs(x[i]));
    return largest;
}

void Cluster::quantise(const Step& s) {
    const float* x = value[s.a].data();
    float scale = largest_of(x, s.count) / ACTIVATION_LIMIT;
    activation_scale[s.a] = scale;
    for (int i = 0; i < s.count; i++) {
        int code = scale == 0 ? 0 : (int)std::nearbyint(x[i] / scale);
        codes[i] = code < -ACTIVATION_LIMIT ? -ACTIVATION_LIMIT : code > ACTIVATION_LIMIT ? ACTIVATION_LIMIT : code;
    }
}

void Cluster::rope(const Step& s) {
    const Rope& rope = ROPES[s.b];
    const float* x = value[s.a].data();
    float* y = value[s.op].data();
    std::memcpy(y, x, sizeof(float) * s.count);
    float step = std::pow(rope.base, -2.0f / ROTARY);
    for (int head = 0; head < s.count / s.group; head++) {
        float* h = y + head * s.group;
        float theta = (float)now;
        int stride = NEOX ? 1 : 2, apart = NEOX ? ROTARY / 2 : 1;
        for (int j = 0; j < ROTARY / 2; j++) {
            float divided = rope.factors < 0 ? theta : theta / rom[rope.factors + j];
            float angle = rope.scale * divided;
            float cosine = std::cos(angle) * rope.magnitude, sine = std::sin(angle) * rope.magnitude;
            float a = h[j * stride], b = h[j * stride + apart];
            h[j * stride] = a * cosine - b * sine;
            h[j * stride + apart] = a * sine + b * cosine;
            theta *= step;
        }
    }
}

// Keys and values as they go to the KV memory.
void Cluster::store(const Step& s) {
    for (int v = 0; v < 2; v++) {
        const std::vector<float>& x = value[v ? s.b : s.a];
        std::vector<uint32_t>& words = stored[v];
        std::fill(words.begin(), words.end(), 0u);
        const int size = v ? VALUE_SIZE : HEAD_SIZE, part_bits = 32 * KV_SCALE_WORDS;
        for (int first = 0; first < (int)x.size(); first += size) {
            float scale = largest_of(x.data() + first, size) / KV_LIMIT;
            for (int i = first; i < first + size; i++) {
                uint32_t bits;
                if (KV_BITS == 16) bits = to_half(x[i]);
                else {
                    float code = scale == 0 ? 0 : std::nearbyint(x[i] / scale);
                    code = code < -KV_LIMIT ? -KV_LIMIT : code > KV_LIMIT ? KV_LIMIT : code;
                    bits = (uint32_t)(int)code & ((1u << KV_BITS) - 1);
                }
                words[i * KV_BITS / 32] |= bits << i * KV_BITS % 32;
            }
            // No part of a word that has a scale holds elements of two heads.
            for (int p = first * KV_BITS / part_bits; p * part_bits < (first + size) * KV_BITS; p++) stored_scales[v][p] = scale;
        }
    }
}

float Cluster::element(int values, int position, int i) const {
    int first = position * KV_ROW_WORDS[values];
    size_t at = first + i * KV_BITS / 32;
    uint32_t bits = (at < kv.data.size() ? kv.data[at] : NO_DATA) >> i * KV_BITS % 32;
    if (KV_BITS == 16) return from_half((uint16_t)bits);
    int code = (int)(bits << (32 - KV_BITS)) >> (32 - KV_BITS);
    return as_float(at < kv.scales.size() ? kv.scales[at] : NO_SCALE) * (float)code;
}

void Cluster::softmax(const Step& s) {
    int positions = now + 1;
    probabilities.assign((size_t)HEADS * positions, 0.0f);
    for (int head = 0; head < HEADS; head++) {
        float* p = probabilities.data() + (size_t)head * positions;
        const float* query = value[s.a].data() + head * HEAD_SIZE;
        int first = head / (HEADS / KV_HEADS) * HEAD_SIZE;
        float largest = s.b < 0 ? -INFINITY : rom[s.b + head];
        for (int j = 0; j < positions; j++) {
            double sum = 0.0;
            for (int i = 0; i < HEAD_SIZE; i++) {
                float q = SCALE_QUERY ? query[i] * ATTENTION_SCALE : query[i];
                float product = q * element(0, j, first + i);
                sum += product;
            }
            p[j] = (float)sum;
            if (ATTENTION_CAP != 0) p[j] = std::tanh(p[j] * (1 / ATTENTION_CAP)) * ATTENTION_CAP;
            if (!SCALE_QUERY) p[j] *= ATTENTION_SCALE;
            largest = std::fmax(largest, p[j]);
        }
        double sum = 0.0;
        for (int j = 0; j < positions; j++) { p[j] = std::exp(p[j] - largest); sum += p[j]; }
        if (s.b >= 0) sum += std::exp(rom[s.b + head] - largest);
        float inverse = (float)(1 / sum);
        for (int j = 0; j < positions; j++) p[j] *= inverse;
    }
}

void Cluster::mix(const Step& s) {
    int positions = now + 1;
    for (int head = 0; head < HEADS; head++) {
        const float* p = probabilities.data() + (size_t)head * positions;
        int first = head / (HEADS / KV_HEADS) * VALUE_SIZE;
        for (int i = 0; i < VALUE_SIZE; i++) {
            double sum = 0.0;
            for (int j = 0; j < positions; j++) { float product = p[j] * element(1, j, first + i); sum += product; }
            value[s.op][head * VALUE_SIZE + i] = (float)sum;
        }
    }
}

float gelu(float x) {
    if (x <= -10) return 0;
    if (x >= 10) return x;
    float h = from_half(to_half(x));
    return from_half(to_half(0.5f * h * (1 + std::tanh(0.79788456080286535587989211986876f * h * (1 + 0.044715f * h * h)))));
}

void Cluster::gate(const Step& s) {
    const float *g = value[s.a].data(), *u = value[s.b].data();
    float* y = value[s.op].data();
    for (int i = 0; i < s.count; i++) {
        if (s.group == SILU) y[i] = g[i] / (1 + std::exp(-g[i])) * u[i];
        else if (s.group == GELU) y[i] = gelu(g[i]) * u[i];
        else {
            float a = std::fmin(g[i], 7.0f), b = std::fmin(std::fmax(u[i], -7.0f), 7.0f);
            y[i] = a / (1 + std::exp(1.702f * -a)) * (b + 1);
        }
    }
}

float capped(float x, float cap) { return cap == 0 ? x : std::tanh(x * (1 / cap)) * cap; }

void Cluster::run(const Step& s) {
    switch (s.kind) {
        case EMBED: if (EMBEDDING_SCALE != 1) for (float& x : value[s.op]) x *= EMBEDDING_SCALE; break;
        case NORM: norm(s); break;
        case QUANTISE: quantise(s); break;
        case SLICE: std::memcpy(value[s.op].data(), value[s.a].data() + s.b, sizeof(float) * s.count); break;
        case ROPE: rope(s); break;
        case STORE: store(s); break;
        case SOFTMAX: softmax(s); break;
        case VALUES: mix(s); break;
        case GATE: gate(s); break;
        case ADD: for (int j = 0; j < s.count; j++) value[s.op][j] = value[s.a][j] + value[s.b][j]; break;
    }
    // Keys or values that were read are used up.
    if (s.kind == SOFTMAX || s.kind == VALUES) kv = Kv();
    if (s.op >= 0) report(s.op);
}

}  // namespace

extern "C" {

// A vector operation of the sequencer: steps of the model.
void taalas_run(int region, int first_step, int steps, int position) {
    Cluster& here = cluster(region);
    here.now = position;
    for (int i = first_step; i < first_step + steps; i++) here.run(STEPS[i]);
}

int taalas_activation(int region, int index) { return cluster(region).codes[index]; }

// A column sum reaches the lanes: it becomes a float, scaled by the column's and the activations' scale. The result is for the
// sampler.
int taalas_sum(int region, int stream, int index, int high, int low) {
    Cluster& here = cluster(region);
    const Stream& s = STREAMS[STREAM_OF_REGION[region] + stream];
    if (index >= s.count) return 0;
    if (here.received[s.op]++ == 0) here.begin(s.op);
    float sum = (float)(int64_t)((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
    int output = s.first + index;
    float& y = here.value[s.op][output];
    y = sum * (rom[s.scales + output] * here.activation_scale[s.input]);
    if (s.bias >= 0) y += rom[s.bias + output];
    if (here.received[s.op] == WIDTHS[s.op]) {
        here.received[s.op] = 0;
        here.report(s.op);
        if (s.capped >= 0) {
            for (int i = 0; i < WIDTHS[s.op]; i++) here.value[s.capped][i] = capped(here.value[s.op][i], FINAL_CAP);
            here.report(s.capped);
        }
    }
    return (int)as_bits(s.capped >= 0 ? capped(y, FINAL_CAP) : y);
}

int taalas_sum_index(int region, int stream, int index) {
    const Stream& s = STREAMS[STREAM_OF_REGION[region] + stream];
    return s.logits && index < s.count ? s.first + index : -1;
}

void taalas_embedding(int region, int token, int row, int code, int scale) {
    Cluster& here = cluster(region);
    if (row >= WIDTHS[0]) return;
    if (here.received[0]++ == 0) here.begin(0);
    if (here.received[0] == WIDTHS[0]) here.received[0] = 0;
    here.value[0][row] = rom[EMBEDDING_SCALES + token] * (float)scale * (float)code;
}

int taalas_kv_stored(int region, int values, int index) {
    return (int)cluster(region).stored[values][index];
}

int taalas_kv_scale(int region, int values, int index) { return (int)as_bits(cluster(region).stored_scales[values][index]); }

void taalas_kv_read(int region, int index, int data, int scale) {
    Kv& memory = cluster(region).kv;
    if ((int)memory.data.size() <= index) {
        memory.data.resize(index + 4096, NO_DATA);
        memory.scales.resize(index + 4096, NO_SCALE);
    }
    memory.data[index] = (uint32_t)data;
    memory.scales[index] = (uint32_t)scale;
}

// The residual stream leaves for the next cluster, and arrives there. The step names the operator whose result it is.
int taalas_forward_out(int region, int step, int index) {
    const std::vector<float>& x = cluster(region).value[STEPS[step].op];
    return index < (int)x.size() ? (int)as_bits(x[index]) : 0;
}

void taalas_forward_in(int region, int step, int index, int data) {
    std::vector<float>& x = cluster(region).value[STEPS[step].op];
    if (index == 0) std::fill(x.begin(), x.end(), NAN);
    if (index < (int)x.size()) x[index] = as_float((uint32_t)data);
}

}
