namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

internal enum JinjaTokenKind
{
    /// <summary>Text outside the braces.</summary>
    Data,
    Name,
    Text,
    Integer,
    Float,

    /// <summary>Punctuation, an operator or a brace pair.</summary>
    Operator,
    End,
}
