using System.CommandLine;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Cli.Options;

/// <summary>The option <c>--fabric</c>: what it names, or else the first of a command's standard fabrics that holds the model.</summary>
internal sealed class FabricChoice
{
    /// <summary>Fabric that commands compare with when none is given.</summary>
    public const string PublishedFabric = "hc1";

    private readonly string[] _standards;

    private FabricChoice(string[] standards) => _standards = standards;

    /// <summary>Small fabrics first, for commands that make chips.</summary>
    public static FabricChoice SmallFirst() => new(["demo", "hc1"]);

    /// <summary>The published fabric, for commands that compare.</summary>
    public static FabricChoice Published() => new([PublishedFabric]);

    /// <summary>The option.</summary>
    public Option<string?> Option =>
        field ??= new Option<string?>("--fabric")
        {
            Description =
                "Fabric: a name of chips/fabrics or a YAML file; default: "
                + $"{string.Join(", or ", _standards)}{(_standards.Length > 1 ? " where the model does not fit it" : "")}.",
            HelpName = "NAME|FILE",
            CompletionSources =
            {
                _ => ChipsFolder.Library.Names("fabrics").Select(n => new System.CommandLine.Completions.CompletionItem(n)),
            },
        };

    /// <summary>The fabric for a model.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="model">Shape or model file.</param>
    /// <param name="weights">Code format; null for the fabric's.</param>
    /// <param name="dies">Dies, or 0 for the fabric's.</param>
    public FabricSpec For(ParseResult parsed, string model, string? weights, int dies = 0) =>
        For(parsed, model, dies, fabric => Holds(fabric, model, weights));

    /// <summary>The fabric for a forecasting model.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="model">Model.</param>
    /// <param name="weights">Code format; null for the fabric's.</param>
    /// <param name="dies">Dies, or 0 for the fabric's.</param>
    public FabricSpec For(ParseResult parsed, TimesFmCheckpoint model, string? weights, int dies) =>
        For(parsed, model.Path, dies, fabric =>
            CompileTimesFm.Fits(model, new CompileOptions { Fabric = fabric, Weights = weights ?? fabric.DefaultWeights })
        );

    private FabricSpec For(ParseResult parsed, string model, int dies, Func<FabricSpec, bool> holds)
    {
        if (parsed.GetValue(Option) is { } given)
            return ChipsFolder.Fabric(given, dies);
        var fabrics = _standards.Select(name => ChipsFolder.Fabric(name, dies)).ToArray();
        var chosen = Array.FindIndex(fabrics, 0, fabrics.Length - 1, fabric => holds(fabric));
        if (chosen < 0)
            chosen = fabrics.Length - 1;
        if (chosen > 0)
            Notices.Tell(
                $"fabric {fabrics[chosen].Name}: {Path.GetFileName(model)} does not fit {fabrics[chosen - 1].Name}; choose another "
                    + "with --fabric"
            );
        return fabrics[chosen];
    }

    private static bool Holds(FabricSpec fabric, string model, string? weights)
    {
        try
        {
            using var source = ChipsFolder.Library.Open(
                model,
                new CompileOptions { Fabric = fabric, Weights = weights is null or ChooseWeightBits.Auto ? fabric.DefaultWeights : weights }
            );
            return CompilerSteps.Run<PlacedDesign>(source).Placement.Fits;
        }
        catch (InputException)
        {
            // The command itself says what is wrong with model or format.
            return true;
        }
    }
}
