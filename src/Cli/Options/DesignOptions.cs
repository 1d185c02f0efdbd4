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

    /// <summary>Options of a model that was placed, as words of a command line; what was not given with the value that it took.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed)
    {
        var fabric = parsed.GetValue(_fabric.Option) ?? FabricChoice.PublishedFabric;
        return
        [
            "--fabric",
            fabric,
            "--weights",
            parsed.GetValue(_weights) ?? ChipsFolder.Fabric(fabric).DefaultWeights,
            "--chips",
            parsed.GetValue(_chips).ToString(CultureInfo.InvariantCulture),
        ];
    }

    /// <summary>The chip's plan.</summary>
    /// <exception cref="InputException">No such model, it does not fit, or options that an image leaves no choice for.</exception>
    public ChipPlan Plan(ParseResult parsed)
    {
        using var source = ModelInput.Open(Name(parsed), CancellationToken.None);
        return Placed(parsed, source.Path)?.Plan ?? ChipDirectory.ReadDescription(source.Path).Plan();
    }

    /// <summary>The model with the site of every bank; null for an image.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="name">The image, or the file or shape of the model.</param>
    public PlacedModel? Placed(ParseResult parsed, string name)
    {
        if (!Directory.Exists(name))
            return ChipsFolder.Place(
                name,
                _fabric.For(parsed, name, parsed.GetValue(_weights), parsed.GetValue(_chips)),
                parsed.GetValue(_weights)
            );
        ChipInput.RefuseBeside(parsed, name, _fabric.Option, _weights, _chips);
        return null;
    }
}
