using System.Globalization;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>A tiny model as data: sizes, keys and a list of tensors; its values follow from a seed.</summary>
internal sealed record SeededModel
{
    public const int Vocabulary = 96;

    public required string Architecture { get; init; }

    /// <summary>Sizes by the letters that <see cref="Tensors"/> uses for them.</summary>
    public required IReadOnlyDictionary<char, int> Sizes { get; init; }

    /// <summary>Keys below the architecture's name: int is written as u32, float as f32.</summary>
    public required IReadOnlyList<(string Key, object Value)> Keys { get; init; }

    /// <summary>Lines "name size size …"; <c>*</c> in a name stands for every layer, <c>2-4</c> for
    /// some. Sums and products of letters as in
    /// <c>q+2k</c>.</summary>
    public required string Tensors { get; init; }

    public int Layers { get; init; } = 2;

    /// <summary>Mask token of a diffusion model; null writes none.</summary>
    public uint? MaskToken { get; init; }

    /// <summary>Type of the matrices; vectors and routers are F32.</summary>
    public CodeFormat Type { get; init; } = CodeFormats.Named("f32");

    /// <summary>Type of the experts' matrices, where it differs.</summary>
    public CodeFormat? ExpertType { get; init; }

    /// <summary>The model with more keys, which replace keys of the same name; null takes one away.</summary>
    public SeededModel With(params (string Key, object? Value)[] keys) =>
        this with
        {
            Keys =
            [
                .. Keys.Where(k => keys.All(n => n.Key != k.Key)),
                .. keys.Where(n => n.Value is not null).Select(n => (n.Key, n.Value!)),
            ],
        };

    /// <summary>The model with more tensors.</summary>
    public SeededModel And(string tensors) => this with { Tensors = Tensors + '\n' + tensors };

    /// <summary>The model with another size of a letter.</summary>
    public SeededModel Resize(char letter, int size) => this with { Sizes = new Dictionary<char, int>(Sizes) { [letter] = size } };

    /// <summary>The model with other names of tensors.</summary>
    public SeededModel Replace(string part, string by) => this with { Tensors = Tensors.Replace(part, by, StringComparison.Ordinal) };

    /// <summary>The model without the tensors of these names.</summary>
    public SeededModel Without(params string[] names) =>
        this with
        {
            Tensors = string.Join('\n', Tensors.Split('\n').Where(line => !names.Contains(line.Split(' ')[0], StringComparer.Ordinal))),
        };

    /// <summary>Sixty-four token ids.</summary>
    public static int[] Tokens => [.. Enumerable.Range(0, 64).Select(i => (int)(SeededTensor.Hash((uint)i, 77) % Vocabulary))];

    public void Write(string path)
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", Architecture);
        writer.Add($"{Architecture}.block_count", (uint)Layers);
        foreach (var (key, value) in Keys)
            Add(writer, $"{Architecture}.{key}", value);
        writer.Add("tokenizer.ggml.model", "llama");
        if (MaskToken is { } mask)
            writer.Add("tokenizer.ggml.mask_token_id", mask);
        writer.AddArray(
            "tokenizer.ggml.tokens",
            (string[])
                [
                    "<unk>",
                    "<s>",
                    "</s>",
                    .. Enumerable.Range(3, Vocabulary - 3).Select(i => string.Create(CultureInfo.InvariantCulture, $"t{i}")),
                ]
        );
        writer.AddArray("tokenizer.ggml.scores", new float[Vocabulary]);
        writer.AddArray("tokenizer.ggml.token_type", (int[])[2, 3, 3, .. Enumerable.Repeat(1, Vocabulary - 3)]);
        uint seed = 1;
        foreach (var line in Tensors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ');
            long[] sizes = [.. words[1..].Select(Size)];
            foreach (var name in Names(words[0]))
            {
                var type =
                    sizes.Length == 1
                    || name.EndsWith(".bias", StringComparison.Ordinal)
                    || name == "token_embd.weight" && Type == CodeFormats.Named("nvfp4")
                    || name.Contains("gate_inp", StringComparison.Ordinal)
                    || (name.Contains("altup_", StringComparison.Ordinal) && sizes.Length == 2)
                    || name.Contains(".laurel_", StringComparison.Ordinal)
                    || name.Contains(".conv.", StringComparison.Ordinal)
                    || name.Contains("_conv1d.", StringComparison.Ordinal)
                    || name.EndsWith(".ssm_a", StringComparison.Ordinal)
                    || name.EndsWith(".ssm_d", StringComparison.Ordinal)
                    || name.EndsWith("norm.weight", StringComparison.Ordinal)
                        ? CodeFormats.Named("f32")
                    : sizes.Length == 3 ? ExpertType ?? Type
                    : Type;
                writer.AddTensor(name, type, sizes, SeededTensor.Bytes(name, type, sizes, seed++));
            }
        }

        writer.Save(path);
    }

    /// <summary>Names that a pattern stands for.</summary>
    public IEnumerable<string> Names(string pattern)
    {
        var name = pattern.Split('.', 3);
        if (name[0] != "blk" || name[1].AsSpan().IndexOfAny('*', '-') < 0)
            return [pattern];
        var ends = name[1] == "*" ? [0, Layers - 1] : Array.ConvertAll(name[1].Split('-'), n => int.Parse(n, CultureInfo.InvariantCulture));
        return Enumerable
            .Range(ends[0], ends[^1] - ends[0] + 1)
            .Select(layer => string.Create(CultureInfo.InvariantCulture, $"blk.{layer}.{name[2]}"));
    }

    // Terms joined by +, each an optional factor and a letter.
    private long Size(string text) =>
        text.Split('+').Sum(term => (long)Sizes[term[^1]] * (term.Length > 1 ? int.Parse(term[..^1], CultureInfo.InvariantCulture) : 1));

    private static void Add(GgufWriter writer, string key, object value)
    {
        switch (value)
        {
            case int n:
                writer.Add(key, (uint)n);
                break;
            case float x:
                writer.Add(key, x);
                break;
            case bool b:
                writer.Add(key, b);
                break;
            case string text:
                writer.Add(key, text);
                break;
            case int[] list:
                writer.AddArray(key, list);
                break;
            case bool[] list:
                writer.AddArray(key, list);
                break;
            default:
                throw new ArgumentException($"{key} has a type without a rule", nameof(value));
        }
    }
}
