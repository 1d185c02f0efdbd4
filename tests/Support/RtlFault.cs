using System.Globalization;
using System.Text;

namespace TaalasSim.Support;

/// <summary>A fault in exported Verilog or C++: one expression becomes another. One build holds many faults; a run chooses one with
/// the file <c>fault.hex</c> in its folder.</summary>
/// <param name="File">File of the export.</param>
/// <param name="Context">Text in which the expression begins; the first occurrence in the file counts.</param>
/// <param name="Right">The expression.</param>
/// <param name="Wrong">What it becomes.</param>
public sealed record RtlFault(string File, string Context, string Right, string Wrong)
{
    /// <summary>The file that chooses the fault of a run; a number that no fault has means none.</summary>
    public const string Choice = "fault.hex";

    private const string Verilog = """
            // Which fault this run has.
            reg [31:0] fault [0:0];
            initial $readmemh("fault.hex", fault);

        """;

    private const string Cpp = """
        static unsigned fault_of_file() {
            unsigned number = 0;
            if (FILE* file = std::fopen("fault.hex", "r")) { if (std::fscanf(file, "%x", &number) != 1) number = 0; std::fclose(file); }
            return number;
        }
        static const unsigned fault[1] = { fault_of_file() };

        """;

    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Right} becomes {Wrong}";

    /// <summary>Puts faults into the files of a folder; fault i has number i + 1.</summary>
    /// <exception cref="InvalidOperationException">A fault's text is not in its file.</exception>
    public static void PutInto(string folder, IReadOnlyList<RtlFault> faults)
    {
        Choose(folder, 0);
        foreach (var group in faults.Select((f, i) => (Fault: f, Number: i + 1)).GroupBy(f => f.Fault.File, StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, group.Key);
            var text = new StringBuilder(System.IO.File.ReadAllText(path));
            // From the end to the start, so that places stay where they are. Faults of one expression stand side by side.
            foreach (var place in group.GroupBy(f => Place(text.ToString(), f.Fault)).OrderByDescending(p => p.Key).ToArray())
            {
                var right = place.First().Fault.Right;
                var wrong = string.Concat(
                    place.Select(f => string.Create(CultureInfo.InvariantCulture, $"fault[0] == {f.Number} ? ({f.Fault.Wrong}) : "))
                );
                text.Remove(place.Key, right.Length).Insert(place.Key, $"({wrong}({right}))");
            }

            System.IO.File.WriteAllText(path, WithChoice(text.ToString(), group.Key));
        }
    }

    /// <summary>Says which fault the next run has; 0: none.</summary>
    public static void Choose(string folder, int number) =>
        System.IO.File.WriteAllText(Path.Combine(folder, Choice), number.ToString("x", CultureInfo.InvariantCulture) + "\n");

    private static int Place(string text, RtlFault fault)
    {
        var context = text.IndexOf(fault.Context, StringComparison.Ordinal);
        var at = context < 0 ? -1 : text.IndexOf(fault.Right, context, StringComparison.Ordinal);
        return at >= 0 && at <= context + fault.Context.Length
            ? at
            : throw new InvalidOperationException($"{fault.File} has no '{fault.Context}' with '{fault.Right}'");
    }

    // In Verilog behind the ports of the module; an included file takes the choice of the module that includes it.
    private static string WithChoice(string text, string file) =>
        Path.GetExtension(file) switch
        {
            ".v" => text.Insert(text.IndexOf("\n);\n", StringComparison.Ordinal) + 4, Verilog),
            ".cpp" => text.Insert(text.IndexOf("namespace {", StringComparison.Ordinal), Cpp),
            _ => text,
        };
}
