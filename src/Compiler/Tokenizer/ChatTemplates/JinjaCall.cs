using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>One use of a <see cref="JinjaOperation"/> with its arguments bound.</summary>
/// <param name="What">Kind and name for messages.</param>
/// <param name="Budget">Bounds the work.</param>
/// <param name="Target">The value that it works on.</param>
/// <param name="Bound">Arguments in the order of the signature; <see cref="Absent"/> where none was given.</param>
/// <param name="Arguments">The same as given; for operations that take further ones.</param>
internal sealed record JinjaCall(string What, JinjaBudget Budget, object? Target, object?[] Bound, JinjaArguments Arguments)
{
    /// <summary>The value of an argument that was not given.</summary>
    public static readonly object Absent = new();

    public int Line => Arguments.Line;

    /// <summary>The target as Python's str() gives it.</summary>
    public string Text => JinjaValues.ToText(Target);

    /// <summary>The target's items; refuses what has none.</summary>
    public List<object?> Items => JinjaValues.Items(Budget, Line, Target);

    public bool Has(int at) => !ReferenceEquals(Bound[at], Absent);

    public object? Get(int at, object? fallback = null) => Has(at) ? Bound[at] : fallback;

    public bool Flag(int at, bool fallback = false) => Has(at) ? JinjaValues.IsTrue(Bound[at]) : fallback;

    public string TextAt(int at, string? fallback = null) => Get(at, fallback) as string ?? throw Fault($"argument {at + 1} must be text");

    public long WholeAt(int at, long? fallback = null) =>
        Get(at, fallback) switch
        {
            long whole => whole,
            bool flag => flag ? 1 : 0,
            _ => throw Fault($"argument {at + 1} must be a whole number"),
        };

    /// <summary>A count that stands for memory: bounded before anything is made.</summary>
    public int SizeAt(int at, long fallback)
    {
        var size = Math.Max(0, WholeAt(at, fallback));
        Budget.Spend(Line, size);
        return (int)size;
    }

    public InputException Fault(string why) => JinjaFault.At(Line, $"{What}: {why}");

    public string Made(string text) => Budget.Made(Line, text);

    public List<object?> Made(IEnumerable<object?> items) => Budget.Made(Line, items.ToList());
}
