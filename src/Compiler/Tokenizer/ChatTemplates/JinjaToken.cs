namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Value, int Line);
