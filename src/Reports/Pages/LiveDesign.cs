namespace TaalasSim.Reports.Pages;

/// <summary>The design that a page starts from; descriptions are looked up by name in the files that the page carries.</summary>
public sealed record LiveDesign
{
    /// <summary>Shape of <c>chips/models</c> or a YAML file.</summary>
    public required string Model { get; init; }

    /// <summary>Fabric of <c>chips/fabrics</c> or a YAML file.</summary>
    public required string Fabric { get; init; }

    /// <summary>Code format of the weights.</summary>
    public required string Weights { get; init; }

    /// <summary>GPUs, each <c>NAME[:ENGINE[:WEIGHTS[:CARDS]]]</c>.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>Prompt tokens per request.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Answer tokens per request.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>Share of the time under load, above 0 and at most 1.</summary>
    public required double Utilisation { get; init; }
}
