using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>Figures of one system at one service point.</summary>
public sealed record ServicePoint
{
    /// <summary>Figures of every comparison, in the order of the tables.</summary>
    public static IReadOnlyList<FigureDefinition> Compared { get; } =
    [
        FigureCatalog.TokensPerSecondUser,
        FigureCatalog.TokensPerSecondTotal,
        FigureCatalog.Watts,
        FigureCatalog.JoulesPerToken,
        FigureCatalog.UsdPerMillionTokens,
    ];

    /// <summary>Figures of the first table of a report, in its order.</summary>
    public static IReadOnlyList<FigureDefinition> Shown { get; } =
    [
        FigureCatalog.TokensPerSecondUser,
        FigureCatalog.TokensPerSecondTotal,
        FigureCatalog.TimeToFirstTokenUs,
        FigureCatalog.Watts,
        FigureCatalog.JoulesPerToken,
        FigureCatalog.UsdPerMillionTokens,
    ];

    /// <summary>Figures of machine-readable output. Those of prompts are missing for GPUs, whose prompts are in the time of the
    /// answer.</summary>
    public static IReadOnlyList<FigureDefinition> Recorded { get; } =
    [
        .. Compared,
        FigureCatalog.TimeToFirstTokenUs,
        FigureCatalog.PromptTokensPerSecond,
        FigureCatalog.JoulesPerPromptToken,
        FigureCatalog.UsdPerMillionPromptTokens,
    ];

    /// <summary>Requests in flight.</summary>
    public required double Users { get; init; }

    /// <summary>Figures with their intervals.</summary>
    public required IReadOnlyDictionary<FigureDefinition, UncertaintyRange> Figures { get; init; }

    /// <summary>Figures that the model was fitted on; all others are predictions.</summary>
    public IReadOnlySet<FigureDefinition> Calibrated { get; init; } = new HashSet<FigureDefinition>();

    /// <summary>What limits the speed, in words; empty when not known.</summary>
    public string Limit { get; init; } = "";

    /// <summary>A figure that the point has.</summary>
    public UncertaintyRange this[FigureDefinition figure] => Figures[figure];

    /// <summary><c>calibrated</c> or <c>predicted</c>.</summary>
    public string BasisText(FigureDefinition figure) => Calibrated.Contains(figure) ? "calibrated" : "predicted";

    /// <summary>The point under the keys of machine-readable output; figures that it does not have are null.</summary>
    public IReadOnlyDictionary<string, object?> Fields()
    {
        var fields = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["users"] = Users };
        foreach (var figure in Recorded)
            fields.Add(
                figure.Key,
                Figures.TryGetValue(figure, out var range)
                    ? new
                    {
                        range.Value,
                        range.Low,
                        range.High,
                        Basis = BasisText(figure),
                    }
                    : null
            );
        fields.Add("limit", Limit);
        return fields;
    }
}
