using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Validation;

/// <summary>One bank mapped on a cell library.</summary>
public sealed record SynthesisMeasurement
{
    /// <summary>Identifier by which the report names it.</summary>
    public required string Id { get; init; }

    /// <summary>File of <c>chips/technology/</c> with the areas of the library's cells.</summary>
    public required string Technology { get; init; }

    /// <inheritdoc cref="BankSpec.Rows"/>
    [FieldRange(1, 1 << 20, "rows")]
    public required int Rows { get; init; }

    /// <inheritdoc cref="BankSpec.Columns"/>
    [FieldRange(1, 1 << 20, "columns")]
    public required int Columns { get; init; }

    /// <inheritdoc cref="BankSpec.CodeBits"/>
    [FieldRange(1, 32, "bit")]
    public required int CodeBits { get; init; }

    /// <inheritdoc cref="NumericsSpec.ActivationBits"/>
    [FieldRange(4, 16, "bit")]
    public required int ActivationBits { get; init; }

    /// <inheritdoc cref="BankSpec.AccumulatorBits"/>
    [FieldRange(8, 64, "bit")]
    public required int AccumulatorBits { get; init; }

    /// <inheritdoc cref="BankSpec.PipelineCycles"/>
    [FieldRange(0, 10_000, "cycles")]
    public required int PipelineCycles { get; init; }

    /// <inheritdoc cref="BankSpec.ColumnsPerScaleUnit"/>
    [FieldRange(1, 1 << 16, "columns")]
    public required int ColumnsPerScaleUnit { get; init; }

    /// <summary>Cell area of the mapped bank without ROM array and register file, µm².</summary>
    [FieldRange(0.001, 1e12, "um2")]
    public required double AreaUm2 { get; init; }

    /// <summary>Its cells.</summary>
    [FieldRange(0, int.MaxValue, "cells")]
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
