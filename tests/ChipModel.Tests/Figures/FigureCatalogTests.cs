using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Figures;

/// <summary>Each figure is defined once, and its derivation is data.</summary>
[Category("Physics")]
public sealed class FigureCatalogTests
{
    private static readonly Lazy<EvaluationDetails> Details = new(() =>
        ChipEvaluation.Explain(
            EvaluationInput.Of(ShapePlan.Hc1Llama()),
            ShapePlan.Technology("n6"),
            YamlReader.Read<PriceBook>(Shared.InRepo("chips/prices/2026-11.yaml")),
            new ServiceShape(1000, 1000)
        )
    );

    private static IEnumerable<FigureDefinition> All => FigureCatalog.All;

    // Formulas are in seconds; keys of documents give times below a second in microseconds.
    [Test]
    public void Every_number_of_an_evaluation_has_one_definition()
    {
        var numbers = typeof(ChipFigures)
            .GetProperties()
            .Where(p => p.PropertyType != typeof(FabricUnit))
            .Select(p => Key(p.Name).Replace("first_token_seconds", "first_token_us", StringComparison.Ordinal));
        Assert.That(All.Select(f => f.Key), Is.EquivalentTo(numbers));
    }

    [TestCaseSource(nameof(All))]
    public void A_definition_has_a_label_a_formula_and_inputs_that_can_be_read(FigureDefinition figure)
    {
        Assert.Multiple(() =>
        {
            Assert.That(figure.Label, Is.Not.Empty);
            Assert.That(figure.Formula, Is.Not.Empty);
            Assert.That(figure.Inputs, Is.Unique.And.All.Not.Null, "inputs are defined before the figures that use them");
            foreach (var input in figure.Inputs)
                Assert.That(input.Read(Details.Value), Is.Not.NaN, input.Key);
        });
    }

    [TestCaseSource(nameof(All))]
    public void A_formula_that_names_a_figure_lists_it(FigureDefinition figure)
    {
        var words = Regex.Matches(figure.Formula, "[a-z][a-z0-9_]*").Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        var named = All.Where(f => f != figure && words.Contains(f.Key)).Select(f => f.Key);
        // "watts at rate 0", "as in usd_per_million_tokens": a case of another figure, not computed from it.
        var likeAnother = Regex.IsMatch(figure.Formula, " at |as in ");
        Assert.That(likeAnother ? [] : named, Is.SubsetOf(figure.Inputs.Select(i => i.Key)));
    }

    [Test]
    public void The_junction_temperature_follows_from_the_dies_not_from_the_card()
    {
        var inputs = FigureCatalog.JunctionCelsius.Inputs;
        Assert.Multiple(() =>
        {
            Assert.That(inputs.Select(i => i.Key), Is.EqualTo(new[] { "die_watts", "die_mm2", "dies" }));
            Assert.That(inputs, Does.Not.Contain(FigureCatalog.Watts));
        });
    }

    [Test]
    public void The_inputs_of_watts_add_up_to_it()
    {
        var parts = FigureCatalog.Watts.Inputs.Where(i => i.Unit == "W" && i.Key != "die_watts").Sum(i => i.Read(Details.Value));
        Assert.That(parts, Is.EqualTo(Details.Value.Figures.Watts.Value).Within(1e-9));
    }

    private static string Key(string property) => Regex.Replace(property, "(?<=[a-z0-9])[A-Z]", "_$0").ToLowerInvariant();
}
