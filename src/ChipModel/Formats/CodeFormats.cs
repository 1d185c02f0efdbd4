using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// The registry of formats. It holds every <see cref="CodeFormat"/> with a parameterless constructor in this assembly, and those that other
/// assemblies add with <see cref="Register"/>.
/// </summary>
public static class CodeFormats
{
    private static readonly Lock Gate = new();

    private static volatile Tables tables = new(
        typeof(CodeFormat)
            .Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(CodeFormat)))
            .Select(type => (CodeFormat)Activator.CreateInstance(type)!)
    );

    /// <summary>All formats that hold weights: GGUF types by id, then the fabric's own by width.</summary>
    public static IReadOnlyList<CodeFormat> All => tables.Weights;

    /// <summary>Every type that a tensor of a GGUF file can have, by id.</summary>
    public static IReadOnlyList<CodeFormat> GgufTypes => tables.Gguf;

    /// <summary>Adds a format of another assembly; it is taken out again when the result is disposed.</summary>
    /// <exception cref="ArgumentException">Its name or its id is taken, or its blocks are larger than kernels can hold.</exception>
    public static IDisposable Register(CodeFormat format)
    {
        if (format.BlockWeights > BlockCodes.MaximumWeights || format.BlockBytes > BlockCodes.MaximumWeights)
            throw new ArgumentException($"{format.Name}: a block has at most 256 weights in 256 bytes", nameof(format));
        lock (Gate)
        {
            var all = tables.Formats;
            if (all.FirstOrDefault(f => f.Name == format.Name || (format.GgmlType >= 0 && f.GgmlType == format.GgmlType)) is { } taken)
                throw new ArgumentException(
                    $"{format.Name} ({format.GgmlType}) collides with {taken.Name} ({taken.GgmlType})",
                    nameof(format)
                );
            tables = new Tables(all.Append(format));
        }

        return new Registration(format);
    }

    /// <summary>The type of a GGUF type id, or null when there is none.</summary>
    public static CodeFormat? FindGgml(int id) => tables.ById.GetValueOrDefault(id);

    /// <summary>Name of a type that ggml once had and then took away, or null when <paramref name="id"/> never named one.</summary>
    public static string? RemovedName(int id) =>
        id switch
        {
            4 => "Q4_2",
            5 => "Q4_3",
            31 => "Q4_0_4_4",
            32 => "Q4_0_4_8",
            33 => "Q4_0_8_8",
            36 => "IQ4_NL_4_4",
            37 => "IQ4_NL_4_8",
            38 => "IQ4_NL_8_8",
            _ => null,
        };

    /// <summary>The format of a GGUF type id that can be hard-wired.</summary>
    /// <exception cref="InputException">The id is not one that weights can have.</exception>
    public static CodeFormat OfGgml(int id) =>
        FindGgml(id) is { HoldsWeights: true } format
            ? format
            : throw new InputException($"tensor type id {id} cannot be hard-wired; re-quantise with --weights rom4");

    /// <summary>The format of that name, or null when there is none.</summary>
    public static CodeFormat? Find(string name) => tables.ByName.GetValueOrDefault(name);

    /// <summary>The format of that name that holds weights.</summary>
    /// <exception cref="InputException">No such format.</exception>
    public static CodeFormat Named(string name) =>
        tables.ByName.TryGetValue(name, out var format)
            ? format
            : throw new InputException($"unknown code format '{name}'; known: {string.Join(' ', All.Select(f => f.Name))}");

    private sealed class Registration(CodeFormat format) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
                tables = new Tables(tables.Formats.Where(f => f != format));
        }
    }

    private sealed class Tables
    {
        public Tables(IEnumerable<CodeFormat> formats)
        {
            Formats = [.. formats];
            Gguf = [.. Formats.Where(f => f.GgmlType >= 0).OrderBy(f => f.GgmlType)];
            Weights = [.. Gguf.Where(f => f.HoldsWeights), .. Formats.Where(f => f.GgmlType < 0).OrderBy(f => f.CodeBits)];
            ByName = Weights.ToDictionary(f => f.Name, StringComparer.Ordinal);
            ById = Gguf.ToDictionary(f => f.GgmlType);
        }

        public CodeFormat[] Formats { get; }

        public CodeFormat[] Gguf { get; }

        public CodeFormat[] Weights { get; }

        public Dictionary<string, CodeFormat> ByName { get; }

        public Dictionary<int, CodeFormat> ById { get; }
    }
}
