using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Cli.Options;

/// <summary>A chip to judge: an image, or a model with the fabric, weights and dies that it would have.</summary>
internal sealed class DesignOptions
{
    private readonly Argument<string> _target = new("CHIP|MODEL")
    {
        Description =
            "A chip image, a GGUF file, the folder of a Hugging Face model, hf:USER/NAME[:QUANT], or the name of a shape in chips/models.",
    };
    private readonly FabricChoice _fabric = FabricChoice.Published();
    private readonly Option<string?> _weights = CommonOptions.Weights();
    private readonly NumberOption<int> _chips = CommonOptions.Chips();

    /// <summary>Adds argument and options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_target);
        command.Options.Add(_fabric.Option);
        command.Options.Add(_weights);
        command.Options.Add(_chips);
    }

    /// <summary>What was named.</summary>
    public string Name(ParseResult parsed) => parsed.GetRequiredValue(_target);

    /// <summary>Fabric of a model that was placed, as given or as taken.</summary>
    public string FabricName(ParseResult parsed) => parsed.GetValue(_fabric.Option) ?? FabricChoice.PublishedFabric;

    /// <summary>Format of its weights, as given or as taken.</summary>
    public string WeightsName(ParseResult parsed) => parsed.GetValue(_weights) ?? ChipsFolder.Fabric(FabricName(parsed)).DefaultWeights;

    /// <summary>Whether model and fabric are names of chips, and the fabric is as it is described.</summary>
    public bool IsDescribed(ParseResult parsed) =>
        ChipsFolder.Library.Names("models").Contains(Name(parsed), StringComparer.Ordinal)
        && ChipsFolder.Library.Names("fabrics").Contains(FabricName(parsed), StringComparer.Ordinal)
        && parsed.GetValue(_chips) == 0;

    /// <summary>Options of a model that was placed, as words of a command line; what was not given with the value that it took.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed) =>
        [
            "--fabric",
            FabricName(parsed),
            "--weights",
            WeightsName(parsed),
            "--chips",
            parsed.GetValue(_chips).ToString(CultureInfo.InvariantCulture),
        ];

    /// <summary>The chip's plan.</summary>
    /// <exception cref="InputException">No such model, it does not fit, or options that an image leaves no choice for.</exception>
    /// <param name="parsed">Command line.</param>
    /// <param name="changes">Fields of the fabric and the values that replace what it says; null for none.</param>
    public ChipPlan Plan(ParseResult parsed, IReadOnlyDictionary<string, string>? changes = null)
    {
        using var source = ModelInput.Open(Name(parsed), CancellationToken.None);
        return Placed(parsed, source.Path, changes)?.Plan ?? ChipDirectory.ReadDescription(source.Path).Plan();
    }

    /// <summary>The model with the site of every bank; null for an image.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="name">The image, or the file or shape of the model.</param>
    /// <param name="changes">Fields of the fabric and the values that replace what it says; null for none.</param>
    /// <exception cref="InputException">Changes beside an image, whose fabric is what it is.</exception>
    public PlacedModel? Placed(ParseResult parsed, string name, IReadOnlyDictionary<string, string>? changes = null)
    {
        if (!Directory.Exists(name))
            return ChipsFolder.Place(
                name,
                _fabric.For(parsed, name, parsed.GetValue(_weights), parsed.GetValue(_chips), changes),
                parsed.GetValue(_weights)
            );
        if (changes is { Count: > 0 })
            throw new InputException(
                $"--set fabric.{changes.Keys.First()}: {name} is a chip, whose fabric does not change; name its model"
            );
        ChipInput.RefuseBeside(parsed, name, _fabric.Option, _weights, _chips);
        return null;
    }
}
