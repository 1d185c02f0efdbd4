using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.TimesFm;

/// <summary>A TimesFM model as a chip image describes it: a token is a patch, and lengths count patches.</summary>
public static class TimesFmShape
{
    /// <summary>Architecture of such images.</summary>
    public const string Architecture = "timesfm";

    /// <summary>The shape of a model.</summary>
    /// <param name="sizes">Sizes.</param>
    /// <param name="name">Name for people.</param>
    public static ModelShape Of(TimesFmSizes sizes, string name) =>
        new()
        {
            Name = name,
            Architecture = Architecture,
            Layers = sizes.Layers,
            EmbeddingLength = sizes.Width,
            Heads = sizes.Heads,
            KvHeads = sizes.Heads,
            HeadSize = sizes.HeadSize,
            FeedForwardLength = sizes.FeedForward,
            VocabularySize = sizes.OutputPatch * TimesFmSizes.Columns,
            ContextLength = Math.Max(1, sizes.ContextLimit / sizes.Patch),
            PostNorms = true,
            QkNorm = true,
            Patches = new PatchShape
            {
                InputPoints = sizes.Patch,
                OutputPoints = sizes.OutputPatch,
                QuantilePoints = sizes.QuantileHorizon,
                FiguresPerPoint = TimesFmSizes.Columns,
            },
            Source = "sizes of the checkpoint's tensors; a token is a patch",
        };

    /// <summary>Its traits, for the image; the forecaster does not read them.</summary>
    public static ModelTraits Traits(TimesFmSizes sizes) =>
        new()
        {
            NormEpsilon = TimesFmSizes.NormEpsilon,
            RotaryLength = sizes.HeadSize,
            RopeBase = (float)TimesFmSizes.RopeBase,
            RopeNeox = true,
            PostNorms = true,
        };

    /// <summary>The sizes of a shape.</summary>
    /// <param name="shape">A shape with patches.</param>
    public static TimesFmSizes SizesOf(ModelShape shape)
    {
        var patches = shape.Patches ?? throw new ArgumentException("has no patches", nameof(shape));
        return new TimesFmSizes
        {
            Patch = patches.InputPoints,
            OutputPatch = patches.OutputPoints,
            QuantileHorizon = patches.QuantilePoints,
            Width = shape.EmbeddingLength,
            FeedForward = shape.FeedForwardLength,
            Layers = shape.Layers,
            HeadSize = shape.HeadSize,
            ContextLimit = (int)Math.Min((long)shape.ContextLength * patches.InputPoints, int.MaxValue),
        };
    }

    /// <summary>Role and layer of a matrix; layer −1 outside the layers.</summary>
    public static (MatrixRole Role, int Layer) RoleOf(string name)
    {
        var parts = name.Split('.');
        if (parts[0] == "stacked_xf")
            return (
                name.EndsWith("qkv_proj.weight", StringComparison.Ordinal) ? MatrixRole.QueryKeyValue
                : name.EndsWith("attn.out.weight", StringComparison.Ordinal) ? MatrixRole.AttentionOutput
                : name.EndsWith("ff0.weight", StringComparison.Ordinal) ? MatrixRole.Up
                : MatrixRole.Down,
                int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)
            );
        var (hidden, skip, output) = parts[0] switch
        {
            TimesFmTensors.Tokenizer => (MatrixRole.PatchHidden, MatrixRole.PatchSkip, MatrixRole.PatchOutput),
            TimesFmTensors.PointHead => (MatrixRole.PointHidden, MatrixRole.PointSkip, MatrixRole.PointOutput),
            _ => (MatrixRole.QuantileHidden, MatrixRole.QuantileSkip, MatrixRole.QuantileOutput),
        };
        return (
            name.EndsWith(TimesFmTensors.Hidden + TimesFmTensors.Weight, StringComparison.Ordinal) ? hidden
            : name.EndsWith(TimesFmTensors.Residual + TimesFmTensors.Weight, StringComparison.Ordinal) ? skip
            : output,
            -1
        );
    }

    /// <summary>The sizes that the matrices of an image have.</summary>
    /// <param name="chip">Description of the image.</param>
    /// <param name="folder">Its folder, for messages.</param>
    /// <exception cref="InputException">It is no image of such a model, or ports or vectors are missing.</exception>
    public static TimesFmSizes SizesOf(ChipDescription chip, string folder)
    {
        if (chip.Model.Architecture != Architecture)
            throw new InputException($"{folder}: holds a model of architecture {chip.Model.Architecture}, which forecasts no series");
        var ports = chip.Matrices.ToDictionary(p => p.Name, StringComparer.Ordinal);
        MatrixPlan Port(string name) =>
            ports.GetValueOrDefault(name) ?? throw new InputException($"{folder}: port {name} is missing; compile the image again");
        var first = Port(TimesFmTensors.Tokenizer + TimesFmTensors.Hidden + TimesFmTensors.Weight);
        int Points(string head) => Math.Max(1, Port(head + TimesFmTensors.Output + TimesFmTensors.Weight).Outputs / TimesFmSizes.Columns);
        var patch = Math.Max(1, first.Inputs / 2);
        var sizes = new TimesFmSizes
        {
            Patch = patch,
            OutputPatch = Points(TimesFmTensors.PointHead),
            QuantileHorizon = Points(TimesFmTensors.QuantileHead),
            Width = first.Outputs,
            FeedForward = Port(TimesFmTensors.Layer(0) + "ff0.weight").Outputs,
            Layers = chip.Model.Layers,
            HeadSize = chip.Model.HeadSize,
            ContextLimit = (int)Math.Min((long)chip.Model.ContextLength * patch, 1 << 24),
        };
        if (sizes.Fault() is { } fault)
            throw new InputException($"{folder}: {fault}; compile the image again");
        var vectors = chip.Vectors.ToDictionary(v => v.Name, v => v.Count, StringComparer.Ordinal);
        foreach (var tensor in TimesFmTensors.Of(sizes))
            if (
                tensor.IsMatrix
                    ? !ports.TryGetValue(tensor.Name, out var port) || port.Inputs != tensor.Inputs || port.Outputs != tensor.Outputs
                    : vectors.GetValueOrDefault(tensor.Name) != tensor.Outputs
            )
                throw new InputException(
                    $"{folder}: {tensor.Name} [{string.Join(", ", tensor.Shape)}] is missing or has another size; compile the image again"
                );
        return sizes;
    }
}
