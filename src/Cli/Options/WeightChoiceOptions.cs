using System.CommandLine;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Runtime.Quality;

namespace TaalasSim.Cli.Options;

/// <summary>Options of <c>--weights auto</c>: the budget of bits and the text to measure on.</summary>
internal sealed class WeightChoiceOptions
{
    private const string EmbeddedModel = "TaalasSim Stories";

    private readonly NumberOption<double> _bits = new(
        Ranges.Bits,
        0,
        "With --weights auto: stored bits per weight over all matrices, scales included; fractions are fine (0: what the fabric's "
            + "banks hold).",
        "--bits"
    );
    private readonly Option<string?> _calibration = new("--calibration")
    {
        Description = "With --weights auto: text to measure sensitivity on; the embedded model has one.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _importance = new("--imatrix")
    {
        Description =
            "With --weights auto: importance matrix of llama-imatrix (GGUF or .dat) that codes are fitted to, in place of the text's "
            + "activations.",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_bits);
        command.Options.Add(_calibration);
        command.Options.Add(_importance);
    }

    /// <summary>Refuses the options where the weights are not to be chosen.</summary>
    /// <exception cref="InputException">One was given without <c>auto</c>.</exception>
    public void Check(ParseResult parsed, string weights)
    {
        if (weights == ChooseWeightBits.Auto)
            return;
        foreach (var option in (Option[])[_bits, _calibration, _importance])
            if (parsed.GetResult(option) is { Implicit: false })
                throw new InputException($"{option.Name}: needs --weights auto");
    }

    /// <summary>Measures and chooses, or null when the weights are not to be chosen.</summary>
    /// <exception cref="InputException">No text, or options that go with <c>auto</c> only.</exception>
    public WeightPlan? Choose(
        ParseResult parsed,
        string modelPath,
        FabricSpec fabric,
        string weights,
        IReadOnlyList<AdapterFile> merge,
        ProgressLine line,
        CancellationToken cancel
    )
    {
        Check(parsed, weights);
        if (weights != ChooseWeightBits.Auto)
            return null;
        var (bits, calibration) = (parsed.GetValue(_bits), parsed.GetValue(_calibration));
        var importance = parsed.GetValue(_importance) is { } file ? ImportanceMatrix.Load(file) : null;
        using var model = ImportedModel.Open(modelPath, merge);
        var path = calibration
            ?? (
                IsEmbedded(model.File)
                    ? Path.Combine(ChipsFolder.Path, "demo", "story.txt")
                    : throw new InputException(
                        "--weights auto needs a calibration text: give --calibration FILE with a few thousand words of typical input"
                    )
            );
        var text = PromptText.Decode(PromptText.Bytes(path), path);
        line.Show("Run the unquantised model");
        using var run = CalibrationRun.Open(modelPath, fabric, text, path, Environment.ProcessorCount, merge, cancel);
        if (importance is not null)
            run.Weigh(importance);
        return ChooseWeightBits.For(
            model,
            fabric,
            bits == 0 ? Math.Min(fabric.Bank.RomBitsPerWeight, ChooseWeightBits.FormatsOf(fabric)[^1].BitsPerWeight) : bits,
            run,
            new ChoiceProgress(line),
            cancel
        );
    }

    // The name, not the file's digest: a model trained again with the same command reads the same text.
    private static bool IsEmbedded(GgufFile file) =>
        file.Metadata.TryGetString("general.name", out var name) && name.StartsWith(EmbeddedModel, StringComparison.Ordinal);

    private sealed class ChoiceProgress(ProgressLine line) : IProgress<double>
    {
        public void Report(double value) => line.Show("Measure the sensitivity of every matrix", value);
    }
}
