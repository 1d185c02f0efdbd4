using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Fabric;

namespace TaalasSim.Reports.Validation;

/// <summary>One bank mapped on a cell library.</summary>
public sealed record SynthesisMeasurement
{
    public required string Id { get; init; }

    /// <summary>File of <c>chips/technology/</c> with the areas of the library's cells.</summary>
    public required string Technology { get; init; }

    /// <inheritdoc cref="BankSpec.Rows"/>
    public required int Rows { get; init; }

    /// <inheritdoc cref="BankSpec.Columns"/>
    public required int Columns { get; init; }

    /// <inheritdoc cref="BankSpec.CodeBits"/>
    public required int CodeBits { get; init; }

    /// <inheritdoc cref="NumericsSpec.ActivationBits"/>
    public required int ActivationBits { get; init; }

    /// <inheritdoc cref="BankSpec.AccumulatorBits"/>
    public required int AccumulatorBits { get; init; }

    /// <inheritdoc cref="BankSpec.PipelineCycles"/>
    public required int PipelineCycles { get; init; }

    /// <inheritdoc cref="BankSpec.ColumnsPerScaleUnit"/>
    public required int ColumnsPerScaleUnit { get; init; }

    /// <summary>Cell area of the mapped bank without ROM array and register file, µm².</summary>
    public required double AreaUm2 { get; init; }

    /// <summary>Its cells.</summary>
    public required int Cells { get; init; }

    /// <summary>The bank as the area model takes it.</summary>
    public BankSpec Bank() =>
        new()
        {
            Style = RomSelectStyle.StyleName,
            Rows = Rows,
            Columns = Columns,
            RomBitsPerWeight = CodeBits + 0.25,
            AccumulatorBits = AccumulatorBits,
            PipelineCycles = PipelineCycles,
            CodeBits = CodeBits,
            ColumnsPerScaleUnit = ColumnsPerScaleUnit,
        };
}
