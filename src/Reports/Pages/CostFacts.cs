using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>Money and weeks with their intervals and formulas.</summary>
public static class CostFacts
{
    private static readonly (string Field, string Name)[] Fields =
    [
        ("die_mm2", "area of one die"),
        ("yield", "yield"),
        ("dies_per_wafer", "dies on a wafer"),
        ("die_usd", "one good die"),
        ("card_usd", "card at cost"),
        ("one_time_usd_per_model", "one-time cost of a model: custom masks, compilation, share of the platform"),
        ("usd_per_million_tokens", "all in"),
        ("turnaround_weeks", "from a finished model to cards"),
    ];

    /// <summary>Facts of a Monte Carlo study.</summary>
    public static IReadOnlyList<Fact> Of(IReadOnlyList<FieldUncertainty> study) =>
        [
            .. from field in Fields
            let figure = study.First(f => f.Field.Name == field.Field)
            select new Fact(field.Name, $"{NumberText.Range(figure.Interval)} {Unit(figure.Field.Unit)}".TrimEnd(), figure.Field.Formula),
        ];

    private static string Unit(string unit) =>
        unit switch
        {
            "USD/Mtok" => "USD per million tokens",
            "mm2" => "mm²",
            "fraction" or "1" or "dies" => "",
            _ => unit,
        };
}
