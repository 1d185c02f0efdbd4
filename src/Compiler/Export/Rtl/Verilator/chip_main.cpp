// Clock, reset and host of the chip for Verilator: chip PROMPT_IDS ANSWER_TOKENS MOST_CYCLES. A cycle is one unit of time.
#include <cstdio>
#include <cstdlib>
#include <vector>
#include "Vchip.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
// Waveform of some cycles: chip PROMPT_IDS ANSWER_TOKENS MOST_CYCLES FILE FROM TO. Cycle c lasts from c to c + 1 ns; its clock
// rises with it and falls in its middle.
class Wave {
public:
    Wave(Vchip& chip, const char* file, unsigned long from, unsigned long to) : file_(file), from_(from), to_(to) {
        // No level below the chip's own: the blocks of hierarchical Verilation have no model before the first evaluation, and one
        // of a kind would represent all.
        chip.trace(&vcd_, 0);
        vcd_.set_time_unit("100ps");
        vcd_.set_time_resolution("100ps");
    }
    ~Wave() { if (vcd_.isOpen()) vcd_.close(); }
    void begin(unsigned long cycle) {
        if (cycle != from_) return;
        vcd_.open(file_);
        if (!vcd_.isOpen()) { std::fprintf(stderr, "Error: %s cannot be written\n", file_); std::exit(2); }
        vcd_.dump((uint64_t)(10 * cycle));
    }
    void fall(unsigned long cycle) { if (cycle >= from_ && cycle < to_) vcd_.dump((uint64_t)(10 * cycle + 5)); }
    void end(unsigned long cycle) {
        if (cycle >= from_ && cycle < to_) vcd_.dump((uint64_t)(10 * (cycle + 1)));
        if (cycle + 1 == to_) vcd_.close();
    }
private:
    VerilatedVcdC vcd_;
    const char* file_;
    unsigned long from_, to_;
};
#endif
int main(int argc, char** argv) {
    if (argc < 4) { std::fprintf(stderr, "chip 1,2,3 16 1000000: prompt ids, answer tokens, most cycles\n"); return 2; }
    VerilatedContext context;
    std::vector<int> prompt;
    for (char* at = argv[1]; *at;) { prompt.push_back((int)std::strtol(at, &at, 10)); if (*at == ',') ++at; }
    const unsigned long most = std::strtoul(argv[3], nullptr, 10);
#if VM_TRACE
    context.traceEverOn(true);
#endif
    Vchip chip(&context);
#if VM_TRACE
    const bool traced = argc >= 7;
    Wave wave(chip, traced ? argv[4] : "", traced ? std::strtoul(argv[5], nullptr, 10) : most,
              traced ? std::strtoul(argv[6], nullptr, 10) : most);
#endif
    chip.limit = (unsigned short)std::atoi(argv[2]);
    size_t next = 0;
    for (unsigned long cycle = 0; cycle < most; ++cycle) {
#if VM_TRACE
        wave.begin(cycle);
#endif
        chip.reset = cycle < 4;
        chip.prompt_valid = cycle >= 4 && next < prompt.size();
        chip.prompt_token = next < prompt.size() ? (unsigned short)prompt[next] : 0;
        chip.prompt_last = next + 1 == prompt.size();
        chip.clk = 0;
        chip.eval();
#if VM_TRACE
        wave.fall(cycle);
#endif
        const bool takes = chip.prompt_valid && chip.prompt_ready;
        chip.clk = 1;
        chip.eval();
        if (takes) ++next;
        context.timeInc(1);
#if VM_TRACE
        wave.end(cycle);
#endif
        if (chip.finished) {
            chip.final();
            std::printf("finished %lu\n", cycle);
            return 0;
        }
    }
    std::printf("timeout %lu\n", most);
    return 0;
}
