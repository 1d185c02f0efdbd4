using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Compare;

/// <summary>A fabric is one file in <c>chips/fabrics</c>, which states what differs from its base.</summary>
[TestFixture]
[Category("Physics")]
public sealed class NewFabricTests
{
    // The design of the HC1 on two dies of half the size.
    private const string Halves = "base: hc1\nname: halves\ndies: 2\nsites: { columns: 96 }\npublished:\n";

    private DesignLibrary _library = null!;

    [SetUp]
    public void Write() => _library = LibraryWith(("halves", Halves), ("half", "base: halves\nname: half\ndies: 1\n"));

    [Test]
    public void A_new_fabric_needs_only_its_file()
    {
        var (fabric, hc1) = (_library.Fabric("halves"), _library.Fabric("hc1"));
        var technology = _library.Technology(fabric.Technology);
        var plan = DesignLibrary.Plan(_library.Shape("llama-3.1-8b"), fabric, fabric.DefaultWeights);
        var figures = ChipEvaluation.Evaluate(EvaluationInput.Of(plan), technology, _library.Prices(), new ServiceShape(1000, 1000));
        Assert.Multiple(() =>
        {
            Assert.That(_library.Names("fabrics"), Does.Contain("halves").And.Contain("hc1"));
            Assert.That(fabric.Bank, Is.EqualTo(hc1.Bank), "what the file does not state is the base's");
            Assert.That(plan.Sites, Is.EqualTo(2 * 96 * 172));
            Assert.That(
                DieArea.Of(fabric, technology).BanksMm2,
                Is.EqualTo(DieArea.Of(hc1, technology).BanksMm2 / 2).Within(1e-9).Percent,
                "a die has half of the banks"
            );
            foreach (var figure in FigureCatalog.All)
                Assert.That(FigureCheck.IsSound(figure, figure.Read(figures)), $"{figure.Key} {figure.Read(figures)}");
        });
    }

    [Test]
    public void A_fabric_on_which_a_model_does_not_fit_says_what_would_fit() =>
        Assert.That(
            () => DesignLibrary.Plan(_library.Shape("llama-3.1-8b"), _library.Fabric("half"), "rom3"),
            Throws.TypeOf<InputException>().With.Message.Match("^Llama 3.1 8B does not fit half: .*; would fit with .*$")
        );

    [Test]
    public void A_key_that_no_fabric_has_is_one_line_with_file_and_line()
    {
        var library = LibraryWith(("wide", "base: hc1\nname: wide\nsites: { colums: 96 }\n"));
        Assert.That(
            () => library.Fabric("wide"),
            Throws.TypeOf<InputException>().With.Message.EndsWith("wide.yaml:3: unknown key 'colums'; did you mean 'columns'?")
        );
    }

    // The shipped descriptions, with further fabrics beside them.
    private static DesignLibrary LibraryWith(params (string Name, string Text)[] fabrics)
    {
        var chips = TemporaryFolder.New();
        foreach (var folder in Directory.GetDirectories(Shared.InRepo("chips")))
            if (Path.GetFileName(folder) != "fabrics")
                Directory.CreateSymbolicLink(Path.Combine(chips, Path.GetFileName(folder)), folder);
        var own = Directory.CreateDirectory(Path.Combine(chips, "fabrics")).FullName;
        foreach (var file in Directory.GetFiles(Shared.InRepo("chips/fabrics"), "*.yaml"))
            File.Copy(file, Path.Combine(own, Path.GetFileName(file)));
        foreach (var (name, text) in fabrics)
            File.WriteAllText(Path.Combine(own, name + ".yaml"), text);
        return new DesignLibrary(chips);
    }
}
