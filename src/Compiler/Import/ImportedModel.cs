using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Import;

/// <summary>A model file that was read and checked: its operator graph, and every tensor that the graph needs is there with the right
/// shape.</summary>
public sealed class ImportedModel : IDisposable
{
    private readonly Dictionary<string, LoraPair[]> _merged;

    private readonly AdapterSet _adapters;

    private ImportedModel(GgufFile file, ModelGraph graph, AdapterSet adapters)
    {
        File = file;
        Graph = graph;
        _adapters = adapters;
        _merged = Adapters
            .SelectMany(a => a.Pairs)
            .GroupBy(p => p.Tensor, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The model file; open as long as this object.</summary>
    public GgufFile File { get; }

    /// <summary>Operators, with the names and sizes of tensors that the file was checked against.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Adapters that are merged into the weights.</summary>
    public IReadOnlyList<LoraAdapter> Adapters => _adapters.Adapters;

    /// <summary>Opens a GGUF file and checks it against its own metadata.</summary>
    /// <param name="path">GGUF file.</param>
    /// <param name="merge">Adapters to merge into the weights, in this order.</param>
    /// <exception cref="InputException">All faults of the tensor list in one line each, joined by "; ".</exception>
    public static ImportedModel Open(string path, IReadOnlyList<AdapterFile>? merge = null)
    {
        var file = GgufFile.Open(path);
        try
        {
            var (shape, traits) = ReadModel.From(file);
            // The ranges of chip.yaml, so that whoever reads the model refuses what compile would.
            if (DescriptionCheck.Faults(traits) is { Count: > 0 } odd)
                throw new InputException($"{path}: model error: {DescriptionCheck.Told(odd)}");
            var architecture = Architectures.Find(shape.Architecture)!;
            var graph = BuildModelGraph.From(shape, traits, name =>
                file.TryGetTensor(name, out _)
                || architecture.Required.Contains(ArchitectureTensors.Split(name).Name, StringComparer.Ordinal)
            );
            CheckTensors(file, graph, architecture);
            var adapters = new AdapterSet(merge ?? [], file);
            if (
                adapters
                    .Adapters.SelectMany(a => a.Pairs)
                    .FirstOrDefault(p => traits.ScaledMatrices.Contains(p.Tensor, StringComparer.Ordinal)) is
                { } pair
            )
            {
                adapters.Dispose();
                throw new InputException(
                    $"{path}: tensor {pair.Tensor} has a factor of its own ({ModelTraits.ScaleOf(pair.Tensor)}), so no adapter can be "
                        + "merged into it; keep the adapter in SRAM with --lora-sram"
                );
            }

            return new ImportedModel(file, graph, adapters);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A tensor that the graph needs; its shape was checked when the file was opened.</summary>
    public GgufTensor Tensor(string name) =>
        File.TryGetTensor(name, out var tensor) ? tensor : throw new InvalidOperationException($"tensor {name} was not checked");

    /// <summary>Whether an adapter is merged into that tensor, so that its stored bytes are not the model's weights.</summary>
    public bool IsMerged(string tensor) => _merged.ContainsKey(tensor);

    /// <summary>The weights of one row: the tensor's, and what merged adapters add to them.</summary>
    public void DecodeRow(GgufTensor tensor, long row, Span<float> weights)
    {
        tensor.DecodeRow(row, weights);
        if (_merged.TryGetValue(tensor.Name, out var pairs))
            foreach (var pair in pairs)
                pair.AddTo(row, weights);
    }

    /// <summary>Closes the model and its adapters.</summary>
    public void Dispose()
    {
        File.Dispose();
        _adapters.Dispose();
    }

    private static void CheckTensors(GgufFile file, ModelGraph graph, Architecture architecture)
    {
        var faults = new List<string>();
        void Expect(string name, params ReadOnlySpan<long> dimensions)
        {
            var wanted = string.Join('×', dimensions.ToArray());
            if (!file.TryGetTensor(name, out var tensor))
                faults.Add($"tensor {name} ({wanted}) is missing");
            else if (!Same(tensor.Dimensions, dimensions))
                faults.Add($"tensor {name}: expected {wanted}, found {string.Join('×', tensor.Dimensions)}");
            else if (!tensor.Type.HoldsWeights)
                faults.Add($"tensor {name}: its type {tensor.Type} holds no weights");
        }

        foreach (var matrix in MatrixList.Matrices(graph))
        {
            if (matrix.Expert < 0)
                Expect(matrix.Tensor, matrix.Inputs, matrix.Outputs);
            else if (matrix.Expert == 0)
                Expect(matrix.Tensor, matrix.Inputs, matrix.Outputs, matrix.Slices);
        }

        foreach (var vector in MatrixList.Vectors(graph))
        {
            if (!file.TryGetTensor(vector.Name, out var tensor))
                faults.Add($"tensor {vector.Name} ({vector.Count}) is missing");
            else if (tensor.Elements != vector.Count)
                faults.Add($"tensor {vector.Name}: expected {vector.Count} values, found {tensor.Elements}");
            else if (vector.Name.EndsWith("_coef.weight", StringComparison.Ordinal) && tensor.Type is not F32Format)
                faults.Add($"tensor {vector.Name}: expected F32, as its products are not rounded, found {tensor.Type}");
            else if (!tensor.Type.HoldsWeights)
                faults.Add($"tensor {vector.Name}: its type {tensor.Type} holds no weights");
        }

        faults.AddRange(Unread(file, graph, architecture));
        // Token ids index the embedding: a list of another length belongs to another model.
        if (
            file.Metadata.Find("tokenizer.ggml.tokens") is { Type: GgufValueType.Array } tokens
            && tokens.Count != graph.Shape.VocabularySize
        )
            faults.Add(
                $"key tokenizer.ggml.tokens: expected {graph.Shape.VocabularySize} tokens, as token_embd.weight has rows, found "
                    + $"{tokens.Count}"
            );
        if (faults.Count > 0)
            throw new InputException(
                $"{file.Path}: model error: {string.Join("; ", faults.Take(8))}{(faults.Count > 8 ? $"; and {faults.Count - 8} more" : "")}"
            );
    }

    private static readonly string[] OfKeys = ["attn_k.weight", "attn_v.weight", "attn_k_norm.weight"];

    // A tensor that nobody reads says that the file means another computation. llama.cpp refuses it too ("wrong number of tensors").
    private static IEnumerable<string> Unread(GgufFile file, ModelGraph graph, Architecture architecture)
    {
        var read = MatrixList
            .Matrices(graph)
            .Select(matrix => matrix.Tensor)
            .Concat(MatrixList.Vectors(graph).Select(vector => vector.Name))
            .ToHashSet(StringComparer.Ordinal);
        const string InputScale = ".input_scale";
        var layers = ReadModel.Layers(new ModelKeys(file, architecture.Name), architecture).All;
        foreach (var tensor in file.Tensors.Where(tensor => !read.Contains(tensor.Name)))
        {
            // The factors of activations belong to arithmetic that llama.cpp's CPU path does not use either.
            if (tensor.Name.EndsWith(InputScale, StringComparison.Ordinal) && read.Contains(tensor.Name[..^InputScale.Length] + ".weight"))
                continue;
            var (name, inLayer) = ArchitectureTensors.Split(tensor.Name);
            var layer = inLayer ? tensor.Name.AsSpan(4, tensor.Name.IndexOf('.', 4) - 4) : default;
            var number = -1;
            var inModel = !inLayer || (int.TryParse(layer, out number) && number < graph.Shape.Layers);
            if (inLayer && !inModel && number >= 0 && number < layers)
                continue;
            // What belongs to attention is not ignored in a layer without it.
            var known =
                architecture.Ignored.Contains(name, StringComparer.Ordinal)
                && (!inLayer || !name.StartsWith("attn_", StringComparison.Ordinal) || graph.Shape.HasAttention(number));
            // Files carry keys and values of layers that read those of others; llama.cpp loads them for nothing.
            if (inModel && inLayer && graph.Shape.KvSource(number) != number && OfKeys.Contains(name, StringComparer.Ordinal))
                continue;
            if (!inModel || !known)
                yield return $"tensor {GgufFaults.Quote(tensor.Name)} is not part of a model of architecture {architecture.Name}";
        }
    }

    // Trailing dimensions of one do not count.
    private static bool Same(IReadOnlyList<long> found, ReadOnlySpan<long> wanted)
    {
        for (var i = 0; i < Math.Max(found.Count, wanted.Length); i++)
            if ((i < found.Count ? found[i] : 1) != (i < wanted.Length ? wanted[i] : 1))
                return false;
        return true;
    }
}
