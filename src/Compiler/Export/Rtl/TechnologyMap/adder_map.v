// For Yosys' techmap: a full adder becomes a cell of the library. Macros, defined in front of this text, name the cell and its pins;
// ADDER_NOT_SUM and ADDER_NOT_CARRY are ~ where the cell's output is inverted, and otherwise empty.
module full_adder (
    input  a,
    input  b,
    input  c,
    output sum,
    output carry
);
    wire s, k;
    `ADDER_CELL one (.`ADDER_A(a), .`ADDER_B(b), .`ADDER_C(c), .`ADDER_SUM(s), .`ADDER_CARRY(k));
    assign sum   = `ADDER_NOT_SUM s;
    assign carry = `ADDER_NOT_CARRY k;
endmodule
