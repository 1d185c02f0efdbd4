using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Hub;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Cli.Options;

/// <summary>The chip that a command was given: an image as it is, a model as a temporary image of it. Close it after use.</summary>
internal sealed class ChipInput : IDisposable
{
    private readonly WorkFolder? _temporary;

    private ChipInput(string path, WorkFolder? temporary) => (Path, _temporary) = (path, temporary);

    /// <summary>Folder of the image.</summary>
    public string Path { get; }

    /// <summary>Whether an argument names a model, not an image.</summary>
    public static bool IsModel(string name) =>
        HubReference.Is(name) || File.Exists(name) || (!IsImage(name) && ConvertFolder.IsFolder(name));

    /// <summary>Refuses options that say how a model becomes a chip where there is a chip already.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="chip">The image or card, for the message.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="InputException">One of them was given.</exception>
    public static void RefuseBeside(ParseResult parsed, string chip, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new InputException(
                    $"{option.Name}: {chip} is a chip image, whose masks decide that; leave the option out, or name a model"
                );
    }

    /// <summary>Opens what an argument names.</summary>
    /// <param name="name">Argument.</param>
    /// <param name="fabric">Fabric for a model.</param>
    /// <param name="weights">How a model's weights are stored.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The model cannot be had, is malformed, or does not fit.</exception>
    public static ChipInput Open(string name, Func<FabricSpec> fabric, string weights, CancellationToken cancel)
    {
        if (!IsModel(name))
            return new(name, null);
        using var model = ModelInput.Open(name, cancel);
        var temporary = WorkFolder.Create();
        var input = new ChipInput(System.IO.Path.Combine(temporary.Path, "model.chip"), temporary);
        try
        {
            var options = new CompileOptions
            {
                Fabric = fabric(),
                Weights = weights,
                Compiler = Product.Name,
            };
            using var line = new ProgressLine();
            var fit = CompileModel.ToImage(model.Path, input.Path, options, new StepLine(line), cancel);
            return fit.Fits
                ? input
                : throw new InputException(
                    $"{name} does not fit {options.Fabric.Name}: {fit.Binding.Name} at {fit.Binding.Share * 100:0} %; "
                        + $"{(fit.Changes.Count > 0 ? "would fit with " + fit.Changes[0] : "choose a larger fabric")}"
                );
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Removes a temporary image.</summary>
    public void Dispose() => _temporary?.Dispose();

    private static bool IsImage(string name) => File.Exists(System.IO.Path.Combine(name, ChipDirectory.DescriptionName));
}
