using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Adapters;

/// <summary>A low-rank adapter (LoRA) in a GGUF file, checked against the model that it was trained for.</summary>
public sealed class LoraAdapter : IDisposable
{
    private const string SuffixA = ".lora_a";
    private const string SuffixB = ".lora_b";
    private const string Embedding = "token_embd.weight";
    private const long MostValues = 1L << 30;

    private readonly GgufFile _file;

    private LoraAdapter(GgufFile file, AdapterFile request, float alpha, IReadOnlyList<LoraPair> pairs)
    {
        _file = file;
        Request = request;
        Alpha = alpha;
        Pairs = pairs;
    }

    /// <summary>File and scale that were asked for.</summary>
    public AdapterFile Request { get; }

    /// <summary><c>adapter.lora.alpha</c>; 0 when the file does not scale.</summary>
    public float Alpha { get; }

    /// <summary>One pair for each adapted tensor, in the order of the file.</summary>
    public IReadOnlyList<LoraPair> Pairs { get; }

    /// <summary>Every file of the adapter.</summary>
    public IReadOnlyList<string> Files => _file.Files;

    /// <summary>Opens an adapter.</summary>
    /// <param name="request">File and scale.</param>
    /// <param name="model">Model that it is for.</param>
    /// <exception cref="InputException">Not an adapter, for another architecture, or its tensors do not fit the model's; all faults in one
    /// line.</exception>
    public static LoraAdapter Open(AdapterFile request, GgufFile model)
    {
        var file = GgufFile.Open(request.Path);
        try
        {
            CheckKind(file, model);
            var alpha = file.Metadata.Get("adapter.lora.alpha", 0f);
            if (!float.IsFinite(alpha))
                throw new InputException(
                    $"{file.Path}: model error: key adapter.lora.alpha: expected a finite number, found {alpha}; make the adapter "
                        + "again from its checkpoint"
                );
            return new LoraAdapter(file, request, alpha, ReadPairs(file, model, request.Scale, alpha));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static void CheckKind(GgufFile file, GgufFile model)
    {
        void Expect(string key, string expected, string remedy)
        {
            var found = file.Metadata.TryGetString(key, out var text) ? GgufFaults.Quote(text) : "nothing";
            if (found != GgufFaults.Quote(expected))
                throw new InputException($"{file.Path}: model error: key {key}: expected '{expected}', found {found}; {remedy}");
        }

        Expect("general.type", "adapter", "give the GGUF of a LoRA adapter");
        Expect("adapter.type", "lora", "only low-rank adapters are supported");
        Expect(
            "general.architecture",
            model.Metadata.GetString("general.architecture"),
            $"the adapter must be made for the model, {model.Path}"
        );
        if (file.Metadata.Contains("adapter.alora.invocation_tokens"))
            throw new InputException(
                $"{file.Path}: is an activated LoRA, which acts only after its invocation tokens; hard-wired and SRAM adapters always "
                    + "act, so give an ordinary LoRA"
            );
    }

    private static List<LoraPair> ReadPairs(GgufFile file, GgufFile model, float user, float alpha)
    {
        var faults = new List<string>();
        var halves = new OrderedDictionary<string, (GgufTensor? A, GgufTensor? B)>(StringComparer.Ordinal);
        foreach (var tensor in file.Tensors)
        {
            // Fine-tuned norms are stored whole in some adapters; llama.cpp passes over them too.
            if (tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal))
                continue;
            var isA = tensor.Name.EndsWith(SuffixA, StringComparison.Ordinal);
            if (!isA && !tensor.Name.EndsWith(SuffixB, StringComparison.Ordinal))
            {
                faults.Add($"tensor {GgufFaults.Quote(tensor.Name)} is neither {SuffixA} nor {SuffixB}");
                continue;
            }
            var basis = tensor.Name[..^SuffixA.Length];
            var pair = halves.GetValueOrDefault(basis);
            halves[basis] = isA ? (tensor, pair.B) : (pair.A, tensor);
        }

        var pairs = new List<LoraPair>();
        foreach (var (name, (a, b)) in halves)
        {
            if (a is null || b is null)
                faults.Add($"tensor {GgufFaults.Quote(name)} has no {(a is null ? SuffixA : SuffixB)}");
            else if (!model.TryGetTensor(name, out var basis))
                faults.Add($"tensor {GgufFaults.Quote(name)} does not exist in {model.Path}");
            else if (Misfit(basis, a, b) is { } misfit)
                faults.Add($"tensor {GgufFaults.Quote(name)}: {misfit}");
            else if (a.Elements > MostValues || b.Elements > MostValues)
                faults.Add($"tensor {GgufFaults.Quote(name)}: is larger than an adapter's {MostValues} values");
            else
                pairs.Add(new LoraPair(basis, a, b, alpha != 0 ? user * alpha / b.RowLength : user, basis.Name == Embedding));
        }
        faults.AddRange(
            pairs.Where(p => !p.IsFinite).Select(p => $"tensor {GgufFaults.Quote(p.Tensor)}: holds a value that is not finite")
        );
        if (faults.Count == 0 && pairs.Count == 0)
            faults.Add("holds no pair of lora_a and lora_b");
        return faults.Count == 0
            ? pairs
            : throw new InputException(
                $"{file.Path}: adapter error: "
                    + $"{string.Join("; ", faults.Take(8))}{(faults.Count > 8 ? $"; and {faults.Count - 8} more" : "")}; make the "
                    + "adapter again from its checkpoint and this model"
            );
    }

    /// <summary>Why A and B do not fit the tensor, or null.</summary>
    private static string? Misfit(GgufTensor basis, GgufTensor a, GgufTensor b)
    {
        static string Sizes(params long[] sizes) => $"{{{string.Join(", ", sizes)}}}";
        var (inputs, outputs, experts) = (basis.Dimension(0), basis.Dimension(1), basis.Dimension(2));
        if (basis.Dimensions.Count < 2 || basis.Dimension(3) > 1)
            return "is not a matrix, so no adapter fits it";
        var rank = b.Dimension(0);
        if (rank is < 1 or > 1 << 16)
            return $"expected a rank from 1, found {rank}";
        long[] expectedA = basis.Name == Embedding ? [rank, outputs, 1, 1] : [inputs, rank, experts, 1];
        long[] expectedB = basis.Name == Embedding ? [rank, inputs, 1, 1] : [rank, outputs, experts, 1];
        bool Same(GgufTensor tensor, long[] sizes) => Enumerable.Range(0, 4).All(axis => tensor.Dimension(axis) == sizes[axis]);
        if (!Same(b, expectedB))
            return $"expected lora_b of {Sizes(expectedB[..3])}, found {Sizes([.. b.Dimensions])}";
        return Same(a, expectedA) ? null : $"expected lora_a of {Sizes(expectedA[..3])}, found {Sizes([.. a.Dimensions])}";
    }
}
