namespace TaalasSim.Compiler.Conversion;

/// <summary>What a conversion made.</summary>
/// <param name="File">The GGUF file.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Type">What matrices are stored as.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Parameters">Number of values.</param>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="PreTokenizer">Name of the pre-tokenizer.</param>
/// <param name="Notes">What the user should know, one line each.</param>
public sealed record ConvertResult(
    string File,
    string Architecture,
    string Type,
    int Tensors,
    long Parameters,
    long Bytes,
    string PreTokenizer,
    IReadOnlyList<string> Notes
);
