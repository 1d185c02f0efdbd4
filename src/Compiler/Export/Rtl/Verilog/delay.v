// A line of CYCLES registers; none when CYCLES is 0. Reset clears it.
module delay #(
    parameter WIDTH  = 1,
    parameter CYCLES = 1
) (
    input  wire             clk,
    input  wire             reset,
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
    generate
        if (CYCLES == 0) begin : none
            wire unused = &{1'b0, clk, reset};
            assign out = in;
        end else if (CYCLES == 1) begin : one
            reg [WIDTH-1:0] stage;
            always @(posedge clk)
                stage <= reset ? {WIDTH{1'b0}} : in;
            assign out = stage;
        end else begin : many
            reg [WIDTH*CYCLES-1:0] stages;
            always @(posedge clk)
                if (reset)
                    stages <= 0;
                else
                    stages <= {stages[WIDTH*(CYCLES-1)-1:0], in};
            assign out = stages[WIDTH*CYCLES-1:WIDTH*(CYCLES-1)];
        end
    endgenerate
endmodule
