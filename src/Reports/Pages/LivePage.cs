namespace TaalasSim.Reports.Pages;

/// <summary>The model inside a page, and what it starts from.</summary>
/// <param name="Design">Design of the report.</param>
/// <param name="Controls">What a reader can change.</param>
/// <param name="Program">Files of the program for browsers, by name.</param>
/// <param name="Descriptions">Descriptions that the model reads, by their path inside <c>chips</c>.</param>
public sealed record LivePage(
    LiveDesign Design,
    IReadOnlyList<LiveControl> Controls,
    IReadOnlyList<(string Name, byte[] Content)> Program,
    IReadOnlyList<(string Name, byte[] Content)> Descriptions
);
