namespace TaalasSim.Compiler.Steps;

/// <summary>How a step is run; nothing of it goes into a stage.</summary>
/// <param name="Folder">Folder that the steps from <see cref="FillWeights"/> on write the image into; null without an image.</param>
/// <param name="Progress">Called with each step as it begins, and with its share done.</param>
/// <param name="Cancel">Cancels.</param>
public sealed record StepContext(string? Folder = null, IProgress<CompileProgress>? Progress = null, CancellationToken Cancel = default)
{
    /// <summary>The folder of the image.</summary>
    /// <exception cref="InvalidOperationException">The step runs without an image.</exception>
    public string ImageFolder => Folder ?? throw new InvalidOperationException("the step writes an image and has no folder for it");
}
