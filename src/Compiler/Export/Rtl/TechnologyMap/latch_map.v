// For Yosys' techmap: the latch that is open while E is 1 becomes a cell of the library. Macros, defined in front of this text, name
// the cell and its pins.
module \$_DLATCH_P_ (
    input  E,
    input  D,
    output Q
);
    `LATCH_CELL one (.`LATCH_ENABLE(E), .`LATCH_DATA(D), .`LATCH_OUT(Q));
endmodule
