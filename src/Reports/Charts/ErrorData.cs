namespace TaalasSim.Reports.Charts;

/// <summary>Errors of predictions by group.</summary>
public sealed record ErrorData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>Groups from top to bottom.</summary>
    public required IReadOnlyList<ErrorGroup> Groups { get; init; }
}

/// <summary>Errors of one group.</summary>
/// <param name="Name">Group in words.</param>
/// <param name="Errors">Predicted over measured less one: 0.1 is ten per cent too high.</param>
public sealed record ErrorGroup(string Name, IReadOnlyList<double> Errors);
