// Clock and reset of the bench for Verilator; bench_cycles.h says how long it runs. The bench prints starts and results itself.
#include "Vbench_top.h"
#include "bench_cycles.h"
#include "verilated.h"
int main(int argc, char** argv) {
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vbench_top top(&context);
    for (unsigned cycle = 0; cycle < CYCLES; ++cycle) {
        top.cycle = cycle;
        top.reset = cycle < 4;
        top.clk = 0;
        top.eval();
        top.clk = 1;
        top.eval();
    }
    top.final();
    return 0;
}
