using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Forecast;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Cli.Options;

/// <summary>The forecasting model that a command was given: a chip image, or a checkpoint. Close it after use.</summary>
internal sealed class ForecastModel : IDisposable
{
    private readonly TimesFmCheckpoint? _checkpoint;
    private readonly WiredChip? _chip;
    private CheckpointWeights? _weights;
    private PatchModel? _model;

    private ForecastModel(TimesFmCheckpoint? checkpoint, WiredChip? chip, TimesFmSizes sizes) =>
        (_checkpoint, _chip, Sizes) = (checkpoint, chip, sizes);

    /// <summary>Sizes of the model.</summary>
    public TimesFmSizes Sizes { get; }

    /// <summary>Kernels that it runs on, once it is loaded.</summary>
    public IKernelSet? Kernels { get; private set; }

    /// <summary>The chip that holds the model; null for a checkpoint.</summary>
    public ChipDescription? Chip => _chip?.Description;

    /// <summary>Opens and checks a model; its weights are not read yet.</summary>
    /// <exception cref="InputException">It is no such model, or damaged.</exception>
    public static ForecastModel Open(string path, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(path, ChipDirectory.DescriptionName)))
        {
            var checkpoint = TimesFmCheckpoint.Open(path);
            return new ForecastModel(checkpoint, null, checkpoint.Sizes);
        }

        var chip = WiredChip.OpenForecaster(path, cancel);
        return new ForecastModel(null, chip, TimesFmShape.SizesOf(chip.Description, path));
    }

    /// <summary>Binds the weights to kernels: those of a checkpoint as binary32, those of a chip as its masks have them.</summary>
    /// <exception cref="InputException">A weight is not finite, or a checkpoint is to run in a fabric's arithmetic.</exception>
    public Forecaster Load(ParseResult parsed, SimulationOptions simulation, Numerics numerics, CancellationToken cancel)
    {
        var threads = simulation.ThreadsOf(parsed);
        if (_chip is null)
        {
            if (numerics == Numerics.Hardware)
                throw new InputException(
                    "--numerics hardware: a folder of weights has no fabric whose arithmetic it could follow; compile it into a chip"
                );
            _weights = new CheckpointWeights(_checkpoint!, cancel);
            Kernels = simulation.KernelsOf(parsed, threads);
            _model = new PatchModel(Sizes, Kernels, _weights.Matrix, _weights.Vector, threads);
        }
        else
        {
            Kernels = simulation.KernelsOf(parsed, _chip.Description, numerics, threads);
            var kvBits = numerics == Numerics.Hardware ? _chip.Description.Fabric.Numerics.KvBits : PatchModel.UnroundedKvBits;
            _model = new PatchModel(Sizes, Kernels, _chip.Matrix, name => _chip.Vector(name).ToArray(), threads, kvBits);
        }

        return new Forecaster(_model);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        _model?.Dispose();
        Kernels?.Dispose();
        _weights?.Dispose();
        _chip?.Dispose();
        _checkpoint?.Dispose();
    }
}
