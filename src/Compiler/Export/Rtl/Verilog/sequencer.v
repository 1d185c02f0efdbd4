// Walks the token schedule: one instruction after the other, each issued in the cycle in which the one before is done. A prompt
// token stops behind the layers; the last one and every answer token go on to the output, and the sampled token is the next one.
// One token is on the chip at a time. Instruction: 3:0 operation, 4 ends the layers, 5 ends the token, 15:8 region, 23:16 region
// that takes (forward), 27:24 kind of vector operation, 47:32 first step of the vector model, 63:48 number of steps, 95:64
// elements, 111:96 further elements per position, 127:112 beats to collect or layer of the region's KV memory, from 128 on the
// ports that start.
module sequencer #(
    parameter LENGTH = 100,
    parameter PORTS  = 36,
    parameter FILE   = "program.hex"
) (
    input  wire             clk,
    input  wire             reset,
    // The prompt, token by token.
    input  wire             prompt_valid,
    input  wire [15:0]      prompt_token,
    input  wire             prompt_last,
    output wire             prompt_ready,
    // Answer tokens wanted, at least 1.
    input  wire [15:0]      limit,
    output wire             answer_valid,
    output wire [15:0]      answer_token,
    output reg              finished,
    // The units.
    input  wire             unit_done,
    input  wire [15:0]      sampled_token,
    output wire             issue,
    output wire [127+PORTS:0] instruction,
    output wire [15:0]      position,
    output wire [15:0]      token
);
    localparam PC_BITS = LENGTH > 1 ? $clog2(LENGTH) : 1;
    localparam [PC_BITS-1:0] ONE = 1;
    reg [127+PORTS:0] program_words [0:LENGTH-1];
    initial $readmemh(FILE, program_words);

    reg [PC_BITS-1:0] pc;
    reg               busy, ends_layers, ends_token, more_prompt, first;
    reg [15:0]        answers, position_kept, token_kept;

    wire ends        = busy & unit_done & (ends_token | (ends_layers & more_prompt));
    assign answer_valid = ends & ~more_prompt;
    assign answer_token = sampled_token;
    wire goes_on     = answer_valid & (answers + 16'd1 != limit);
    assign prompt_ready = ~finished & (more_prompt & (~busy | ends));
    wire takes_prompt = prompt_ready & prompt_valid;
    wire starts      = takes_prompt | goes_on;
    assign issue     = starts | (busy & unit_done & ~ends);
    wire [PC_BITS-1:0] issue_pc = starts ? {PC_BITS{1'b0}} : pc + ONE;
    assign instruction = program_words[issue_pc];
    assign position    = starts ? (first ? 16'd0 : position_kept + 16'd1) : position_kept;
    assign token       = takes_prompt ? prompt_token : goes_on ? sampled_token : token_kept;

    always @(posedge clk)
        if (reset) begin
            busy        <= 1'b0;
            more_prompt <= 1'b1;
            first       <= 1'b1;
            finished    <= 1'b0;
            answers     <= 16'd0;
            pc          <= {PC_BITS{1'b0}};
        end else begin
            busy <= issue | (busy & ~unit_done);
            if (issue) begin
                pc          <= issue_pc;
                ends_layers <= instruction[4];
                ends_token  <= instruction[5];
            end
            if (starts) begin
                first         <= 1'b0;
                position_kept <= position;
                token_kept    <= token;
            end
            if (takes_prompt)
                more_prompt <= ~prompt_last;
            if (answer_valid) begin
                answers  <= answers + 16'd1;
                finished <= ~goes_on;
            end
        end

`ifndef SYNTHESIS
    always @(posedge clk)
        if (~reset) begin
            if (ends)
                $display("end %0d %0d %0d %0d", position_kept, $time, ~more_prompt, sampled_token);
            if (issue)
                $display("issue %0d %0d %0d", issue_pc, position, $time);
        end
`endif
endmodule
