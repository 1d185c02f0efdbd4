namespace TaalasSim.Compiler.Export;

public static partial class RtlPrograms
{
    /// <summary>C++ of <c>chip_main.cpp</c>.</summary>
    private const string ChipMainText =
        """
        // Clock, reset and host of the chip for Verilator: chip PROMPT_IDS ANSWER_TOKENS MOST_CYCLES. A cycle is one unit of time.
        #include <cstdio>
        #include <cstdlib>
        #include <vector>
        #include "Vchip.h"
        #include "verilated.h"
        int main(int argc, char** argv) {
            if (argc < 4) { std::fprintf(stderr, "chip 1,2,3 16 1000000: prompt ids, answer tokens, most cycles\n"); return 2; }
            VerilatedContext context;
            std::vector<int> prompt;
            for (char* at = argv[1]; *at;) { prompt.push_back((int)std::strtol(at, &at, 10)); if (*at == ',') ++at; }
            const unsigned long most = std::strtoul(argv[3], nullptr, 10);
            Vchip chip(&context);
            chip.limit = (unsigned short)std::atoi(argv[2]);
            size_t next = 0;
            for (unsigned long cycle = 0; cycle < most; ++cycle) {
                chip.reset = cycle < 4;
                chip.prompt_valid = cycle >= 4 && next < prompt.size();
                chip.prompt_token = next < prompt.size() ? (unsigned short)prompt[next] : 0;
                chip.prompt_last = next + 1 == prompt.size();
                chip.clk = 0;
                chip.eval();
                const bool takes = chip.prompt_valid && chip.prompt_ready;
                chip.clk = 1;
                chip.eval();
                if (takes) ++next;
                context.timeInc(1);
                if (chip.finished) {
                    chip.final();
                    std::printf("finished %lu\n", cycle);
                    return 0;
                }
            }
            std::printf("timeout %lu\n", most);
            return 0;
        }

        """;
}
