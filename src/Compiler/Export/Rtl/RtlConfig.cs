using System.Numerics;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Parameters of one matrix port in Verilog: the banks of one output segment and their reduction tree.</summary>
public sealed record RtlConfig
{
    /// <summary>Banks along the inputs, 1…999.</summary>
    public required int Segments { get; init; }

    /// <summary>Rows of every bank, 2…65,536; a shorter last segment is filled with zeros.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns, 1…4,096.</summary>
    public required int Columns { get; init; }

    /// <summary>Bits of a signed code, 2…8.</summary>
    public required int CodeBits { get; init; }

    /// <summary>Bits of a symmetric signed activation, 2…16.</summary>
    public required int ActivationBits { get; init; }

    /// <summary>Bits of a column's saturating accumulator, 8…32.</summary>
    public required int AccumulatorBits { get; init; }

    /// <summary>Bits of a sum on the reduction network, from the accumulator's width to 48.</summary>
    public required int PartialSumBits { get; init; }

    /// <summary>Cycles from the last row to the last column results, at least <see cref="WorkingStages"/>.</summary>
    public required int PipelineCycles { get; init; }

    /// <summary>Columns that share a scale unit one after another, 1…32.</summary>
    public int ColumnsPerScaleUnit { get; init; } = BankSpec.DefaultColumnsPerScaleUnit;

    /// <summary>Cycles of one level of the reduction tree, at least 1.</summary>
    public required int ReductionCyclesPerLevel { get; init; }

    /// <summary>Register stages that work in a bank; fewer pipeline cycles than these cannot be built.</summary>
    public int WorkingStages => BankArithmetic.ScaleStages + ColumnsPerScaleUnit;

    /// <summary>Rows of a vector with the zeros that fill its last block up; see <see cref="BankArithmetic.StreamRows"/>.</summary>
    public int StreamRows => BankArithmetic.StreamRows(Rows, ColumnsPerScaleUnit);

    /// <summary>Scale blocks of a bank.</summary>
    public int Blocks => (Rows + BankArithmetic.BlockRows - 1) / BankArithmetic.BlockRows;

    /// <summary>Levels of the reduction tree, ⌈log2 segments⌉.</summary>
    public int ReductionLevels => BitOperations.Log2((uint)((Segments * 2) - 1));

    /// <summary>
    /// Cycles of one product as the fabric's timing has it: streamed rows + pipeline + levels × cycles per level. The first row enters in
    /// cycle 0 and the result is at the output from this cycle on.
    /// </summary>
    public int LatencyCycles => StreamRows + PipelineCycles + (ReductionLevels * ReductionCyclesPerLevel);

    /// <summary>Configuration of one output segment of a port on a fabric.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="port">Port in one of the fabric's formats.</param>
    /// <param name="codeBits">Bits of its codes.</param>
    /// <param name="columns">Columns of the output segment.</param>
    public static RtlConfig For(FabricSpec fabric, MatrixPlan port, int codeBits, int columns)
    {
        var config = new RtlConfig
        {
            Segments = port.InputSegments,
            Rows = port.RowsPerPass,
            Columns = columns,
            CodeBits = codeBits,
            ActivationBits = fabric.Numerics.ActivationBits,
            AccumulatorBits = fabric.Bank.AccumulatorBits,
            PartialSumBits = fabric.Network.PartialSumBits,
            PipelineCycles = fabric.Bank.PipelineCycles,
            ColumnsPerScaleUnit = fabric.Bank.ColumnsPerScaleUnit,
            ReductionCyclesPerLevel = fabric.Network.ReductionCyclesPerLevel,
        };
        config.Validate();
        return config;
    }

    /// <summary>Checks every parameter.</summary>
    /// <exception cref="InputException">A value that the modules cannot be built with.</exception>
    public void Validate()
    {
        Check(nameof(Segments), Segments, 1, 999);
        Check(nameof(Rows), Rows, 2, 65536);
        Check(nameof(Columns), Columns, 1, 4096);
        Check(nameof(CodeBits), CodeBits, 2, 8);
        Check(nameof(ActivationBits), ActivationBits, 2, 16);
        Check(nameof(AccumulatorBits), AccumulatorBits, 8, 32);
        Check(nameof(PartialSumBits), PartialSumBits, AccumulatorBits, 48);
        Check(nameof(ColumnsPerScaleUnit), ColumnsPerScaleUnit, 1, BankArithmetic.BlockRows);
        Check(nameof(PipelineCycles), PipelineCycles, WorkingStages, 1024);
        Check(nameof(ReductionCyclesPerLevel), ReductionCyclesPerLevel, 1, 1024);
    }

    /// <summary>Parameters of <c>matrix_port</c> and <c>port_check</c>, without the file name.</summary>
    public IReadOnlyList<(string Name, int Value)> VerilogParameters() =>
        [
            ("SEGMENTS", Segments),
            ("ROWS", Rows),
            ("COLUMNS", Columns),
            ("CODE_BITS", CodeBits),
            ("ACTIVATION_BITS", ActivationBits),
            ("ACCUMULATOR_BITS", AccumulatorBits),
            ("PARTIAL_SUM_BITS", PartialSumBits),
            ("PIPELINE_CYCLES", PipelineCycles),
            ("SCALE_COLUMNS", ColumnsPerScaleUnit),
            ("REDUCTION_CYCLES", ReductionCyclesPerLevel),
        ];

    private static void Check(string what, int value, int low, int high)
    {
        if (value < low || value > high)
            throw new InputException($"Verilog export: {what} is {value}; the modules take {low} to {high}");
    }
}
