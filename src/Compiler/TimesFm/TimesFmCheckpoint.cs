using System.Globalization;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.TimesFm;

/// <summary>The weights of a TimesFM 2.5 model in safetensors, read strictly: every tensor of the sizes is there with its shape, and no
/// other. Close it after use.</summary>
public sealed class TimesFmCheckpoint : IDisposable
{
    private const string FirstTensor = TimesFmTensors.Tokenizer + TimesFmTensors.Hidden + TimesFmTensors.Weight;
    private const string ConfigName = "config.json";
    private const int LargestSize = 1 << 16;
    private const int MostLayers = 1000;
    private const int MostShown = 4;

    private readonly SafetensorsModel _model;

    private TimesFmCheckpoint(string path, SafetensorsModel model, TimesFmSizes sizes)
    {
        _model = model;
        Path = path;
        Sizes = sizes;
        Tensors = TimesFmTensors.Of(sizes);
    }

    /// <summary>Folder or file.</summary>
    public string Path { get; }

    /// <summary>Sizes of the model.</summary>
    public TimesFmSizes Sizes { get; }

    /// <summary>Its tensors, from input to output.</summary>
    public IReadOnlyList<TimesFmTensor> Tensors { get; }

    /// <summary>Files that hold the weights, in ordinal order.</summary>
    public IReadOnlyList<string> Files =>
        [.. _model.Tensors.Select(t => t.FilePath).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether a folder or safetensors file holds a model of this family, complete or not. Malformed files hold none.</summary>
    public static bool Is(string path)
    {
        if (!IsFile(path) && !(Directory.Exists(path) && SafetensorsModel.IsModelFolder(path)))
            return false;
        try
        {
            using var model = OpenModel(path);
            return model.Tensors.Any(t => t.Name.StartsWith("stacked_xf.", StringComparison.Ordinal));
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>Opens and checks a model.</summary>
    /// <param name="path">Folder with model.safetensors and perhaps config.json, or the safetensors file itself.</param>
    /// <exception cref="InputException">A file is malformed, or its tensors are not those of such a model.</exception>
    public static TimesFmCheckpoint Open(string path)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
            throw new InputException($"{path}: no such folder; give the folder of a TimesFM 2.5 model with its model.safetensors");
        var model = OpenModel(path);
        try
        {
            var sizes = ReadSizes(path, model);
            CheckTensors(path, model, sizes);
            return new TimesFmCheckpoint(path, model, sizes);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Decodes rows of a matrix, or a vector, whose elements must be finite.</summary>
    /// <param name="name">Name of one of <see cref="Tensors"/>.</param>
    /// <param name="first">First element.</param>
    /// <param name="values">Takes the elements.</param>
    /// <exception cref="InputException">An element is not finite.</exception>
    public void Read(string name, long first, Span<float> values)
    {
        _model.Find(name)!.Decode(first, values);
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new InputException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Path}: tensor {name}: element {first + i} is {values[i]}; weights must be finite: fetch the model again"
                    )
                );
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _model.Dispose();

    private static bool IsFile(string path) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && File.Exists(path);

    private static SafetensorsModel OpenModel(string path) =>
        Directory.Exists(path) ? SafetensorsModel.Open(path) : SafetensorsModel.OpenFile(path);

    private static TimesFmSizes ReadSizes(string path, SafetensorsModel model)
    {
        long[] Shape(string name, int rank)
        {
            var found = model.Find(name);
            if (found is null)
                throw new InputException($"{path}: tensor {name} is missing; this is no TimesFM 2.5 model (expected its 232 tensors)");
            return found.Shape.Count == rank && found.Shape.All(n => n is >= 1 and <= LargestSize)
                ? [.. found.Shape]
                : throw new InputException(
                    $"{path}: tensor {name}: expected {rank} sizes of 1 to {LargestSize}, found [{string.Join(", ", found.Shape)}]"
                );
        }

        var tokenizer = Shape(FirstTensor, 2);
        var layers = 0;
        while (layers <= MostLayers && model.Find(TimesFmTensors.Layer(layers) + "ff0.weight") is not null)
            layers++;
        var sizes = new TimesFmSizes
        {
            Patch = (int)tokenizer[1] / 2,
            Width = (int)tokenizer[0],
            OutputPatch = (int)Shape(TimesFmTensors.PointHead + ".output_layer.weight", 2)[0] / TimesFmSizes.Columns,
            QuantileHorizon = (int)Shape(TimesFmTensors.QuantileHead + ".output_layer.weight", 2)[0] / TimesFmSizes.Columns,
            FeedForward = (int)Shape(TimesFmTensors.Layer(0) + "ff0.weight", 2)[0],
            HeadSize = (int)Shape(TimesFmTensors.Layer(0) + "attn.query_ln.scale", 1)[0],
            Layers = layers,
        };
        if (Fault(sizes) is { } fault)
            throw new InputException($"{path}: {fault}; fetch the model again");
        return Directory.Exists(path) && File.Exists(System.IO.Path.Combine(path, ConfigName))
            ? WithConfig(System.IO.Path.Combine(path, ConfigName), sizes)
            : sizes;
    }

    private static string? Fault(TimesFmSizes sizes) =>
        sizes.Patch < 1 ? "a patch has no points"
        : sizes.OutputPatch < 1 || sizes.OutputPatch % sizes.Patch != 0
            ? $"an output patch of {sizes.OutputPatch} points is no multiple of the input patch of {sizes.Patch}"
        : sizes.QuantileHorizon < 1 ? "the quantile head has no points"
        : sizes.Layers > MostLayers ? $"the model has more than {MostLayers} layers"
        : sizes.HeadSize % 2 != 0 || sizes.Width % sizes.HeadSize != 0
            ? $"heads of {sizes.HeadSize} elements do not divide the width of {sizes.Width} into even parts"
        : null;

    // What the configuration states must agree with the tensors; only the context limit is stated nowhere else.
    private static TimesFmSizes WithConfig(string path, TimesFmSizes sizes)
    {
        var config = JsonFile.ReadObject(path);
        var known = new (string Key, int Value)[]
        {
            ("p", sizes.Patch),
            ("o", sizes.OutputPatch),
            ("os", sizes.QuantileHorizon),
            ("q", TimesFmSizes.Columns),
            ("d", sizes.Width),
            ("layers", sizes.Layers),
            ("heads", sizes.Heads),
            ("ff", sizes.FeedForward),
            ("aridx", TimesFmSizes.MedianColumn),
        };
        foreach (var (key, value) in known)
            if (
                config.TryGetProperty(key, out var stated)
                && !(stated.ValueKind == JsonValueKind.Number && stated.TryGetInt32(out var number) && number == value)
            )
                throw new InputException(
                    $"{path}: key '{key}': expected {value}, as the tensors have it, found {GgufFaults.Quote(stated.GetRawText())}"
                );
        if (!config.TryGetProperty("context_limit", out var limit))
            return sizes;
        return limit.ValueKind == JsonValueKind.Number && limit.TryGetInt32(out var points) && points is >= 1 and <= 1 << 24
            ? sizes with
            {
                ContextLimit = points,
            }
            : throw new InputException($"{path}: key 'context_limit': expected a number of points from 1 to {1 << 24}");
    }

    private static void CheckTensors(string path, SafetensorsModel model, TimesFmSizes sizes)
    {
        var faults = new List<string>();
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in TimesFmTensors.Of(sizes))
        {
            expected.Add(tensor.Name);
            var wanted = string.Join(", ", tensor.Shape);
            if (model.Find(tensor.Name) is not { } found)
                faults.Add($"tensor {tensor.Name} [{wanted}] is missing");
            else if (!found.Shape.SequenceEqual(tensor.Shape))
                faults.Add($"tensor {tensor.Name}: expected [{wanted}], found [{string.Join(", ", found.Shape)}]");
            else if (found.Type.Name is not ("F32" or "F16" or "BF16" or "F64"))
                faults.Add($"tensor {tensor.Name}: expected floats, found {found.Type}");
        }

        faults.AddRange(
            model
                .Tensors.Where(t => !expected.Contains(t.Name))
                .Select(t => $"tensor {GgufFaults.Quote(t.Name)} is not part of a TimesFM 2.5 model of {sizes.Layers} layers")
        );
        if (faults.Count > 0)
            throw new InputException(
                $"{path}: {string.Join("; ", faults.Take(MostShown))}"
                    + $"{(faults.Count > MostShown ? $"; and {faults.Count - MostShown} more" : "")}"
            );
    }
}
