using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Words a fault of a template: always with its line, in one line.</summary>
internal static class JinjaFault
{
    public static InputException At(int line, string what) => new($"chat template, line {line}: {what.ReplaceLineEndings(" ")}");
}
