using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>One ROM bank with its product generator, selectors and accumulators.</summary>
public sealed record BankSpec
{
    /// <summary><see cref="Style"/> of a bank whose weights are in SRAM, with a multiplier in every column: for comparison with chips that
    /// load any model.</summary>
    public const string SramMultiply = "sram_multiply";

    /// <summary>Whether weights are in SRAM: no masks are made for a model.</summary>
    public bool InSram => Style == SramMultiply;

    /// <summary>
    /// <see cref="RomSelect"/>: products of an activation with every code value are formed once, each column selects by its stored code and
    /// adds.
    /// <see cref="Ternary"/>: each column adds the activation, subtracts it or leaves it out; no products, no scale blocks.
    /// <see cref="AdderNetwork"/>: constants in metal; adders shared between columns take all inputs at once, whole or bit by bit.
    /// <see cref="SramMultiply"/>: weights in SRAM, a multiplier in every column.
    /// </summary>
    public required string Style { get; init; }

    /// <summary>Inputs per bank: one row is read per cycle.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns (selector and accumulator pairs) per bank; a multiple of 16.</summary>
    public required int Columns { get; init; }

    /// <summary>Stored bits per row and column, scales included; wider formats use fewer columns.</summary>
    public required double RomBitsPerWeight { get; init; }

    /// <summary>Width of a column's accumulator in bits; sums saturate.</summary>
    public required int AccumulatorBits { get; init; }

    /// <summary>Cycles from the last row to the last of the column results: broadcast, product, select and add, and the turns of a scale
    /// unit.</summary>
    public required int PipelineCycles { get; init; }

    /// <summary>Bits of the code that a column's selector takes per cycle; wider codes stand in several columns as digits that are shifted
    /// and added.</summary>
    public int CodeBits { get; init; } = 4;

    /// <summary>Weights per scale block; a column's block sum is scaled and added to its accumulator after this many rows.</summary>
    public int ScaleBlockRows { get; init; } = 32;

    /// <summary>Columns that share one scale unit (a multiplier by the block's scale and a saturating adder), one a cycle while the next
    /// block comes in: 1 … <see cref="ScaleBlockRows"/>.</summary>
    public int ScaleColumns { get; init; } = DefaultScaleColumns;

    /// <summary>Adder network: two-operand adders per weight behind the sharing of common terms. Absent for the other styles.</summary>
    public Constant? AddersPerWeight { get; init; }

    /// <summary>Adder network: bits of an activation that enter per cycle: 1 (bit-serial) or all of them
    /// (<c>numerics.activation_bits</c>).</summary>
    public int AdderBitsPerCycle { get; init; } = 1;

    /// <summary>Flip-flops of one bank that are clocked always: row counter, strap registers, network interface.</summary>
    public int ControlFlipFlops { get; init; } = 256;

    /// <summary>Spare rows that a laser or fuse repair can put in place of faulty ones; their codes are RAM, written at test.</summary>
    public int SpareRows { get; init; }

    /// <summary>Spare columns (selector, accumulator, and codes in RAM) that can take the place of faulty ones.</summary>
    public int SpareColumns { get; init; }

    /// <summary><see cref="Style"/> of a bank whose columns select among shared products.</summary>
    public const string RomSelect = "rom_select";

    /// <summary><see cref="Style"/> of a bank whose weights are −1, 0 and 1.</summary>
    public const string Ternary = "ternary";

    /// <summary><see cref="Style"/> of a bank whose weights are wires between adders.</summary>
    public const string AdderNetwork = "adder_network";

    /// <summary><see cref="ScaleColumns"/> of a fabric that says nothing.</summary>
    public const int DefaultScaleColumns = 4;

    /// <summary>Stages of a bank beside the turns of its scale units: products and ROM, selection and sum, scale, accumulator.</summary>
    public const int ScaleStages = 4;

    /// <summary>Rows that a bank takes for a vector of so many inputs: a last block shorter than the turns of a scale unit is filled up
    /// with zeros.</summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="scaleColumns">Columns of a scale unit, 1…32.</param>
    public static int StreamRows(int rows, int scaleColumns) =>
        rows + Math.Max(0, scaleColumns - (((rows - 1) % BankArithmetic.BlockRows) + 1));

    /// <summary>Bits of one product line: activation × code, signed; the activation is symmetric, so no carry beyond the sum of the widths
    /// less one.</summary>
    public int ProductBits(int activationBits) => activationBits + CodeBits - 1;

    /// <summary>Bits of the sum of one scale block of products.</summary>
    public int BlockSumBits(int activationBits) =>
        ProductBits(activationBits) + System.Numerics.BitOperations.Log2((uint)Math.Max(1, ScaleBlockRows));

    /// <summary>
    /// Cycles that a bank takes to get one vector: a row a cycle, or for an adder network the bits of an activation, and bit by bit the
    /// further bits of its sum.
    /// </summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public int PassCycles(int rows, int activationBits) =>
        Style switch
        {
            AdderNetwork when AdderBitsPerCycle < activationBits => ColumnSumBits(rows, activationBits),
            AdderNetwork => 1,
            Ternary or SramMultiply => rows,
            _ => StreamRows(rows, ScaleColumns),
        };

    /// <summary>Bits of the sum of a whole column without scale blocks: a product's bits and ⌈log2 rows⌉; a ternary product is as wide as
    /// the activation.</summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public int ColumnSumBits(int rows, int activationBits) =>
        (Style == Ternary ? activationBits : ProductBits(activationBits))
        + System.Numerics.BitOperations.Log2((uint)Math.Max(1, (2 * rows) - 1));

    /// <summary>ROM capacity of one bank, in bits, spares left out.</summary>
    public double CapacityBits => (double)Rows * Columns * RomBitsPerWeight;
}
