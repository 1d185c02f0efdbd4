using TaalasSim.ChipModel.Languages;
using TaalasSim.Compiler.Conversion;

namespace TaalasSim.Cli.Terminal;

/// <summary>What a conversion has to say beside its result.</summary>
internal static class ConversionOutput
{
    /// <summary>Writes the notes on standard error.</summary>
    public static void WriteNotes(string folder, ConvertResult result)
    {
        foreach (var note in result.Notes)
            Console.Error.WriteLine($"note: {NameGate.Visible(folder)}: {NameGate.Visible(note)}");
    }
}
