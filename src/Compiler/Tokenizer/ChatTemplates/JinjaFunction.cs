namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Something a template can call.</summary>
internal delegate object? JinjaFunction(JinjaArguments arguments);
