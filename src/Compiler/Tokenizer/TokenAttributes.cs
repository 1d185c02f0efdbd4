namespace TaalasSim.Compiler.Tokenizer;

/// <summary>What a token is and how its surroundings are treated; several may hold at once.</summary>
[Flags]
internal enum TokenAttributes
{
    None = 0,
    Normal = 1,
    Unknown = 2,
    Control = 4,
    UserDefined = 8,
    Byte = 16,
    Unused = 32,

    /// <summary>White space before the token belongs to it.</summary>
    StripLeft = 64,

    /// <summary>White space after the token belongs to it.</summary>
    StripRight = 128,
}
