namespace TaalasSim.Reports.Validation;

/// <summary>Error of one group of figures in one role.</summary>
public sealed record ValidationGroup
{
    /// <summary>Suite of its rows; see <see cref="ValidationRow.Suite"/>.</summary>
    public required string Suite { get; init; }

    /// <summary>Kind of figure.</summary>
    public required string Name { get; init; }

    /// <inheritdoc cref="ValidationRow.Role"/>
    public required string Role { get; init; }

    /// <summary>Figures.</summary>
    public required int Count { get; init; }

    /// <summary>Mean absolute error, %.</summary>
    public required double MeanAbsPct { get; init; }

    /// <summary>Largest absolute error, %.</summary>
    public required double WorstPct { get; init; }

    /// <summary>Mean signed error, %.</summary>
    public required double BiasPct { get; init; }

    /// <summary>Largest accepted error, %: of the mean in the suite <c>gpu</c>, of every row elsewhere.</summary>
    public required double GatePct { get; init; }

    /// <summary>Whether the gate holds for the group, known misses apart.</summary>
    public required bool Pass { get; init; }

    /// <summary>Rows that miss their gate for a published reason.</summary>
    public int KnownMisses { get; init; }

    /// <summary>Groups of rows whose every row has to pass, in the order of their first rows.</summary>
    public static IReadOnlyList<ValidationGroup> Of(IEnumerable<ValidationRow> rows) =>
        [
            .. from row in rows
            group row by (row.Suite, row.Role, row.Group) into g
            select new ValidationGroup
            {
                Suite = g.Key.Suite,
                Name = g.Key.Group,
                Role = g.Key.Role,
                Count = g.Count(),
                MeanAbsPct = g.Average(r => Math.Abs(r.ErrorPct)),
                WorstPct = g.Max(r => Math.Abs(r.ErrorPct)),
                BiasPct = g.Average(r => r.ErrorPct),
                GatePct = g.Max(r => r.GatePct),
                Pass = g.All(r => r.Pass),
                KnownMisses = g.Count(r => r.KnownMiss.Length > 0),
            },
        ];
}
