namespace TaalasSim.Runtime.Decode;

/// <summary>Names and letters of samplers, as llama.cpp's programs and server take them.</summary>
public static class SamplerNames
{
    private static readonly (SamplerKind Kind, string Name, char Letter, string[] Others)[] Rows =
    [
        (SamplerKind.Penalties, "penalties", 'e', []),
        (SamplerKind.Dry, "dry", 'd', []),
        (SamplerKind.TopNSigma, "top_n_sigma", 's', ["top-n-sigma"]),
        (SamplerKind.TopK, "top_k", 'k', ["top-k"]),
        (SamplerKind.Typical, "typ_p", 'y', ["typical-p", "typical", "typ-p", "typ", "typical_p"]),
        (SamplerKind.TopP, "top_p", 'p', ["top-p", "nucleus"]),
        (SamplerKind.MinP, "min_p", 'm', ["min-p"]),
        (SamplerKind.Xtc, "xtc", 'x', []),
        (SamplerKind.Temperature, "temperature", 't', ["temp"]),
    ];

    /// <summary>The order of a chain that nobody changed.</summary>
    public static IReadOnlyList<SamplerKind> Default { get; } = [.. Rows.Select(row => row.Kind)];

    /// <summary>The name of a sampler.</summary>
    public static string Of(SamplerKind kind) => Rows.Single(row => row.Kind == kind).Name;

    /// <summary>Samplers by name; unknown names are left out, as llama.cpp does.</summary>
    public static IReadOnlyList<SamplerKind> FromNames(IEnumerable<string> names) =>
        [
            .. names.SelectMany(name =>
                Rows.Where(row => row.Name == name || row.Others.Contains(name, StringComparer.Ordinal)).Select(row => row.Kind)
            ),
        ];

    /// <summary>Samplers by letter; unknown letters are left out, as llama.cpp does.</summary>
    public static IReadOnlyList<SamplerKind> FromLetters(string letters) =>
        [.. letters.SelectMany(letter => Rows.Where(row => row.Letter == letter).Select(row => row.Kind))];
}
