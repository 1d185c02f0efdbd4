namespace TaalasSim.Reports.Validation;

/// <summary>What the suites found.</summary>
public sealed record ValidationReport
{
    /// <summary>Errors of the rows by suite, role and kind of figure.</summary>
    public required IReadOnlyList<ValidationGroup> Groups { get; init; }

    /// <summary>Figures with a prediction, suite by suite.</summary>
    public required IReadOnlyList<ValidationRow> Rows { get; init; }

    /// <summary>Figures without a prediction; with <see cref="Rows"/> every figure of the suites.</summary>
    public required IReadOnlyList<UnmodelledRow> Unmodelled { get; init; }

    /// <summary>Whether every gate holds, known misses apart.</summary>
    public bool Pass => Groups.All(g => g.Pass);

    /// <summary>Rows that miss their gate for a published reason.</summary>
    public int KnownMisses => Groups.Sum(g => g.KnownMisses);

    /// <summary>A report whose groups follow from its rows.</summary>
    public static ValidationReport Of(IReadOnlyList<ValidationRow> rows, IReadOnlyList<UnmodelledRow>? unmodelled = null) =>
        new()
        {
            Groups = ValidationGroup.Of(rows),
            Rows = rows,
            Unmodelled = unmodelled ?? [],
        };

    /// <summary>Reports one behind another.</summary>
    public static ValidationReport Join(IEnumerable<ValidationReport> parts)
    {
        var list = parts.ToList();
        return new()
        {
            Groups = [.. list.SelectMany(p => p.Groups)],
            Rows = [.. list.SelectMany(p => p.Rows)],
            Unmodelled = [.. list.SelectMany(p => p.Unmodelled)],
        };
    }
}
