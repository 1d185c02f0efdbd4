using System.Numerics;
using System.Text.Json.Serialization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>One bank of a fabric: its sizes, and the style that says what they mean. The section <c>bank</c> of
/// <c>chips/fabrics/*.yaml</c>.</summary>
public sealed record BankSpec
{
    /// <summary><see cref="ColumnsPerScaleUnit"/> of a fabric that does not give one.</summary>
    public const int DefaultColumnsPerScaleUnit = 4;

    /// <summary>Columns that lie side by side as one panel; <see cref="Columns"/> is a multiple of it. Sixteen vector lanes of a CPU read a
    /// panel in step.</summary>
    public const int PanelColumns = 16;

    private readonly BankStyle? _bankStyle;

    /// <summary>Name of the style: one of <see cref="BankStyleRegistry.All"/>.</summary>
    public required string Style
    {
        get;
        init
        {
            field = value;
            _bankStyle = BankStyleRegistry.Find(value);
        }
    }

    /// <summary>Inputs per bank.</summary>
    [FieldRange(1, 1 << 20, "rows")]
    public required int Rows { get; init; }

    /// <summary>Outputs per bank; a multiple of <see cref="PanelColumns"/>.</summary>
    [FieldRange(16, 1 << 20, "columns")]
    public required int Columns { get; init; }

    /// <summary>Stored bits per row and column, scales included; wider formats use fewer columns.</summary>
    [FieldRange(0.5, 64, "bit")]
    public required double RomBitsPerWeight { get; init; }

    /// <summary>Width of a column's accumulator in bits; sums saturate.</summary>
    [FieldRange(8, 64, "bit")]
    public required int AccumulatorBits { get; init; }

    /// <summary>Cycles from the last row to the last of the column results: broadcast, product, select and add, and the turns of a scale
    /// unit.</summary>
    [FieldRange(0, 10_000, "cycles")]
    public required int PipelineCycles { get; init; }

    /// <summary>Bits of the code that a column takes per cycle; wider codes are stored in several columns as digits that are shifted and
    /// added.</summary>
    [FieldRange(1, 32, "bit")]
    public int CodeBits { get; init; } = 4;

    /// <summary>Weights per scale block; a column's block sum is scaled and added to its accumulator after this many rows.</summary>
    [FieldRange(1, 1 << 16, "rows")]
    public int ScaleBlockRows { get; init; } = 32;

    /// <summary>Columns that share one scale unit (a multiplier by the block's scale and a saturating adder), one a cycle while the next
    /// block comes in: 1 … <see cref="ScaleBlockRows"/>.</summary>
    [FieldRange(1, 1 << 16, "columns")]
    public int ColumnsPerScaleUnit { get; init; } = DefaultColumnsPerScaleUnit;

    /// <summary>Outputs that share one selector and adder: a row takes as many cycles, each output keeps its sum; columns are a multiple of
    /// it. Only for styles that read a row at a time (<see cref="BankStyle.SharesAdders"/>).</summary>
    [FieldRange(1, 64, "outputs")]
    public int OutputsPerAdder { get; init; } = 1;

    /// <summary>Positions that meet one read of the weights in a pass of a diffusion model: as many activations are broadcast side by
    /// side, and products, columns, scale units, accumulators and the bank's port of the reduction tree are there once for each. The array
    /// and its row decoder are there once.</summary>
    [FieldRange(1, 256, "positions")]
    public int PositionsPerRead { get; init; } = 1;

    /// <summary>Two-operand adders per weight after common terms are shared; only for styles that build weights from adders
    /// (<see cref="BankStyle.TakesAddersPerWeight"/>).</summary>
    [FieldRange(0.001, 1000, "adders/weight")]
    public Constant? AddersPerWeight { get; init; }

    /// <summary>Bits of an activation that enter such adders per cycle: 1 (bit-serial) or all of them
    /// (<c>numerics.activation_bits</c>).</summary>
    [FieldRange(1, 16, "bit")]
    public int AdderBitsPerCycle { get; init; } = 1;

    /// <summary>Flip-flops of one bank that are clocked always: row counter, strap registers, network interface.</summary>
    [FieldRange(0, 1 << 20, "flip-flops")]
    public int ControlFlipFlops { get; init; } = 256;

    /// <summary>Spare rows that a laser or fuse repair can put in place of faulty ones; their codes are RAM, written at test.</summary>
    [FieldRange(0, 1 << 20, "rows")]
    public int SpareRows { get; init; }

    /// <summary>Spare columns (selector, accumulator, and codes in RAM) that can take the place of faulty ones.</summary>
    [FieldRange(0, 1 << 20, "columns")]
    public int SpareColumns { get; init; }

    /// <summary>The class of <see cref="Style"/>.</summary>
    /// <exception cref="InputException">No style of that name is registered.</exception>
    [JsonIgnore]
    public BankStyle BankStyle => _bankStyle ?? BankStyleRegistry.Named(Style);

    /// <summary>Whether the weights are in SRAM: no masks are made for a model.</summary>
    public bool InSram => BankStyle.WeightsInSram;

    /// <summary>Capacity of one bank for codes and scales, in bits, spares left out.</summary>
    public double CapacityBits => (double)Rows * Columns * RomBitsPerWeight;

    /// <inheritdoc cref="BankStyle.ProductBits"/>
    public int ProductBits(int activationBits) => BankStyle.ProductBits(this, activationBits);

    /// <summary>Bits of the sum of one scale block of products.</summary>
    /// <param name="activationBits">Bits of an activation.</param>
    public int BlockSumBits(int activationBits) => ProductBits(activationBits) + BitOperations.Log2((uint)Math.Max(1, ScaleBlockRows));

    /// <summary>Bits of the sum of a whole column without scale blocks: a product's bits and ⌈log2 rows⌉.</summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public int ColumnSumBits(int rows, int activationBits) =>
        ProductBits(activationBits) + BitOperations.Log2((uint)Math.Max(1, (2 * rows) - 1));

    /// <summary>Cycles that a bank takes to get one vector.</summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public int PassCycles(int rows, int activationBits) => BankStyle.PassCycles(this, rows, activationBits);

    /// <inheritdoc cref="BankStyle.Gates"/>
    public BankGates Gates(int activationBits, LogicConstants logic) => BankStyle.Gates(this, activationBits, logic);
}
