namespace TaalasSim.Reports.Advice;

/// <summary>Ways to serve a model, best first.</summary>
public sealed record AdviceReport
{
    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>Traffic in words.</summary>
    public required string Traffic { get; init; }

    /// <summary>Day of the price list.</summary>
    public required string PricesDate { get; init; }

    /// <summary>Those that hold all limits by rank, then those that break some, then those that cannot serve.</summary>
    public required IReadOnlyList<AdviceRow> Rows { get; init; }

    /// <summary>The answer, a sentence each.</summary>
    public required IReadOnlyList<string> Verdict { get; init; }
}
