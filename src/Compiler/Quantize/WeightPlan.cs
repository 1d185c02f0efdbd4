using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.Quantize;

/// <summary>A code format for every matrix, chosen by measurement, and the activations to fit the codes to.</summary>
public sealed record WeightPlan
{
    /// <summary>What was chosen and measured.</summary>
    public required WeightChoice Choice { get; init; }

    /// <summary>Mean squared activations by port; see <see cref="ICalibrationRun.InputPower"/>.</summary>
    public required IReadOnlyDictionary<string, float[]> InputPower { get; init; }

    /// <summary>Formats in the order of the model's matrices.</summary>
    /// <exception cref="InputException">The plan was made for another model.</exception>
    public IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> FormatsOf(ImportedModel model)
    {
        var matrices = MatrixList.Matrices(model.Graph);
        if (!matrices.Select(m => m.PortName).SequenceEqual(Choice.Matrices.Select(c => c.Matrix), StringComparer.Ordinal))
            throw new InputException($"{model.File.Path}: the choice of weights was made for another model; choose again");
        return [.. matrices.Zip(Choice.Matrices, (m, c) => (m, CodeFormats.Named(c.Format)))];
    }
}
