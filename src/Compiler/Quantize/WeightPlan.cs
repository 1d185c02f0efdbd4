using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.Quantize;

/// <summary>A code format for every matrix, chosen by measurement, and the activations to fit the codes to.</summary>
public sealed record WeightPlan
{
    /// <summary>Bits per weight that were allowed, scales included.</summary>
    public required double Budget { get; init; }

    /// <summary>Bits per weight that are used.</summary>
    public required double BitsPerWeight { get; init; }

    /// <summary>Format that every matrix was tried in alone.</summary>
    public required string Probe { get; init; }

    /// <summary>Measured mean KL divergence of this plan on the calibration text, nats.</summary>
    public required double Divergence { get; init; }

    /// <summary>The widest format that the budget allows for every matrix alike.</summary>
    public required string Uniform { get; init; }

    /// <summary>Measured mean KL divergence with <see cref="Uniform"/> everywhere, fitted to the same activations, nats.</summary>
    public required double UniformDivergence { get; init; }

    /// <summary>One entry per matrix, in the model's order.</summary>
    public required IReadOnlyList<TensorChoice> Choices { get; init; }

    /// <summary>Mean squared activations by port; see <see cref="ICalibrationRun.InputPower"/>.</summary>
    public required IReadOnlyDictionary<string, float[]> InputPower { get; init; }

    /// <summary>Formats in the order of the model's matrices.</summary>
    /// <exception cref="InputException">The plan was made for another model.</exception>
    public IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> FormatsOf(ImportedModel model)
    {
        var matrices = MatrixList.Matrices(model.Graph);
        if (!matrices.Select(m => m.PortName).SequenceEqual(Choices.Select(c => c.Port), StringComparer.Ordinal))
            throw new InputException($"{model.File.Path}: the choice of weights was made for another model; choose again");
        return [.. matrices.Zip(Choices, (m, c) => (m, CodeFormats.Named(c.Format)))];
    }
}
