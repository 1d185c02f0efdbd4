// Test benches of all cases side by side; bench_cases.vh instantiates them. The cycle number counts rising edges. Not for synthesis.
module bench_top (
    input wire        clk,
    input wire        reset,
    input wire [31:0] cycle
);
`include "bench_cases.vh"
endmodule
