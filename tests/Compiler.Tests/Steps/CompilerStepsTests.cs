using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Steps;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Steps;

/// <summary>The compiler is its list of steps: each takes the stage before it, checks it, and has a text form.</summary>
[TestFixture]
[Category("Compiler")]
public sealed class CompilerStepsTests
{
    private static readonly string Model = Shared.InRepo("chips/demo/stories.gguf");

    private static CompileOptions Options => new() { Fabric = Descriptions.Fabric("demo"), Weights = "rom4" };

    [Test]
    public void Every_step_takes_the_stage_that_the_one_before_it_makes()
    {
        for (var i = 1; i < CompilerSteps.All.Count; i++)
            Assert.That(CompilerSteps.All[i].From, Is.EqualTo(CompilerSteps.All[i - 1].To), CompilerSteps.All[i].Name);
        Assert.That(CompilerSteps.All.Select(s => s.Name), Is.Unique);
        Assert.That(CompilerSteps.All.Select(s => s.Title), Is.Unique);
    }

    [Test]
    public void A_step_that_is_not_in_the_list_is_refused_with_the_list() =>
        Assert.That(
            () => CompilerSteps.Named("place"),
            Throws.TypeOf<InputException>().With.Message.Contains("place-banks").And.Message.Contains("describe-image")
        );

    [Test]
    public void Every_stage_has_a_text_form_that_is_the_same_each_time()
    {
        foreach (var step in CompilerSteps.All)
        {
            var text = Text(step, Options);
            Assert.That(text, Is.Not.Empty, step.Name);
            Assert.That(Text(step, Options), Is.EqualTo(text), step.Name);
        }
    }

    [Test]
    public void Texts_differ_only_from_the_step_on_that_makes_a_difference()
    {
        var shorter = Options with { Context = 16 };
        Assert.Multiple(() =>
        {
            Assert.That(Text(new PlaceBanks(), shorter), Is.EqualTo(Text(new PlaceBanks(), Options)));
            Assert.That(Text(new MeasureFit(), shorter), Is.Not.EqualTo(Text(new MeasureFit(), Options)));
        });
        Assert.That(Text(new ChooseFormats(), Options with { Weights = "rom3" }), Is.Not.EqualTo(Text(new ChooseFormats(), Options)));
    }

    [Test]
    public void The_steps_of_an_image_report_themselves_in_order()
    {
        var seen = new List<string>();
        var fit = CompileModel.ToImage(Model, Path.Combine(TemporaryFolder.New(), "a.chip"), Options, new Listed(seen));
        Assert.That(fit.Fits, Is.True);
        Assert.That(seen.Distinct(), Is.EqualTo(CompilerSteps.All.Select(s => s.Title)));
    }

    [Test]
    public void A_placement_that_loses_weights_or_sites_is_caught()
    {
        using var model = SourceModel.Open(Model, Options);
        var formatted = CompilerSteps.Run<FormattedModel>(model);
        var placed = CompilerSteps.Run<PlacedDesign>(formatted);
        var plan = placed.Placement.Plan;
        var fewerPorts = placed with { Placement = placed.Placement with { Plan = plan with { Matrices = [.. plan.Matrices.Skip(1)] } } };
        var fewerSites = placed with { Placement = placed.Placement with { SitesOfPort = [.. placed.Placement.SitesOfPort.Skip(1)] } };
        var step = new PlaceBanks();
        Assert.Multiple(() =>
        {
            Assert.That(step.Faults(formatted, placed), Is.Null);
            Assert.That(step.Faults(formatted, fewerPorts), Does.Contain("weights are placed"));
            Assert.That(step.Faults(formatted, fewerSites), Does.Contain("banks"));
        });
    }

    [Test]
    public void Straps_that_leave_out_a_bank_or_cut_a_reduction_are_caught()
    {
        using var model = SourceModel.Open(Model, Options);
        var fitted = CompilerSteps.Run<FittedDesign>(model);
        var routed = CompilerSteps.Run<RoutedDesign>(fitted);
        var (ports, values) = (routed.Placement.Plan.Matrices, routed.Formatted.VectorValues);
        var first = routed.Straps.ToList().FindIndex(s => s.Matrix >= 0 && s.Partner >= 0);
        RoutedDesign With(SiteStraps strap)
        {
            SiteStraps[] straps = [.. routed.Straps];
            straps[first] = strap;
            return new RoutedDesign(fitted, straps, WeightsLayer.For(ports, straps, values));
        }

        var step = new RouteReductions();
        Assert.Multiple(() =>
        {
            Assert.That(step.Faults(fitted, routed), Is.Null);
            Assert.That(step.Faults(fitted, With(SiteStraps.Empty)), Does.Contain("sites have straps"));
            Assert.That(step.Faults(fitted, With(routed.Straps[first] with { Partner = -1 })), Does.Contain("reductions end"));
        });
    }

    [Test]
    public void A_shape_and_its_model_file_take_the_same_sites()
    {
        using var file = SourceModel.Open(Model, Options);
        using var shape = SourceModel.Of(file.Graph.Shape, Options);
        Assert.That(
            CompilerSteps.Run<PlacedDesign>(shape).Placement.SitesNeeded,
            Is.EqualTo(CompilerSteps.Run<PlacedDesign>(file).Placement.SitesNeeded)
        );
    }

    [Test]
    public void Weights_over_the_budget_are_caught()
    {
        using var model = SourceModel.Open(Model, Options);
        var formatted = CompilerSteps.Run<FormattedModel>(model);
        var bits = CodeFormats.Named("rom4").BitsPerWeight;
        Assert.Multiple(() =>
        {
            Assert.That(new ChooseFormats().Faults(Budget(bits), formatted), Is.Null);
            Assert.That(new ChooseFormats().Faults(Budget(bits - 0.01), formatted), Does.Contain("the budget is"));
        });

        SourceModel Budget(double budget) =>
            model with
            {
                Options = Options with
                {
                    Plan = new()
                    {
                        InputPower = new Dictionary<string, float[]>(),
                        Choice = new()
                        {
                            Budget = budget,
                            BitsPerWeight = budget,
                            Probe = "rom3",
                            Divergence = 0,
                            Uniform = "rom4",
                            UniformDivergence = 0,
                            Matrices = [],
                        },
                    },
                },
            };
    }

    private static string Text(CompileStep step, CompileOptions options)
    {
        using var text = new StringWriter();
        CompileModel.ToText(Model, CompilerSteps.Named(step.Name), options, text);
        return text.ToString();
    }

    private sealed class Listed(List<string> seen) : IProgress<CompileProgress>
    {
        public void Report(CompileProgress value) => seen.Add(value.Step);
    }
}
