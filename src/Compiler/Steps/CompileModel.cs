using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.Compiler.Fit;

namespace TaalasSim.Compiler.Steps;

/// <summary>Runs the compiler's steps on a model file.</summary>
public static class CompileModel
{
    /// <summary>Compiles a model file into a chip image.</summary>
    /// <returns>The fit report; the image was written only when it says that the model fits.</returns>
    /// <exception cref="InputException">The model is malformed, or the target folder holds something else.</exception>
    public static FitReport ToImage(
        string modelPath,
        string target,
        CompileOptions options,
        IProgress<CompileProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ChipDirectory.CheckTarget(target);
        var context = new StepContext(null, progress, cancel);
        using var model = CompilerSteps.Run<SourceModel>(new ModelFile(modelPath, options), context);
        RefuseWhatNoImageHolds(model);
        var fitted = CompilerSteps.Run<FittedDesign>(model, context);
        if (!fitted.Fit.Fits)
            return fitted.Fit;
        var routed = CompilerSteps.Run<RoutedDesign>(fitted, context);
        ChipDirectory.Write(target, folder =>
        {
            CompilerSteps.Run<ChipImage>(routed, context with { Folder = folder });
            options.Seal?.Invoke(folder);
            Open(options, folder, target, context);
        });
        return fitted.Fit;
    }

    /// <summary>Runs the steps up to one of them and writes its stage as text.</summary>
    /// <param name="modelPath">GGUF file.</param>
    /// <param name="last">Step to stop after. Steps that fill an image fill a temporary one.</param>
    /// <param name="options">What to compile it onto.</param>
    /// <param name="text">Takes the stage's text.</param>
    /// <param name="progress">Called with each step.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The model is malformed, or does not fit and the step needs it to.</exception>
    public static void ToText(
        string modelPath,
        CompileStep last,
        CompileOptions options,
        TextWriter text,
        IProgress<CompileProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        var context = new StepContext(null, progress, cancel);
        using var model = CompilerSteps.Run<SourceModel>(new ModelFile(modelPath, options), context);
        if (last.To == typeof(SourceModel))
        {
            model.WriteText(text);
            return;
        }

        using var folder = WorkFolder.Create();
        CompilerSteps.RunUntil(model, last, context with { Folder = folder.Path }).WriteText(text);
    }

    // What could not be opened later is no image: nothing of it is left behind, and an old image stays.
    private static void Open(CompileOptions options, string folder, string target, StepContext context)
    {
        if (options.Open is null)
            return;
        context.Progress?.Report(new CompileProgress("Open the image", 0));
        try
        {
            options.Open(folder, context.Cancel);
        }
        catch (InputException e)
        {
            throw new InputException(
                $"{target}: the chip could not be run, so it was not written: "
                    + $"{e.Message.Replace(folder, target, StringComparison.Ordinal)}",
                e
            );
        }
    }

    private static void RefuseWhatNoImageHolds(SourceModel model)
    {
        // chip.yaml names the files.
        foreach (var path in model.Options.Merge.Concat(model.Options.Sram).Select(a => a.Path).Prepend(model.Weights.File.Path))
            if (NameGate.Fault(Path.GetFileName(path)) is { } hidden)
                throw new InputException($"{path}: the name of the file {hidden}; rename it");
        _ = model.Tokenizer();
        var fabric = model.Options.Fabric;
        if (fabric.Bank.BankStyle.ImageFault is { } fault)
            throw new InputException($"fabric {fabric.Name}: {fault}");
    }
}
