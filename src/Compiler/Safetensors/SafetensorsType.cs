namespace TaalasSim.Compiler.Safetensors;

/// <summary>A type of safetensors elements.</summary>
/// <param name="Name">Name in the header.</param>
/// <param name="Bits">Bits of one element.</param>
public sealed record SafetensorsType(string Name, int Bits)
{
    private static readonly Dictionary<string, SafetensorsType> ByName = new SafetensorsType[]
    {
        new("BOOL", 8),
        new("F4", 4),
        new("F6_E2M3", 6),
        new("F6_E3M2", 6),
        new("U8", 8),
        new("I8", 8),
        new("F8_E4M3", 8),
        new("F8_E5M2", 8),
        new("F8_E8M0", 8),
        new("F8_E4M3FNUZ", 8),
        new("F8_E5M2FNUZ", 8),
        new("I16", 16),
        new("U16", 16),
        new("F16", 16),
        new("BF16", 16),
        new("I32", 32),
        new("U32", 32),
        new("F32", 32),
        new("I64", 64),
        new("U64", 64),
        new("F64", 64),
        new("C64", 64),
    }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of that name, or null.</summary>
    public static SafetensorsType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
